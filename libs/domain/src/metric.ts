/** Named series. Columnar: one batch holds several series, each with its own steps, values and times. */
import type { Objective } from './spec.js';

export interface Series {
  readonly name: string;
  readonly steps: Float64Array;
  /** NaN and ±Infinity are values. */
  readonly values: Float64Array;
  /** Milliseconds since the epoch. */
  readonly times: Float64Array;
}

/** One numbered message of an attempt; a batch that was seen is ignored, a gap is refused. */
export interface PointBatch {
  /** 1, 2, … within the attempt. */
  readonly sequence: number;
  readonly series: readonly Series[];
}

/** The value of a series that counts for an objective: the last, or the best finite one. Null when there is none that is finite. */
export function reduceObjective(values: ArrayLike<number>, objective: Pick<Objective, 'goal' | 'value'>): number | null {
  let result: number | null = null;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (objective.value === 'last' || result === null) result = value;
    else if (objective.goal === 'minimize' ? value < result : value > result) result = value;
  }
  return result;
}
