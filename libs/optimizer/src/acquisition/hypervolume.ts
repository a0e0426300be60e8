/**
 * Two objectives at once: how much of the plane a candidate is expected to win from the front so far. Both are minimised.
 *
 * With independent beliefs the expectation is a sum over the strips between the points of the front, each the product of two
 * one-dimensional expected improvements (Emmerich, Giannakoglou and Naujoks, "Single- and multiobjective evolutionary optimization
 * assisted by Gaussian random field metamodels", 2006). All of it is kept in logarithms (Ament et al., 2023).
 */
import type { Vector } from '../encoding/cube.js';
import type { Surrogate } from '../gp/surrogate.js';
import { exp, log, log1p } from '../math/elementary.js';
import { logEi, logEiSlope } from '../math/log-ei.js';
import type { Term } from './terms.js';

export type Pair = readonly [number, number];

/** The points that no other beats in both, by the first objective; equal ones once. */
export function paretoFront(points: readonly Pair[]): Pair[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const front: Pair[] = [];
  for (const point of sorted) if (front.length === 0 || point[1] < front.at(-1)![1]) front.push(point);
  return front;
}

/** What is dominated by the front and not worse than the reference. */
export function hypervolume(front: readonly Pair[], [right, top]: Pair): number {
  let sum = 0;
  let above = top;
  for (const [x, y] of front) {
    if (x >= right || y >= above) continue;
    sum += (right - x) * (above - y);
    above = y;
  }
  return sum;
}

/** Worse than all of the front by a tenth of its range. */
export function referenceOf(front: readonly Pair[]): Pair {
  const worst = (axis: 0 | 1): number => {
    const values = front.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return high + 0.1 * Math.max(high - low, 0.1);
  };
  return [worst(0), worst(1)];
}

/** A strip of the plane: first objective from `from` to `to`, second below `under`. */
interface Strip {
  readonly from: number;
  readonly to: number;
  readonly under: number;
}

function stripsOf(front: readonly Pair[], [right, top]: Pair): readonly Strip[] {
  const inside = front.filter(([x, y]) => x < right && y < top);
  return [{ from: Number.NEGATIVE_INFINITY, under: top }, ...inside.map(([x, y]) => ({ from: x, under: y }))]
    .map(({ from, under }, index) => ({ from, under, to: inside[index]?.[0] ?? right }))
    .filter(({ from, to }) => to > from);
}

/** Logarithm of the expected improvement below a limit, and its slopes. */
interface Gain {
  readonly value: number;
  readonly byMean: number;
  readonly byDeviation: number;
}

const nothing: Gain = { value: Number.NEGATIVE_INFINITY, byMean: 0, byDeviation: 0 };

function gainBelow(limit: number, mean: number, deviation: number): Gain {
  if (limit === Number.NEGATIVE_INFINITY) return nothing;
  const z = (limit - mean) / deviation;
  const slope = logEiSlope(z);
  return { value: logEi(z) + log(deviation), byMean: -slope / deviation, byDeviation: (1 - slope * z) / deviation };
}

/** log(e^a − e^b) with its slopes, for a > b. */
function less(a: Gain, b: Gain): Gain {
  const ratio = exp(Math.min(0, b.value - a.value));
  if (ratio === 0) return a;
  // So alike that the strip between them is empty to the last digit.
  if (ratio >= 1 - 1e-12) return nothing;
  const share = (x: number, y: number): number => (x - ratio * y) / (1 - ratio);
  return { value: a.value + log1p(-ratio), byMean: share(a.byMean, b.byMean), byDeviation: share(a.byDeviation, b.byDeviation) };
}

export interface Improvement {
  readonly value: number;
  /** For each objective. */
  readonly byMean: Pair;
  readonly byDeviation: Pair;
}

/** Logarithm of the expected hypervolume improvement. */
export function logImprovement(front: readonly Pair[], reference: Pair, means: Pair, deviations: Pair): Improvement {
  const parts = stripsOf(front, reference).map(({ from, to, under }) => {
    const along = less(gainBelow(to, means[0], deviations[0]), gainBelow(from, means[0], deviations[0]));
    const down = gainBelow(under, means[1], deviations[1]);
    return { value: along.value + down.value, along, down };
  });
  const most = Math.max(...parts.map(({ value }) => value));
  if (most === Number.NEGATIVE_INFINITY) return { value: most, byMean: [0, 0], byDeviation: [0, 0] };
  const weights = parts.map(({ value }) => exp(value - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const weighted = (slope: (part: (typeof parts)[number]) => number): number =>
    parts.reduce((sum, part, index) => sum + (weights[index]! > 0 ? (weights[index]! / total) * slope(part) : 0), 0);
  return {
    value: most + log(total),
    byMean: [weighted(({ along }) => along.byMean), weighted(({ down }) => down.byMean)],
    byDeviation: [weighted(({ along }) => along.byDeviation), weighted(({ down }) => down.byDeviation)],
  };
}

/** The two models share their rows, so that a candidate has one slot in both. */
export function winning(surrogates: readonly [Surrogate, Surrogate], front: readonly Pair[], reference: Pair): Term {
  return (points, values, slopes) => {
    const beliefs = surrogates.map((surrogate) => beliefsOf(surrogate, points, slopes));
    const [first, second] = [beliefs[0]!, beliefs[1]!];
    for (const index of points.keys()) {
      const means: Pair = [first.means[index]!, second.means[index]!];
      const deviations: Pair = [first.deviations[index]!, second.deviations[index]!];
      const improvement = logImprovement(front, reference, means, deviations);
      values[index]! += improvement.value;
      const into = slopes?.[index];
      if (into === undefined) continue;
      for (const [objective, { meanSlopes, deviationSlopes }] of beliefs.entries()) {
        for (let d = 0; d < into.length; d += 1) {
          into[d]! +=
            improvement.byMean[objective as 0 | 1] * meanSlopes[index]![d]! +
            improvement.byDeviation[objective as 0 | 1] * deviationSlopes[index]![d]!;
        }
      }
    }
  };
}

interface Beliefs {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  readonly meanSlopes: readonly Float64Array[];
  readonly deviationSlopes: readonly Float64Array[];
}

function beliefsOf(surrogate: Surrogate, points: readonly Vector[], slopes: readonly Float64Array[] | undefined): Beliefs {
  const means = new Float64Array(points.length);
  const deviations = new Float64Array(points.length);
  const empty = (): Float64Array[] => (slopes ?? []).map((slope) => new Float64Array(slope.length));
  const [meanSlopes, deviationSlopes] = [empty(), empty()];
  surrogate.each(points, slopes !== undefined, (index, { mean, variance }, slot) => {
    means[index] = mean;
    deviations[index] = Math.max(1e-9, Math.sqrt(variance));
    const length = meanSlopes[index]?.length ?? 0;
    for (let d = 0; d < length; d += 1) {
      meanSlopes[index]![d] = surrogate.meanSlope(d, slot);
      deviationSlopes[index]![d] = surrogate.varianceSlope(d, slot) / (2 * deviations[index]!);
    }
  });
  return { means, deviations, meanSlopes, deviationSlopes };
}
