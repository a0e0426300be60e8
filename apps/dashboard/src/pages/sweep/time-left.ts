/** How long a sweep will go on, from how long its trials took. Pure; times in milliseconds. */
import { type Counts, endedOf } from '@sweep/api';
import type { TrialPoint } from '../../data/trial-points.js';

export type Times = Pick<TrialPoint, 'state' | 'startedAt' | 'endedAt'>;

/** Null: nothing can be said, because nothing has ended yet or the sweep has no end of its own. */
export function timeLeft(trials: readonly Times[], counts: Counts, expected: number | null, now: number): number | null {
  const durations = trials.flatMap(({ state, startedAt, endedAt }) =>
    (state === 'completed' || state === 'pruned') && startedAt !== null && endedAt !== null ? endedAt - startedAt : [],
  );
  if (expected === null || durations.length === 0) return null;
  const mean = durations.reduce((sum, duration) => sum + duration, 0) / durations.length;
  const running = trials.filter(({ state }) => state === 'running' || state === 'stopping');
  const begun = running.reduce((sum, { startedAt }) => sum + Math.max(0, mean - (startedAt === null ? 0 : now - startedAt)), 0);
  const notBegun = Math.max(0, expected - endedOf(counts) - running.length) * mean;
  // Slots that are busy now are the ones that will work on the rest.
  return (begun + notBegun) / Math.max(1, running.length);
}
