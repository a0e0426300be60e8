/**
 * A background loop: one body, run again after a pause or when woken, never twice at once.
 *
 *     waiting ──wake or pause over──► running ──done──► waiting      stop(): either ──► stopped (after the body has ended)
 *
 * The one top-level catch of the body's errors: they are reported, and the pause grows up to `maxPauseMs` while they last.
 */
import type { Clock } from './clock.js';

export interface LoopOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly maxPauseMs?: number;
  readonly clock: Clock;
  readonly body: (signal: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown, name: string) => void;
}

export interface Loop {
  /** Runs the body soon; once more if it is running now. */
  wake(): void;
  /** Resolves when the body has ended and will not run again. */
  stop(): Promise<void>;
}

export function startLoop({ name, everyMs, maxPauseMs = 30_000, clock, body, onError }: LoopOptions): Loop {
  const stopping = new AbortController();
  let nap = new AbortController();
  let woken = false;
  let failures = 0;

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      woken = false;
      nap = new AbortController();
      try {
        await body(stopping.signal);
        failures = 0;
      } catch (error) {
        failures++;
        onError(error, name);
      }
      if (woken || stopping.signal.aborted) continue;
      const pause = failures === 0 ? everyMs : Math.min(Math.max(everyMs, 100) * 2 ** failures, maxPauseMs);
      await clock.sleep(pause, nap.signal);
    }
  };
  const done = run();

  return {
    wake() {
      woken = true;
      nap.abort();
    },
    async stop() {
      stopping.abort();
      nap.abort();
      await done;
    },
  };
}
