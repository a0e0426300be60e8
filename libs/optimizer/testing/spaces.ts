/** Search spaces built by hand, for suites and examples. */
import type { Domain, Parameter, SearchSpace } from '@sweep/optimizer';
import { parseConstraint } from '@sweep/optimizer';

export function parameter(path: string | readonly string[], domain: Domain, when: Parameter['when'] = []): Parameter {
  const full = typeof path === 'string' ? [path] : path;
  return { path: full, key: keyOf(...full), domain, when };
}

export function keyOf(...path: readonly string[]): string {
  return JSON.stringify(path);
}

/** Constraint texts may name parameters by their dotted path. */
export function space(
  parameters: readonly Parameter[],
  more: { readonly constraints?: readonly string[]; readonly zip?: SearchSpace['zip'] } = {},
): SearchSpace {
  const resolve = (name: string): string | undefined => parameters.find(({ path }) => path.join('.') === name)?.key;
  const constraints = (more.constraints ?? []).map((text) => {
    const parsed = parseConstraint(text, resolve);
    if (!parsed.ok) throw new RangeError(`${text}: ${parsed.message}`);
    return { text, expression: parsed.expression };
  });
  return { parameters, constraints, zip: more.zip ?? [] };
}

export const values = (...list: Extract<Domain, { kind: 'categorical' }>['values']): Domain => ({ kind: 'categorical', values: list });
export const ints = (min: number, max: number): Domain => ({ kind: 'int_uniform', min, max });

/** What most sweeps look like: nested, mixed, one condition, one constraint. Enumerable by a grid. */
export const finiteSpace: SearchSpace = space(
  [
    parameter('batch', values(16, 32, 64)),
    parameter('beta', values(0.9, 0.99), [{ key: keyOf('optimizer'), values: ['adam'] }]),
    parameter('fixed', { kind: 'constant', value: 'yes' }),
    parameter(['model', 'layers'], ints(1, 4)),
    parameter(['model', 'width'], values(128, 256, 512)),
    parameter('optimizer', values('sgd', 'adam')),
    parameter('warmup', { kind: 'q_uniform', min: 0, max: 1, q: { size: 0.5, int: false } }),
  ],
  { constraints: ['model.layers * model.width <= 1024'] },
);

/** The same with ranges and distributions that no grid can enumerate. */
export const mixedSpace: SearchSpace = space(
  [
    ...finiteSpace.parameters,
    parameter('decay', { kind: 'log_uniform_values', min: 1e-6, max: 1e-2 }),
    parameter('dropout', { kind: 'beta', a: 2, b: 5 }),
    parameter('lr', { kind: 'uniform', min: 0.1, max: 0.3 }),
    parameter('noise', { kind: 'normal', mu: 0, sigma: 2 }),
    parameter('schedule', { kind: 'categorical', values: ['cosine', 'step'], probabilities: [0.8, 0.2] }),
    parameter('steps', { kind: 'q_log_uniform_values', min: 100, max: 10_000, q: { size: 50, int: true } }),
  ],
  { constraints: ['model.layers * model.width <= 1024', 'lr > 0.15 or batch < 64'] },
);
