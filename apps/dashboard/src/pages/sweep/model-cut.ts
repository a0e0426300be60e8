/** A cut through the model of the results, in the numbers of the chart's axes. Pure. */
import type { SweepSliceView } from '@sweep/api';
import type { ContourGrid, ParallelColumn, SliceModel } from '../../charts/chart-data.js';
import { orNaN } from './values.js';

type Cut = NonNullable<SweepSliceView['slice']>;

/** Half of a range that holds 95 %, in deviations. */
const halfRange = 1.96;

export function modelOf({ x, mean, low, high }: Cut, column: ParallelColumn): SliceModel {
  return { x: placesOf(x, column), mean: mean.map(orNaN), low: low.map(orNaN), high: high.map(orNaN) };
}

export function gridOf({ x, y, mean, low, high }: Cut, across: ParallelColumn, up: ParallelColumn): ContourGrid | null {
  if (y === null) return null;
  return {
    xs: placesOf(x, across),
    ys: placesOf(y, up),
    mean: mean.map(orNaN),
    deviation: high.map((top, index) => (orNaN(top) - orNaN(low[index] ?? null)) / (2 * halfRange)),
  };
}

/** Levels by their place on the axis; a level that no trial has had has none. */
function placesOf(axis: Cut['x'], column: ParallelColumn): readonly number[] {
  if (column.kind === 'number') return axis.values.map(Number);
  return axis.values.map((value) => {
    const place = column.levels.indexOf(String(value));
    return place < 0 ? Number.NaN : place;
  });
}
