/**
 * The way of a trial in a few points, for `Observation.curve`: what it stood at where its pruner compares trials.
 *
 * The same places for every trial of a sweep, or the ways could not be compared. Places are counts of finite logged values, as with
 * the rungs of a pruner.
 */
import type { Pruner } from '../pruner.js';

/** How the values of a trial become the one that counts. */
export interface Counting {
  readonly goal: 'minimize' | 'maximize';
  readonly value: 'last' | 'best';
}

/** At most this many points, however long the trial. */
export const mostWayPoints = 100;

/**
 * At each place that was reached, the value that would have counted had the trial ended there.
 *
 * @param values as logged, in order
 */
export function wayOf(
  pruner: Pruner,
  values: ArrayLike<number>,
  { goal, value }: Counting,
): readonly (readonly [place: number, value: number])[] {
  const places = placesOf(pruner);
  const way: [number, number][] = [];
  let count = 0;
  let best = goal === 'minimize' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length && way.length < places.length; index += 1) {
    const now = values[index]!;
    if (!Number.isFinite(now)) continue;
    count += 1;
    best = goal === 'minimize' ? Math.min(best, now) : Math.max(best, now);
    if (count === places[way.length]) way.push([count, value === 'best' ? best : now]);
  }
  return way;
}

/** Ascending, each once. Of a rule without rungs: 1, 2, 3, 4, 6, 8, 12, 16, 24, … */
function placesOf(pruner: Pruner): readonly number[] {
  const rungs = [...new Set(pruner.rungs(mostWayPoints))];
  if (rungs.length > 0) return rungs;
  const places = [1];
  for (let power = 2; places.length < mostWayPoints; power *= 2) places.push(power, power * 1.5);
  return places.slice(0, mostWayPoints);
}
