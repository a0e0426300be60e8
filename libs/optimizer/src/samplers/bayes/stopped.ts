/**
 * What a trial that was stopped would have come to: its last value, carried on as trials that stood alike at that step went on.
 *
 * Values of different steps are not comparable; a line through finished trials (Theil, 1950; Sen, 1968) turns one into the other.
 */
import { median } from '../../gp/warp.js';
import type { Result } from './results.js';

export interface Guess {
  readonly value: number;
  /** Variance of the guess, where that of all results is 1. */
  readonly variance: number;
}

/** Fewer pairs make no line. */
const fewestPairs = 8;
/** Of a variance: the last digits depend on the unit of the results. */
const grain = 2 ** 20;
/** Pairs of pairs grow with the square. */
const mostPairs = 60;
const withoutLine = 0.25;

export function guesser(results: readonly Result[]): (stopped: Result) => Guess {
  const finished = results.filter(({ kind }) => kind === 'value');
  const middle = median(Float64Array.from(finished, ({ value }) => value));
  const lines = new Map<number, Line | undefined>();
  return ({ value, curve }) => {
    // The trial may have gone a little further than where others were seen.
    const [step, there = Number.NaN] = curve.at(-1) ?? [];
    if (step !== undefined && !lines.has(step)) lines.set(step, lineAt(finished, step));
    const line = step === undefined ? undefined : lines.get(step);
    const end = line === undefined ? Number.NaN : line.intercept + line.slope * there;
    if (line !== undefined && Number.isFinite(end)) return { value: end, variance: line.variance };
    // What was stopped would hardly have ended among the better half.
    return { value: Number.isNaN(middle) ? value : Math.max(middle, value), variance: withoutLine };
  };
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
  readonly variance: number;
}

function lineAt(finished: readonly Result[], step: number): Line | undefined {
  const pairs = finished
    .map(({ curve, value }) => ({ x: curve.findLast(([at]) => at <= step)?.[1], y: value }))
    .filter((pair): pair is { x: number; y: number } => pair.x !== undefined && Number.isFinite(pair.x))
    .slice(-mostPairs);
  if (pairs.length < fewestPairs) return undefined;
  const same = negligible(pairs.map(({ x }) => x));
  const slopes = pairs.flatMap((a, index) =>
    pairs.slice(index + 1).flatMap((b) => (Math.abs(a.x - b.x) <= same ? [] : [(b.y - a.y) / (b.x - a.x)])),
  );
  if (slopes.length === 0) return undefined;
  // Worse on the way does not promise better at the end.
  const slope = Math.max(0, median(Float64Array.from(slopes)));
  const intercept = median(Float64Array.from(pairs, ({ x, y }) => y - slope * x));
  const off = median(Float64Array.from(pairs, ({ x, y }) => Math.abs(y - intercept - slope * x)));
  const centre = median(Float64Array.from(pairs, ({ y }) => y));
  const spread = median(Float64Array.from(pairs, ({ y }) => Math.abs(y - centre)));
  const share = spread > negligible(pairs.map(({ y }) => y)) ? off / spread : 1;
  return { slope, intercept, variance: Math.round(Math.min(1, Math.max(0.02, share * share)) * grain) / grain };
}

/** What differs by less differs in its last digits, which make any slope at all. */
function negligible(values: readonly number[]): number {
  return 1e-9 * (Math.max(...values) - Math.min(...values));
}
