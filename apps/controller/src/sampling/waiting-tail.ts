/**
 * Which queued trials may be given other params when results come in: the last ones of the sweep, as long as nobody ever took one, but
 * for the first that waits, which a slot may take at any moment. Pure.
 *
 * Only the last ones: then the trials that were live when a proposal was made are always those with smaller numbers, and each proposal
 * can be computed again from the log.
 */
import type { UnobservedTrial } from '@sweep/store';

/**
 * @param live by number
 * @param trials how many the sweep has, so that the last one has this number
 */
export function waitingTail(live: readonly UnobservedTrial[], trials: number): readonly UnobservedTrial[] {
  let from = live.length;
  let number = trials;
  while (from > 0 && live[from - 1]!.number === number && live[from - 1]!.renewable !== null) {
    from -= 1;
    number -= 1;
  }
  const othersWait = live.slice(0, from).some(({ renewable }) => renewable !== null);
  return live.slice(othersWait ? from : from + 1);
}
