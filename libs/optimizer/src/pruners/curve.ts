/** Curves as the rules compare them: only finite values, and lower is always better. */
import type { TrialCurve, Verdict } from '../pruner.js';

export type Goal = 'minimize' | 'maximize';

export interface Losses {
  readonly number: number;
  readonly running: boolean;
  /** The finite values in the order logged, negated when the goal is to maximize. */
  readonly values: Float64Array;
  /** Of the same entries. */
  readonly steps: Float64Array;
}

export function losses(curve: TrialCurve, goal: Goal): Losses {
  const values = new Float64Array(curve.values.length);
  const steps = new Float64Array(curve.values.length);
  const sign = goal === 'maximize' ? -1 : 1;
  let count = 0;
  for (let index = 0; index < curve.values.length; index += 1) {
    const value = curve.values[index];
    if (value === undefined || !Number.isFinite(value)) continue;
    values[count] = sign * value;
    steps[count] = curve.steps[index] ?? index;
    count += 1;
  }
  return { number: curve.number, running: curve.running, values: values.subarray(0, count), steps: steps.subarray(0, count) };
}

/** The lowest of the first `count`; +∞ of none. */
export function lowest(values: Float64Array, count = values.length): number {
  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < count; index += 1) if (values[index]! < best) best = values[index]!;
  return best;
}

/** A loss as the user logged it, short. */
export function shown(loss: number, goal: Goal): string {
  const value = goal === 'maximize' ? -loss : loss;
  return String(Number(value.toPrecision(6)) + 0);
}

/**
 * Takes back what would leave a sweep without its best trial or without any: the incumbent, and the best of the running ones if
 * all were to be stopped.
 */
export function spare(verdicts: readonly Verdict[], all: readonly Losses[]): readonly Verdict[] {
  if (!verdicts.some(({ stop }) => stop)) return verdicts;
  const best = new Map(all.map(({ number, values }) => [number, lowest(values)]));
  const record = [...best.values()].reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const kept = verdicts.map((verdict) =>
    verdict.stop && best.get(verdict.number) === record
      ? { ...verdict, stop: false, reason: `${verdict.reason}; goes on as the best trial so far` }
      : verdict,
  );
  if (!kept.every(({ stop }) => stop)) return kept;
  const [last] = [...kept].sort((a, b) => best.get(a.number)! - best.get(b.number)! || a.number - b.number);
  return kept.map((verdict) =>
    verdict === last ? { ...verdict, stop: false, reason: `${verdict.reason}; goes on as the last trial running` } : verdict,
  );
}
