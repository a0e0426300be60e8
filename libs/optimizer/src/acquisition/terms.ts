/**
 * What makes a candidate worth trying, as a sum: what it promises, the chance that it works at all, what people believe.
 *
 * A term adds its value for each point and, if asked, its slope along each numeric coordinate. All but the promise are logarithms, so
 * that adding them multiplies chances.
 */
import { type Axis, type Cube, present, type Vector } from '../encoding/cube.js';
import type { Surrogate } from '../gp/surrogate.js';
import { exp } from '../math/elementary.js';
import { logNormalCdf } from '../math/normal.js';
import { type Arm, judge, worth } from './acquisition.js';
import type { Judge } from './search.js';

export type Term = (points: readonly Vector[], values: Float64Array, slopes?: readonly Float64Array[]) => void;

/** @param excluded points that count as worthless; asked only where a finite space is searched level by level */
export function sumOf(terms: readonly Term[], excluded: (vector: Vector) => boolean): Judge {
  return (points, slopes) => {
    const values = new Float64Array(points.length);
    if (slopes !== undefined) for (const slope of slopes) slope.fill(0);
    for (const term of terms) term(points, values, slopes);
    if (slopes === undefined) {
      for (let index = 0; index < points.length; index += 1) if (excluded(points[index]!)) values[index] = Number.NEGATIVE_INFINITY;
    }
    return values;
  };
}

/** @param incumbent best posterior mean so far */
export function promise(surrogate: Surrogate, arm: Arm, incumbent: number): Term {
  return onBelief(surrogate, {
    value: (mean, variance) => worth(arm, mean, variance, incumbent),
    slope(mean, variance) {
      const { value, byMean, byDeviation } = judge(arm, mean, variance, incumbent);
      return { value, byMean, byVariance: byDeviation / (2 * Math.max(1e-9, Math.sqrt(variance))) };
    },
  });
}

interface Slope {
  readonly value: number;
  readonly byMean: number;
  readonly byVariance: number;
}

/** A smooth function of what one model believes. */
interface Judged {
  value(mean: number, variance: number): number;
  /** Asked only where slopes are wanted: they cost as much as the value. */
  slope(mean: number, variance: number): Slope;
}

function onBelief(surrogate: Surrogate, judged: Judged): Term {
  return (points, values, slopes) => {
    surrogate.each(points, slopes !== undefined, (index, { mean, variance }, slot) => {
      if (slopes === undefined) {
        values[index]! += judged.value(mean, variance);
        return;
      }
      const { value, byMean, byVariance } = judged.slope(mean, variance);
      values[index]! += value;
      const into = slopes[index]!;
      for (let d = 0; d < into.length; d += 1) {
        into[d]! += byMean * surrogate.meanSlope(d, slot) + byVariance * surrogate.varianceSlope(d, slot);
      }
    });
  };
}

/**
 * The logarithm of the chance that a quantity stays below a limit, times a weight: Gardner et al., "Bayesian optimization with
 * inequality constraints" (2014).
 *
 * @param noise variance of the quantity beyond what the model does not know
 */
export function chanceBelow(surrogate: Surrogate, limit: number, noise: number, weight = 1): Term {
  return onBelief(surrogate, {
    value: (mean, variance) => weight * logNormalCdf((limit - mean) / Math.sqrt(variance + noise)),
    slope(mean, variance) {
      const spread = variance + noise;
      const deviation = Math.sqrt(spread);
      const z = (limit - mean) / deviation;
      const log = logNormalCdf(z);
      // φ/Φ, the slope of log Φ.
      const slope = exp(-0.5 * z * z - log) / Math.sqrt(2 * Math.PI);
      return { value: weight * log, byMean: (-weight * slope) / deviation, byVariance: (-weight * slope * z) / (2 * spread) };
    },
  });
}

/** A belief about one parameter that was given with the file: the logarithm of its density along the coordinate. */
export interface Hint {
  readonly axis: Axis;
  readonly logDensity: (coordinate: number) => { readonly value: number; readonly slope: number };
}

/** Hvarfner et al., "πBO: augmenting acquisition functions with user beliefs" (2022): the weight falls with the number of results. */
export function belief(hints: readonly Hint[], weight: number): Term {
  return (points, values, slopes) => {
    for (const [index, point] of points.entries()) {
      for (const { axis, logDensity } of hints) {
        if (!present(axis, point)) continue;
        const { value, slope } = logDensity(point[axis.at]!);
        values[index]! += weight * value;
        if (axis.kind === 'numeric' && slopes !== undefined) slopes[index]![axis.at]! += weight * slope;
      }
    }
  };
}

/** Whether a key belongs to what was tried, in a space where that can happen by search. */
export function excludes(cube: Cube, tried: { has(key: string): boolean }): (vector: Vector) => boolean {
  if (cube.combinations === Number.POSITIVE_INFINITY) return () => false;
  return (vector) => tried.has(cube.key(vector));
}
