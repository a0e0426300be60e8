/**
 * Which queued trials may be given other params when results come in: the last ones of the sweep, as long as nobody ever took one, but
 * for the first that waits, which a slot may take at any moment. Pure.
 *
 * Only the last ones: then the trials that were live when a proposal was made are always those with smaller numbers, and each proposal
 * can be computed again from the log.
 */
import type { UnobservedTrial } from '@sweep/store';
import type { Chosen } from './messages.js';

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

/**
 * Of those that were chosen again, the ones to store: from the first that got other params on. One behind it that came out as it was saw
 * other trials under way than the record of its first choice says, and could not be computed again from that.
 */
export function fromFirstChange<T extends Pick<Chosen, 'number' | 'params'>>(
  tail: readonly Pick<UnobservedTrial, 'number' | 'params'>[],
  chosen: readonly T[],
): readonly T[] {
  const before = new Map(tail.map(({ number, params }) => [number, params]));
  const first = chosen.findIndex(({ number, params }) => before.get(number) !== params);
  return first < 0 ? [] : chosen.slice(first);
}
