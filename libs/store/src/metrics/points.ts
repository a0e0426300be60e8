/** Joining, summarising and thinning stretches of a series. Pure. */
import type { Series } from '@sweep/domain';
import type { LastValue } from '../store.js';
import type { Points } from './codec.js';

/** Points of a chunk that one minimum and one maximum stand for in its level. */
export const levelSpan = 64;

export function joinPoints(parts: readonly Points[]): Points {
  if (parts.length === 1) return parts[0]!;
  const n = parts.reduce((sum, part) => sum + part.steps.length, 0);
  const joined = { steps: new Float64Array(n), values: new Float64Array(n), times: new Float64Array(n) };
  let at = 0;
  for (const part of parts) {
    joined.steps.set(part.steps, at);
    joined.values.set(part.values, at);
    joined.times.set(part.times, at);
    at += part.steps.length;
  }
  return joined;
}

export const slicePoints = ({ steps, values, times }: Points, from: number, to: number): Points => ({
  steps: steps.slice(from, to),
  values: values.slice(from, to),
  times: times.slice(from, to),
});

export function joinSameNames(series: readonly Series[]): readonly Series[] {
  const byName = new Map<string, Series[]>();
  for (const one of series) {
    if (one.steps.length === 0) continue;
    const same = byName.get(one.name);
    if (same === undefined) byName.set(one.name, [one]);
    else same.push(one);
  }
  return [...byName].map(([name, parts]) => ({ name, ...joinPoints(parts) }));
}

/** The points at the minimum and the maximum of each stretch of `span`, in order. Values that are not finite yield to any that is. */
export function extremes(points: Points, span: number): Points {
  const { values } = points;
  const kept: number[] = [];
  for (let from = 0; from < values.length; from += span) kept.push(...extremesBetween(values, from, Math.min(from + span, values.length)));
  return pick(points, kept);
}

/** At most `samples` points, keeping each bucket's minimum and maximum, and the last point. */
export function thin(points: Points, samples: number): Points {
  const { values } = points;
  const n = values.length;
  if (n <= samples) return points;
  if (samples <= 0) return slicePoints(points, 0, 0);
  if (samples < 3) return slicePoints(points, n - 1, n);
  const buckets = Math.floor((samples - 1) / 2);
  const kept: number[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    kept.push(...extremesBetween(values, Math.floor((bucket * (n - 1)) / buckets), Math.floor(((bucket + 1) * (n - 1)) / buckets)));
  }
  kept.push(n - 1);
  return pick(points, kept);
}

function extremesBetween(values: Float64Array, from: number, to: number): readonly number[] {
  let low = -1;
  let high = -1;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (low === -1 || value < values[low]!) low = i;
    if (high === -1 || value > values[high]!) high = i;
  }
  if (low === -1) return from < to ? [from] : [];
  if (low === high) return [low];
  return low < high ? [low, high] : [high, low];
}

function pick({ steps, values, times }: Points, indexes: readonly number[]): Points {
  const column = (source: Float64Array): Float64Array => Float64Array.from(indexes, (i) => source[i]!);
  return { steps: column(steps), values: column(values), times: column(times) };
}

/** What a stretch adds to the series' last value. The stretch is not empty. */
export function summarise(series: Series): LastValue {
  const { name, steps, values, times } = series;
  let min: number | null = null;
  let max: number | null = null;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (min === null || value < min) min = value;
    if (max === null || value > max) max = value;
  }
  const end = values.length - 1;
  return { name, step: steps[end]!, value: values[end]!, time: times[end]!, min, max, count: values.length };
}

export function addLast(before: LastValue | undefined, next: LastValue): LastValue {
  if (before === undefined) return next;
  return {
    ...next,
    min: before.min === null ? next.min : next.min === null ? before.min : Math.min(before.min, next.min),
    max: before.max === null ? next.max : next.max === null ? before.max : Math.max(before.max, next.max),
    count: before.count + next.count,
  };
}
