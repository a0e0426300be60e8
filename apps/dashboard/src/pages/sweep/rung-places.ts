/** Where rungs stand on the axis of steps. Rungs count logged values, and how far apart their steps are is the program's affair. Pure. */

export interface LoggedCurves {
  /** Values are missing from the curves. */
  readonly downsampled: boolean;
  readonly series: readonly { readonly steps: ArrayLike<number>; readonly values: ArrayLike<number> }[];
}

/** Steps of those rungs that a trial has reached. @param rungs in finite values, ascending */
export function rungPlaces(rungs: readonly number[], { downsampled, series }: LoggedCurves): readonly number[] {
  return downsampled ? countedFromFirst(rungs, series) : rungs.flatMap((rung) => middle(series.flatMap((curve) => stepOf(curve, rung))));
}

/** The step of the n-th finite value. */
function stepOf({ steps, values }: LoggedCurves['series'][number], n: number): readonly number[] {
  let seen = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]!)) seen += 1;
    if (seen === n) return [steps[i]!];
  }
  return [];
}

/** Trials may differ by a step or two. */
function middle(steps: readonly number[]): readonly number[] {
  return steps.length === 0 ? [] : [steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)]!];
}

/** What is left of long curves cannot be counted: they log one value a step. */
function countedFromFirst(rungs: readonly number[], series: LoggedCurves['series']): readonly number[] {
  const steps = series.flatMap((curve) => (curve.steps.length === 0 ? [] : [curve.steps[0]!, curve.steps[curve.steps.length - 1]!]));
  const first = steps.reduce((least, step) => Math.min(least, step), Number.POSITIVE_INFINITY);
  const last = steps.reduce((most, step) => Math.max(most, step), Number.NEGATIVE_INFINITY);
  return rungs.map((rung) => first + rung - 1).filter((step) => step <= last);
}
