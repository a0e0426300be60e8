/**
 * The shapes that a parameter can have: which keys each distribution takes and which domain they make.
 *
 * Source: wandb/sweeps, `src/sweeps/config/schema.json`. Which shape a parameter without `distribution` has is parameter's.
 */
import type { Domain } from '@sweep/optimizer';
import type { Fields } from './fields.js';

interface Form {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  make(fields: Fields): Domain;
}

const range = ['min', 'max'];

export const forms = {
  constant: { required: ['value'], optional: [], make: (fields) => ({ kind: 'constant', value: fields.value('value') }) },
  categorical: { required: ['values'], optional: [], make: (fields) => ({ kind: 'categorical', values: fields.choices() }) },
  categorical_w_probabilities: {
    required: ['values', 'probabilities'],
    optional: [],
    make: (fields) => ({ kind: 'categorical', values: fields.choices(), probabilities: fields.probabilities() }),
  },
  int_uniform: { required: range, optional: [], make: (fields) => ({ kind: 'int_uniform', ...fields.intRange() }) },
  uniform: ranged('uniform', 'any'),
  log_uniform: ranged('log_uniform', 'any'),
  log_uniform_values: ranged('log_uniform_values', 'positive'),
  inv_log_uniform: ranged('inv_log_uniform', 'any'),
  inv_log_uniform_values: ranged('inv_log_uniform_values', 'positive'),
  q_uniform: quantised('q_uniform', 'any'),
  q_log_uniform: quantised('q_log_uniform', 'any'),
  q_log_uniform_values: quantised('q_log_uniform_values', 'positive'),
  normal: normal('normal'),
  log_normal: normal('log_normal'),
  q_normal: quantisedNormal('q_normal'),
  q_log_normal: quantisedNormal('q_log_normal'),
  beta: { required: [], optional: ['a', 'b'], make: (fields) => ({ kind: 'beta', ...betaShape(fields) }) },
  q_beta: { required: [], optional: ['a', 'b', 'q'], make: (fields) => ({ kind: 'q_beta', ...betaShape(fields), q: fields.step() }) },
} as const satisfies Record<string, Form>;

export type DistributionName = keyof typeof forms;

export const distributionNames = Object.keys(forms) as readonly DistributionName[];

export function isDistribution(name: string): name is DistributionName {
  return Object.hasOwn(forms, name);
}

export function formOf(name: DistributionName): Form {
  return forms[name];
}

/** Words of other tools and of statistics for a distribution that has another name here. */
export const otherNames: ReadonlyMap<string, DistributionName> = new Map([
  ['gaussian', 'normal'],
  ['lognormal', 'log_normal'],
  ['loguniform', 'log_uniform_values'],
  ['quniform', 'q_uniform'],
  ['qloguniform', 'q_log_uniform_values'],
  ['qnormal', 'q_normal'],
  ['choice', 'categorical'],
  ['randint', 'int_uniform'],
  ['int', 'int_uniform'],
  ['float', 'uniform'],
]);

type Sign = 'any' | 'positive';
type RangedKind = 'uniform' | 'log_uniform' | 'log_uniform_values' | 'inv_log_uniform' | 'inv_log_uniform_values';

function ranged(kind: RangedKind, sign: Sign): Form {
  return { required: range, optional: [], make: (fields) => ({ kind, ...fields.range(sign) }) };
}

function quantised(kind: 'q_uniform' | 'q_log_uniform' | 'q_log_uniform_values', sign: Sign): Form {
  return { required: range, optional: ['q'], make: (fields) => ({ kind, ...fields.range(sign), q: fields.step() }) };
}

function normal(kind: 'normal' | 'log_normal'): Form {
  return { required: [], optional: ['mu', 'sigma'], make: (fields) => ({ kind, ...normalShape(fields) }) };
}

function quantisedNormal(kind: 'q_normal' | 'q_log_normal'): Form {
  return { required: [], optional: ['mu', 'sigma', 'q'], make: (fields) => ({ kind, ...normalShape(fields), q: fields.step() }) };
}

function normalShape(fields: Fields): { mu: number; sigma: number } {
  return { mu: fields.number('mu', 0), sigma: fields.number('sigma', 1, { atLeast: 0 }) };
}

function betaShape(fields: Fields): { a: number; b: number } {
  // Zero passes W&B's schema and then draws nothing but NaN.
  return { a: fields.number('a', 1, { above: 0 }), b: fields.number('b', 1, { above: 0 }) };
}
