/** Search spaces of all kinds and sizes, the odd ones too: without a parameter, with sixty, with one level, without width. */
import type { Domain, Parameter, SearchSpace } from '@sweep/optimizer';
import { Float } from '@sweep/optimizer';
import fc from 'fast-check';
import { ints, keyOf, parameter, space, values } from '../spaces.js';

/** Most are as people write them; some have no width, or ends that a sum or a difference cannot hold. */
const bounds = (low: number, high: number): fc.Arbitrary<{ readonly min: number; readonly max: number }> => {
  const range = (share: fc.Arbitrary<number>) =>
    fc.tuple(share, share).map(([a, b]) => ({ min: low + Math.min(a, b) * (high - low), max: low + Math.max(a, b) * (high - low) }));
  return fc.oneof(
    { weight: 4, arbitrary: range(fc.nat(1000).map((x) => x / 1000)) },
    { weight: 1, arbitrary: range(fc.double({ min: 0, max: 1, noNaN: true })) },
  );
};
const quantum = fc.constantFrom({ size: 1, int: true }, { size: 50, int: true }, { size: 0.25, int: false }, { size: 1e-3, int: false });
const shape = fc.double({ min: 0.1, max: 20, noNaN: true });
const sigma = fc.oneof(fc.double({ min: 1e-3, max: 10, noNaN: true }), fc.constant(0));

const named = fc.constantFrom<Domain>(
  values('a', 'b', 'c'),
  values('only'),
  values('a', 'a', 'b'),
  values(true, false),
  values(null, 1, 'x', new Float(2)),
  values(1, 2, 4, 8),
  values(1e-300, 1, 1e300),
  values(0.1, 100, 1000),
  values([1, 2], { deep: [true] }, 'text'),
  values(...Array.from({ length: 40 }, (_, index) => `level ${index}`)),
  { kind: 'categorical', values: ['often', 'never', 'seldom'], probabilities: [0.9, 0, 0.1] },
  { kind: 'categorical', values: [1, 2, 3], probabilities: [0, 1, 0] },
);

const domain: fc.Arbitrary<Domain> = fc.oneof(
  named,
  fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(2000)).map(([min, width]): Domain => ints(min, min + width)),
  fc.constant(ints(0, Number.MAX_SAFE_INTEGER)),
  fc.oneof(bounds(-1e3, 1e3), bounds(-1e300, 1e300)).map((range): Domain => ({ kind: 'uniform', ...range })),
  fc
    .tuple(fc.constantFrom('log_uniform_values', 'inv_log_uniform_values'), fc.oneof(bounds(1e-8, 10), bounds(1e-300, 1e300)))
    .map(([kind, range]): Domain => ({ kind, ...range })),
  fc.tuple(fc.constantFrom('log_uniform', 'inv_log_uniform'), bounds(-20, 20)).map(([kind, range]): Domain => ({ kind, ...range })),
  fc.tuple(bounds(-1e3, 1e3), quantum).map(([range, q]): Domain => ({ kind: 'q_uniform', ...range, q })),
  fc.tuple(bounds(0.5, 1e5), quantum).map(([range, q]): Domain => ({ kind: 'q_log_uniform_values', ...range, q })),
  fc.tuple(fc.constantFrom('normal', 'log_normal'), sigma).map(([kind, width]): Domain => ({ kind, mu: 1, sigma: width })),
  fc
    .tuple(fc.constantFrom('q_normal', 'q_log_normal'), sigma, quantum)
    .map(([kind, width, q]): Domain => ({ kind, mu: 1, sigma: width, q })),
  fc.tuple(shape, shape).map(([a, b]): Domain => ({ kind: 'beta', a, b })),
  fc.constant<Domain>({ kind: 'constant', value: 'fixed' }),
);

const nameOf = (index: number): string => `p${String(index).padStart(2, '0')}`;

interface Draft {
  readonly domains: readonly Domain[];
  /** Parameters that exist only with some values of the first. */
  readonly conditional: readonly boolean[];
  readonly constraints: readonly string[];
}

function assembled({ domains, conditional, constraints }: Draft): SearchSpace {
  const constrained = domains.length > 2 && constraints.length > 0;
  const gate = { key: keyOf(nameOf(0)), values: ['a', 1, true] };
  const gated = domains.some((_, index) => index > 0 && conditional[index] === true);
  const parameters = domains.map((own, index): Parameter => {
    const always = index === 0 || conditional[index] !== true;
    const forced = index === 0 && gated ? values('a', 1, true, 'z', 2) : constrained ? bounded[index] : undefined;
    return parameter(nameOf(index), forced ?? own, always ? [] : [gate]);
  });
  return space(parameters, { constraints: constrained ? constraints : [] });
}

/** What the constraints are about. */
const bounded: readonly (Domain | undefined)[] = [undefined, { kind: 'uniform', min: 0, max: 10 }, ints(-5, 20)];
const constraints = fc.oneof(
  { weight: 3, arbitrary: fc.constant<readonly string[]>([]) },
  {
    weight: 1,
    arbitrary: fc.subarray(['p01 <= p02 or p01 > 3', 'p01 * p02 < 50', 'p02 != 4', 'p01 + p02 < 1', 'p01 > 0.001'], { minLength: 1 }),
  },
);

const sized = (size: { readonly minLength: number; readonly maxLength: number }, what = domain): fc.Arbitrary<SearchSpace> =>
  fc
    .record({
      domains: fc.array(what, size),
      conditional: fc.array(
        fc.nat(3).map((x) => x === 0),
        size,
      ),
      constraints,
    })
    .map(assembled);

const unit = fc.oneof({ weight: 8, arbitrary: fc.constant<Domain>({ kind: 'uniform', min: 0, max: 1 }) }, { weight: 1, arbitrary: domain });

export const anySpace: fc.Arbitrary<SearchSpace> = fc.oneof(
  { weight: 1, arbitrary: sized({ minLength: 0, maxLength: 0 }) },
  { weight: 8, arbitrary: sized({ minLength: 1, maxLength: 1 }) },
  { weight: 20, arbitrary: sized({ minLength: 2, maxLength: 6 }) },
  { weight: 2, arbitrary: sized({ minLength: 60, maxLength: 60 }, unit) },
);
