/**
 * Results made fit for a model: order kept, tails tamed, mean 0 and standard deviation 1. Smaller is better throughout.
 *
 * Half-rank: what is worse than the median counts by rank alone, as the far side of a normal distribution (Song et al., "The Vizier
 * Gaussian process bandit algorithm", 2024). Power: Yeo and Johnson, "A new family of power transformations" (2000), the exponent by
 * profile likelihood (Cowen-Rivers et al., "HEBO", 2022).
 */
import { exp, log, log1p } from '../math/elementary.js';
import { normalQuantile } from '../math/normal.js';

/** Results that differ by less than this, in standard deviations, are the same to the model: so rounding cannot move a proposal. */
const grain = 2 ** 30;

/** Mean 0, standard deviation 1; all zero when there is no difference to learn from. */
export function standardized(values: Float64Array): Float64Array {
  const mean = average(values);
  const centred = values.map((value) => value - mean);
  const deviation = rms(centred);
  if (!(deviation > 1e-12 * Math.max(1e-300, largest(values)))) return new Float64Array(values.length);
  return centred.map((value) => Math.round((value / deviation) * grain) / grain);
}

/** More than a few operations add to a number's error, as a share of it. */
const rounding = 1e-13;

/**
 * The values on a grid that loses nothing but rounding: two that are equal but for their last digits become equal.
 *
 * Ranks would tell them apart, in one unit of the results and not in another.
 */
export function aligned(values: Float64Array): Float64Array {
  const middle = median(values);
  const size = Math.abs(middle);
  const away = values
    .filter((value) => Math.abs(value - middle) > rounding * Math.max(size, Math.abs(value)))
    .map((value) => Math.abs(value - middle));
  if (away.length === 0) return values.slice();
  // A typical distance that is one: not 0 where most results are the same, not infinite where one is.
  const scale = away.sort()[(away.length - 1) >> 1]!;
  return values.map((value) => {
    const steps = Math.round(((value - middle) / scale) * grain);
    return Number.isFinite(steps) ? steps / grain : Math.sign(value - middle) * Number.MAX_SAFE_INTEGER;
  });
}

export function halfRank(values: Float64Array): Float64Array {
  const middle = median(values);
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const worse = distinct.filter((value) => value > middle);
  if (worse.length === 0) return values.slice();
  const spread = spreadBelow(values, distinct, middle);
  const total = worse.length + (distinct.includes(middle) ? 0.5 : 0);
  // Ranks count from the worst: 1 is the worst of all.
  const moved = new Map(
    worse.map((value, index) => [value, middle + spread * normalQuantile(1 - (0.5 * (worse.length - index - 0.5)) / total)]),
  );
  return values.map((value) => moved.get(value) ?? value);
}

/** How far the good half lies from the median: root mean square, or what else says it when all of it is one value. */
function spreadBelow(values: Float64Array, distinct: readonly number[], middle: number): number {
  const good = distinct.filter((value) => value <= middle).map((value) => value - middle);
  const spread = rms(Float64Array.from(good));
  if (spread > 0) return spread;
  return rms(values.map((value) => value - middle)) || 1;
}

export function power(values: Float64Array): Float64Array {
  const middle = median(values);
  const scale = 1.4826 * median(values.map((value) => Math.abs(value - middle))) || rms(values.map((value) => value - middle));
  if (!(scale > 0)) return values.slice();
  const robust = values.map((value) => (value - middle) / scale);
  const exponent = bestExponent(thinned(robust));
  return robust.map((value) => yeoJohnson(value, exponent));
}

/** Evenly spaced order statistics: a few hundred values fix an exponent as well as thousands. */
function thinned(values: Float64Array): Float64Array {
  const most = 256;
  if (values.length <= most) return values;
  const sorted = values.toSorted();
  return Float64Array.from({ length: most }, (_, index) => sorted[Math.floor(((index + 0.5) * sorted.length) / most)]!);
}

export function yeoJohnson(x: number, exponent: number): number {
  return powered(x >= 0, log1p(Math.abs(x)), exponent);
}

/** @param size log(1 + |x|) */
function powered(positive: boolean, size: number, exponent: number): number {
  const effective = positive ? exponent : 2 - exponent;
  const grown = Math.abs(effective) < 1e-9 ? size : (exp(effective * size) - 1) / effective;
  return positive ? grown : -grown;
}

const [least, most, gridSize] = [-2, 4, 61];
const golden = (Math.sqrt(5) - 1) / 2;

/** Of many exponents the same values are asked. */
interface Sample {
  readonly values: Float64Array;
  /** log(1 + |x|). */
  readonly sizes: Float64Array;
  /** Sum of the sizes with the signs of their values. */
  readonly jacobian: number;
  /** The values under one exponent after the other. */
  readonly warped: Float64Array;
}

function sampleOf(values: Float64Array): Sample {
  const sizes = values.map((value) => log1p(Math.abs(value)));
  const jacobian = values.reduce((sum, value, index) => sum + Math.sign(value) * sizes[index]!, 0);
  return { values, sizes, jacobian, warped: new Float64Array(values.length) };
}

function bestExponent(values: Float64Array): number {
  const sample = sampleOf(values);
  const step = (most - least) / (gridSize - 1);
  let best = 1;
  let bestLikelihood = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < gridSize; index += 1) {
    const likelihood = profile(sample, least + index * step);
    if (likelihood > bestLikelihood) [best, bestLikelihood] = [least + index * step, likelihood];
  }
  return goldenSection(sample, Math.max(least, best - step), Math.min(most, best + step));
}

function goldenSection(sample: Sample, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let turn = 0; turn < 12; turn += 1) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (profile(sample, left) >= profile(sample, right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

/** Log likelihood of the exponent, up to a constant. */
function profile({ values, sizes, jacobian, warped }: Sample, exponent: number): number {
  for (let index = 0; index < values.length; index += 1) warped[index] = powered(values[index]! >= 0, sizes[index]!, exponent);
  const mean = average(warped);
  for (let index = 0; index < warped.length; index += 1) warped[index]! -= mean;
  const deviation = rms(warped);
  if (!(deviation > 0) || !Number.isFinite(deviation)) return Number.NEGATIVE_INFINITY;
  return -values.length * log(deviation) + (exponent - 1) * jacobian;
}

export function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  // Halved first: the sum of two large numbers may be infinite.
  return sorted.length % 2 === 1 ? sorted[middle]! : sorted[middle - 1]! / 2 + sorted[middle]! / 2;
}

function average(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index]! / values.length;
  return sum;
}

function rms(values: Float64Array): number {
  const most = largest(values);
  if (most === 0 || values.length === 0) return 0;
  // Scaled, so that squares of 1e300 stay finite.
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += (values[index]! / most) * (values[index]! / most);
  return most * Math.sqrt(sum / values.length);
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let index = 0; index < values.length; index += 1) most = Math.max(most, Math.abs(values[index]!));
  return most;
}
