/**
 * Ticks: wake-ups of sweeps, collapsed. At most one run of a sweep is active and one more is waiting, over all controllers; that is
 * BullMQ's deduplication with "keep the last if active". A delayed tick is a note that ticks when its time has come: were it a tick,
 * it would hold up those that come without a delay.
 */
import { type SweepId, sweepId } from '@sweep/domain';
import type { Job, Queue, Worker } from 'bullmq';
import { answer } from './answer.js';
import { countless, type QueueBackend, tickQueueName } from './backend.js';
import type { Dispatch } from './dispatch.js';

export type Ticks = Pick<Dispatch, 'tick' | 'onTick'> & { wipe(): Promise<void>; close(): Promise<void> };

/** A controller that dies in the middle of a run holds its sweep up for about this long, and a blocked process must not lose its lock. */
const lockMs = 10_000;
const concurrency = 8;
const gone = { removeOnComplete: true, removeOnFail: true } as const;

/** Pauses between runs of a handler that throws, by how often it has thrown. */
export const backOffMs = (failures: number): number => Math.min(250 * 2 ** (failures - 1), 30_000);

export function createTicks(backend: QueueBackend, onError: (error: Error) => void): Ticks {
  const queue: Queue = backend.queue(tickQueueName);
  queue.on('error', onError);
  const workers: Worker[] = [];
  const running = new Map<string, Promise<void>>();

  const tickNow = async (sweep: string): Promise<void> => {
    const retries = { attempts: countless, backoff: { type: 'custom' } };
    await answer(
      backend.where,
      queue.add('tick', { sweep }, { ...gone, ...retries, deduplication: { id: sweep, keepLastIfActive: true } }),
    );
  };
  const tickLater = async (sweep: string, delayMs: number): Promise<void> => {
    // Notes of one sweep for the same second are one.
    const second = Math.ceil((Date.now() + delayMs) / 1_000);
    await answer(
      backend.where,
      queue.add(
        'later',
        { sweep },
        { ...gone, jobId: `later-${sweep}-${second}`, delay: delayMs, attempts: countless, backoff: { type: 'custom' } },
      ),
    );
  };
  /** A wiped server forgets that a run is active and may start a second one: in this process it waits for the first. */
  const oneAtATime = async (sweep: string, handler: (sweep: SweepId) => Promise<void>): Promise<void> => {
    for (let other = running.get(sweep); other !== undefined; other = running.get(sweep)) await Promise.allSettled([other]);
    const run = handler(sweepId(sweep));
    running.set(sweep, run);
    try {
      await run;
    } finally {
      running.delete(sweep);
    }
  };

  return {
    tick: (sweep, delayMs = 0) => (delayMs > 0 ? tickLater(sweep, delayMs) : tickNow(sweep)),
    async onTick(handler) {
      const process = (job: Job): Promise<void> => {
        const { sweep } = job.data as { sweep: string };
        return job.name === 'later' ? tickNow(sweep) : oneAtATime(sweep, handler);
      };
      const worker = backend.worker(tickQueueName, process, {
        concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs / 2,
        maxStalledCount: countless,
        settings: { backoffStrategy: backOffMs },
      });
      worker.on('error', onError);
      worker.on('failed', (_, error) => onError(error));
      workers.push(worker);
      await answer(backend.where, worker.waitUntilReady());
    },
    wipe: () => answer(backend.where, queue.obliterate({ force: true })),
    async close() {
      for (const worker of workers) await worker.close();
      await queue.close();
    },
  };
}
