/**
 * Each domain as a distribution: its inverse CDF, by which every sampler draws, and its CDF, by which a model sees a value.
 *
 * Means what W&B's engine means (wandb/sweeps, `params.py`): rounding is half to even on value/q, nothing is clipped to the bounds,
 * ints stay ints and floats stay floats. Unlike there, u = 0 stays inside the domain and a width of zero is a point, not NaN.
 */

import { betaCdf, betaQuantile } from './math/beta.js';
import { exp, log } from './math/elementary.js';
import { normalCdf, normalQuantile } from './math/normal.js';
import type { Domain, Step } from './space.js';
import { float, int, numeric, type ParamValue, sameValue } from './value.js';

/** Distributions over the real line, quantised or not. */
type Continuous = Exclude<Domain, { kind: 'constant' | 'categorical' | 'int_uniform' }>;

/** The value below which a share `u` of the distribution lies. */
export function valueAt(domain: Domain, u: number): ParamValue {
  switch (domain.kind) {
    case 'constant':
      return domain.value;
    case 'categorical':
      return domain.values[categoryAt(domain, u)] ?? null;
    case 'int_uniform': {
      const offset = Math.ceil(u * (domain.max - domain.min + 1)) - 1;
      return int(Math.min(domain.max, domain.min + Math.max(0, offset)));
    }
    default: {
      const x = realAt(domain, u);
      return 'q' in domain ? quantised(x, domain.q) : float(x);
    }
  }
}

function categoryAt(domain: Domain & { kind: 'categorical' }, u: number): number {
  const { values, probabilities } = domain;
  if (probabilities === undefined) return Math.min(values.length, Math.max(1, Math.ceil(u * values.length))) - 1;
  let sum = 0;
  for (const [index, probability] of probabilities.entries()) {
    sum += probability;
    if (u < sum && index < values.length) return index;
  }
  // The sum may end a rounding error below 1: then the last value that can occur at all.
  return Math.max(
    0,
    probabilities.slice(0, values.length).findLastIndex((probability) => probability > 0),
  );
}

function realAt(domain: Continuous, u: number): number {
  switch (domain.kind) {
    case 'uniform':
    case 'q_uniform':
      return domain.min + u * (domain.max - domain.min);
    case 'log_uniform':
    case 'q_log_uniform':
      return exp(domain.min + u * (domain.max - domain.min));
    case 'log_uniform_values':
    case 'q_log_uniform_values':
      return exp(log(domain.min) + u * (log(domain.max) - log(domain.min)));
    case 'inv_log_uniform':
      return exp(-(domain.min + (1 - u) * (domain.max - domain.min)));
    case 'inv_log_uniform_values':
      return exp(log(domain.max) - (1 - u) * (log(domain.max) - log(domain.min)));
    case 'normal':
    case 'q_normal':
      return normalAt(domain, u);
    case 'log_normal':
    case 'q_log_normal':
      return exp(normalAt(domain, u));
    case 'beta':
    case 'q_beta':
      return betaQuantile(u, domain.a, domain.b);
  }
}

function normalAt({ mu, sigma }: { readonly mu: number; readonly sigma: number }, u: number): number {
  return sigma === 0 ? mu : mu + sigma * normalQuantile(u);
}

function quantised(x: number, q: Step): ParamValue {
  const value = roundHalfEven(x / q.size) * q.size;
  return q.int && Number.isInteger(value) ? int(value) : float(value);
}

/** As Python and numpy round: 2.5 to 2, 3.5 to 4. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * The share of the distribution at or below the value, within [0, 1]: W&B's encoding of a value as a number.
 *
 * A quantised domain is treated as the one below it. Undefined for constants, and for values that the domain cannot hold.
 */
export function cdf(domain: Domain, value: ParamValue): number | undefined {
  if (domain.kind === 'constant') return undefined;
  if (domain.kind === 'categorical') return categoricalCdf(domain, value);
  const x = numeric(value);
  if (x === undefined || Number.isNaN(x)) return undefined;
  const share = domain.kind === 'int_uniform' ? (x - domain.min + 1) / (domain.max - domain.min + 1) : shareBelow(domain, x);
  return Math.min(1, Math.max(0, share));
}

function categoricalCdf(domain: Domain & { kind: 'categorical' }, value: ParamValue): number | undefined {
  const index = domain.values.findIndex((candidate) => sameValue(candidate, value));
  if (index < 0) return undefined;
  if (domain.probabilities === undefined) return (index + 1) / domain.values.length;
  return Math.min(
    1,
    domain.probabilities.slice(0, index + 1).reduce((sum, probability) => sum + probability, 0),
  );
}

function shareBelow(domain: Continuous, x: number): number {
  // The logarithm of nothing or less is "below everything", not NaN.
  const logOfX = x > 0 ? log(x) : Number.NEGATIVE_INFINITY;
  switch (domain.kind) {
    case 'uniform':
    case 'q_uniform':
      return between(x, domain.min, domain.max);
    case 'log_uniform':
    case 'q_log_uniform':
      return between(logOfX, domain.min, domain.max);
    case 'log_uniform_values':
    case 'q_log_uniform_values':
    case 'inv_log_uniform_values':
      return between(logOfX, log(domain.min), log(domain.max));
    case 'inv_log_uniform':
      return between(logOfX, -domain.max, -domain.min);
    case 'normal':
    case 'q_normal':
      return normalShare(domain, x);
    case 'log_normal':
    case 'q_log_normal':
      return normalShare(domain, logOfX);
    case 'beta':
    case 'q_beta':
      return betaShare(domain, x);
  }
}

function between(x: number, min: number, max: number): number {
  return max > min ? (x - min) / (max - min) : x < min ? 0 : 1;
}

function normalShare({ mu, sigma }: { readonly mu: number; readonly sigma: number }, x: number): number {
  return sigma === 0 ? (x < mu ? 0 : 1) : normalCdf((x - mu) / sigma);
}

function betaShare({ a, b }: { readonly a: number; readonly b: number }, x: number): number {
  if (x < 0) return 0;
  if (x >= 1 || a === 0) return a === 0 && b === 0 && x < 1 ? 0.5 : 1;
  return b === 0 ? 0 : betaCdf(x, a, b);
}
