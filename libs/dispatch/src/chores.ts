/**
 * Chores: named work that one of the controllers does every so often, by BullMQ's job schedulers.
 *
 * A server that was wiped forgets them, and the one that mends such things is a chore itself: so each controller looks from time to
 * time, by its own clock, whether its chores are still there.
 */
import { Unavailable } from '@sweep/domain';
import { type Loop, startLoop, systemClock } from '@sweep/runtime';
import type { Job, Queue, Worker } from 'bullmq';
import { answer } from './answer.js';
import { choreQueueName, countless, type QueueBackend } from './backend.js';
import type { Dispatch } from './dispatch.js';

export type Chores = Pick<Dispatch, 'every'> & { close(): Promise<void> };

interface Chore {
  readonly everyMs: number;
  readonly handler: () => Promise<void>;
  /** Slower than its interval: the next time is left out rather than run beside this one. */
  busy: boolean;
}

/** @param wipeRest forgets what waits and runs in the other queues */
export function createChores(backend: QueueBackend, onError: (error: Error) => void, wipeRest: () => Promise<void>): Chores {
  const queue: Queue = backend.queue(choreQueueName);
  queue.on('error', onError);
  const chores = new Map<string, Chore>();
  const keepers: Loop[] = [];
  let worker: Worker | null = null;

  const run = async ({ name }: Job): Promise<void> => {
    const chore = chores.get(name);
    // Another version of the controller knows it.
    if (chore === undefined || chore.busy) return;
    chore.busy = true;
    try {
      await chore.handler();
    } finally {
      chore.busy = false;
    }
  };
  const startWorker = (): Worker => {
    const started = backend.worker(choreQueueName, run, { concurrency: 4, maxStalledCount: countless });
    started.on('error', onError);
    started.on('failed', (_, error) => onError(error));
    return started;
  };
  /**
   * A controller whose clock was wrong has left times that are far off: of schedules, of locks, of the last look for lost locks. Until
   * they have come nothing would ring. What is wiped is rung again from the truth.
   */
  const wipe = async (): Promise<void> => {
    onError(new Unavailable(`the queue at ${backend.where} holds times of a wrong clock: it is wiped and filled again`));
    await answer(backend.where, queue.obliterate({ force: true }));
    await wipeRest();
  };
  /**
   * Left alone when it stands and its next time is neither long past nor far off (a controller whose clock was wrong has set it):
   * setting it again would move its next time.
   */
  const keep = async (name: string, everyMs: number): Promise<void> => {
    const found = await answer(backend.where, queue.getJobScheduler(name));
    const awayMs = found?.next === undefined ? 0 : found.next - Date.now();
    const slackMs = 2 * everyMs + 10_000;
    if (found !== undefined && found.every === everyMs && Math.abs(awayMs) <= slackMs) return;
    if (awayMs > slackMs) await wipe();
    await answer(
      backend.where,
      queue.upsertJobScheduler(name, { every: everyMs }, { name, opts: { removeOnComplete: true, removeOnFail: true } }),
    );
  };

  return {
    async every(name, everyMs, handler) {
      chores.set(name, { everyMs, handler, busy: false });
      worker ??= startWorker();
      await keep(name, everyMs);
      const lookMs = Math.min(Math.max(everyMs, 1_000), 10_000);
      const body = (): Promise<void> => keep(name, everyMs);
      keepers.push(
        startLoop({ name: `keep ${name}`, everyMs: lookMs, clock: systemClock, body, onError: (error) => onError(error as Error) }),
      );
    },
    async close() {
      for (const keeper of keepers) await keeper.stop();
      await worker?.close();
      await queue.close();
    },
  };
}
