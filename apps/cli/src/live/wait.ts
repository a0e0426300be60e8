/** Follows one sweep by looking again and again, through restarts of the controller. */
import type { Client, SweepView } from '@sweep/api';
import { systemClock } from '@sweep/runtime';
import type { Context } from '../context.js';
import { exit, exitOf } from '../exit.js';
import { endedSweep } from '../show/views.js';
import { progressLine } from './frame.js';

export const lookMs = 500;

/**
 * What `look` answers, each time; ends after `last` holds or the signal aborts.
 *
 * A controller that was there and is gone is waited for: it is started again, or the user ends us.
 */
export async function* looks<T>(
  look: () => Promise<T>,
  options: { everyMs: number; last: (seen: T) => boolean; onAway?: () => void; signal?: AbortSignal },
): AsyncGenerator<T> {
  let seenOnce = false;
  while (!options.signal?.aborted) {
    try {
      const seen = await look();
      seenOnce = true;
      yield seen;
      if (options.last(seen)) return;
    } catch (error) {
      if (!seenOnce || exitOf(error) !== exit.unreachable) throw error;
      options.onAway?.();
    }
    await systemClock.sleep(options.everyMs, options.signal);
  }
}

/** The sweep as it ended (or as last seen, when the signal aborted); a line on stderr for each change. */
export async function waitForEnd(context: Context, client: Client, sweep: string, signal?: AbortSignal): Promise<SweepView> {
  let shown = '';
  let found: SweepView | undefined;
  const last = ({ state }: SweepView): boolean => endedSweep(state);
  for await (const view of looks(() => client.getSweep(sweep), { everyMs: lookMs, last, ...(signal === undefined ? {} : { signal }) })) {
    const line = progressLine(view);
    if (line !== shown) context.notice(line);
    [shown, found] = [line, view];
  }
  return found ?? client.getSweep(sweep);
}
