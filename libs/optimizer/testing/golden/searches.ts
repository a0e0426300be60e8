/**
 * Three searches whose proposals are written down beside this file, and how a proposal is written down.
 *
 * Results are made from the params by arithmetic that is exact on every engine: what differs between two runs is the sampler's doing.
 */
import { createHash } from 'node:crypto';
import {
  numeric,
  type Params,
  type ParamValue,
  type Proposal,
  paramAt,
  random,
  type SearchSpace,
  samplers,
  stringifyJson,
} from '@sweep/optimizer';
import { failed, type Outcome, type Play } from '../playing.js';
import { ints, parameter, space, values } from '../spaces.js';

export type GoldenSearch = Play & { readonly name: string };

const text = (value: ParamValue): string => stringifyJson(value, { nonFinite: 'text' });
const square = (x: number): number => x * x;
const numbers = random(2026n);

/** In [0, 1), the same for the same params. */
function share(params: Params, draw: number): number {
  let hash = 7;
  for (const character of text(params)) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return numbers.uniform(hash, 1, draw);
}

/** Some of everything that can become of a trial, around a value that the search can learn. */
function eventful(params: Params, value: number): Outcome {
  const luck = share(params, 1);
  if (luck < 0.08) return failed('config');
  if (luck < 0.12) return failed('infra');
  if (luck < 0.15) return { state: 'cancelled', values: [null] };
  const loss = value + 0.02 * share(params, 2);
  const curve = [1, 2, 4, 8].map((step) => [step, loss + 1 / step] as const);
  if (luck < 0.3) return { state: 'pruned', values: [loss + 0.5], curve: curve.slice(0, 2) };
  return { state: 'completed', values: [loss], curve, limits: [luck < 0.35 ? null : square(value)] };
}

const at = (params: Params, ...path: readonly string[]): number => numeric(paramAt(params, path) ?? null) ?? 0.5;

const continuous: SearchSpace = space([
  parameter('momentum', { kind: 'uniform', min: 0, max: 1 }),
  parameter('rate', { kind: 'log_uniform_values', min: 1e-4, max: 1 }),
  parameter('scale', { kind: 'normal', mu: 1, sigma: 2 }),
  parameter('width', { kind: 'uniform', min: -5, max: 10 }),
]);

const mixed: SearchSpace = space(
  [
    parameter('batch', values(16, 32, 64)),
    parameter('beta', { kind: 'uniform', min: 0.8, max: 0.999 }, [{ key: '["optimizer"]', values: ['adam'] }]),
    parameter(['model', 'layers'], ints(1, 4)),
    parameter(['model', 'width'], values(128, 256, 512)),
    parameter('optimizer', values('adam', 'lion', 'sgd')),
    parameter('rate', { kind: 'log_uniform_values', min: 1e-5, max: 0.1 }),
    parameter('steps', { kind: 'q_log_uniform_values', min: 100, max: 10_000, q: { size: 50, int: true } }),
  ],
  { constraints: ['model.layers * model.width <= 1024', 'rate < 0.05 or batch < 64'] },
);

const finite: SearchSpace = space(
  [
    parameter('batch', values(16, 32, 64, 128, 256)),
    parameter('depth', ints(1, 5)),
    parameter('kernel', values('rbf', 'linear', 'poly', 'sigmoid')),
    parameter('nesterov', values(true, false)),
    parameter('degree', ints(2, 9), [{ key: '["kernel"]', values: ['poly'] }]),
  ],
  { constraints: ['depth * batch <= 1024'] },
);

const definition = samplers.get('bayes')!;
const trials = 200;

export const searches: readonly GoldenSearch[] = [
  {
    name: 'continuous',
    definition,
    space: continuous,
    trials,
    workers: 3,
    options: { seed: 11n },
    outcome: (params) =>
      eventful(params, square(at(params, 'momentum') - 0.7) + square(at(params, 'rate') - 0.1) + square(at(params, 'width') - 3) / 100),
  },
  {
    name: 'mixed',
    definition,
    space: mixed,
    trials,
    workers: 5,
    options: { seed: 12n, goals: ['maximize'], limits: [{ keep: 'below', bound: 2 }], tuning: { starts: 2 } },
    outcome: (params) =>
      eventful(
        params,
        at(params, 'model', 'width') / 512 -
          100 * square(at(params, 'rate') - 0.02) +
          (params['optimizer'] === 'adam' ? at(params, 'beta') : 0.4),
      ),
  },
  {
    name: 'finite',
    definition,
    space: finite,
    trials,
    workers: 4,
    options: { seed: 13n },
    outcome: (params) =>
      eventful(params, square(at(params, 'depth') - 5) / 20 + (params['kernel'] === 'poly' ? square(at(params, 'degree') - 4) / 9 : 0.6)),
  },
];

/** One line a proposal: the point in full, of what is said about it a digest. */
export function lineOf({ params, why, detail }: Proposal, index: number): string {
  const said = createHash('sha256')
    .update(text([why, ...Object.entries(detail ?? {}).flat()]))
    .digest('hex');
  return `{"proposal":${index + 1},"params":${text(params)},"said":"${said.slice(0, 12)}"}`;
}
