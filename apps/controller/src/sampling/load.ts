/**
 * How busy a sampling thread is, and how thorough its proposals may be then. Pure: told when it was asked and when it answered.
 *
 * Fifty searches with a result a second each are more than two cores can follow at full thoroughness; a slot that waits for a better
 * point is worth less than one that works on a good one.
 */
import type { Thoroughness } from '@sweep/optimizer';

/** Over how long busyness is averaged, in milliseconds. */
const memoryMs = 10_000;

const limits = [
  { below: 0.7, thoroughness: 'full' },
  { below: 0.85, thoroughness: 'warm' },
  { below: 0.95, thoroughness: 'short' },
] as const satisfies readonly { readonly below: number; readonly thoroughness: Thoroughness }[];

/** @param share of the last time in which the thread had something to do, 0 … 1 */
export function thoroughnessAt(share: number): Thoroughness {
  return limits.find(({ below }) => share < below)?.thoroughness ?? 'least';
}

export class Load {
  #share = 0;
  #questions = 0;
  #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  asked(now: number): void {
    this.#advance(now);
    this.#questions += 1;
  }

  answered(now: number): void {
    this.#advance(now);
    this.#questions -= 1;
  }

  /** 0 … 1, what is long ago counting less and less. */
  share(now: number): number {
    this.#advance(now);
    return this.#share;
  }

  #advance(now: number): void {
    // A clock that was set back must not undo what was.
    const kept = Math.exp(-Math.max(0, now - this.#since) / memoryMs);
    this.#share = this.#share * kept + (this.#questions > 0 ? 1 - kept : 0);
    this.#since = now;
  }
}
