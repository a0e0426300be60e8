/** One metric along a chosen axis: its steps, the clock, the time since its beginning, or another metric of the same run. */

export interface MetricSeries {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Milliseconds since the epoch. */
  readonly times: ArrayLike<number>;
}

export type CurveAxis =
  | { readonly by: 'step' }
  | { readonly by: 'time' }
  | { readonly by: 'relative' }
  | { readonly by: 'metric'; readonly name: string };

export interface AlongAxis {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * Points in order of x.
 *
 * @param began of the run, milliseconds since the epoch
 * @param other the metric of the axis, where that is one; points at steps that it lacks are left out
 */
export function alongAxis(series: MetricSeries, axis: CurveAxis, began: number, other: MetricSeries | null): AlongAxis {
  const y = Float64Array.from(series.values);
  if (axis.by === 'step') return inOrder(Float64Array.from(series.steps), y);
  if (axis.by === 'time') return inOrder(Float64Array.from(series.times), y);
  if (axis.by === 'relative')
    return inOrder(
      Float64Array.from(series.times, (time) => time - began),
      y,
    );
  const byStep = new Map<number, number>();
  for (let i = 0; i < (other?.steps.length ?? 0); i++) byStep.set(other!.steps[i]!, other!.values[i]!);
  return inOrder(
    Float64Array.from(series.steps, (step) => byStep.get(step) ?? Number.NaN),
    y,
  );
}

function inOrder(x: Float64Array, y: Float64Array): AlongAxis {
  let sorted = true;
  for (let i = 0; i < x.length && sorted; i++) sorted = Number.isFinite(x[i]!) && (i === 0 || x[i]! >= x[i - 1]!);
  if (sorted) return { x, y };
  const places = Uint32Array.from({ length: x.length }, (_, i) => i)
    .filter((i) => Number.isFinite(x[i]!))
    .sort((a, b) => x[a]! - x[b]! || a - b);
  return { x: Float64Array.from(places, (i) => x[i]!), y: Float64Array.from(places, (i) => y[i]!) };
}
