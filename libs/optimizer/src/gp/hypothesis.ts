/**
 * What is believed about an objective before anything is known. Two beliefs are kept, and proposals alternate between them, because
 * none serves both noisy tables and smooth functions.
 *
 * Length-scale priors grow with √D: Hvarfner, Hellsten and Nardi, "Vanilla Bayesian optimization performs great in high dimensions"
 * (2024). Here they are narrower around half of the cube: sixty noisy results are too few to tell which of many parameters matter. A
 * prior is a normal distribution over the logarithm.
 */
import { log } from '../math/elementary.js';

export interface LogNormal {
  readonly mean: number;
  readonly variance: number;
}

export interface Hypothesis {
  readonly name: 'A' | 'B';
  readonly warp: 'half-rank' | 'power';
  /** Of length-scales of numeric coordinates, in a space of one dimension; half the logarithm of D is added. */
  readonly length: LogNormal;
  readonly noise: LogNormal;
  /** Of the variance of the function. */
  readonly scale: LogNormal;
}

/** Noisy, smooth on the large scale; values worse than the median count by rank alone. */
export const rough: Hypothesis = {
  name: 'A',
  warp: 'half-rank',
  length: { mean: log(0.5), variance: 0.25 },
  noise: { mean: -4, variance: 1 },
  scale: { mean: 0, variance: 0.25 },
};

/** Nearly without noise, with local structure. */
export const exact: Hypothesis = {
  name: 'B',
  warp: 'power',
  length: { mean: log(0.5), variance: 0.5 },
  noise: { mean: -8, variance: 4 },
  scale: { mean: 0, variance: 1 },
};

/** Bounds of the logarithms. */
export const lengthBounds = [log(0.02), log(100)] as const;
export const categoryBounds = [log(0.05), log(100)] as const;
export const noiseBounds = [log(1e-6), 0] as const;
export const scaleBounds = [log(0.05), log(20)] as const;
