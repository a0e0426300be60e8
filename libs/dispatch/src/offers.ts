/**
 * Offers: one queue a pool, one job an offer. BullMQ's lock covers only the gap between `take` and the end of the offer; attempts,
 * retries and stalls are no policy here.
 */
import { randomUUID } from 'node:crypto';
import { type TrialId, trialId } from '@sweep/domain';
import { type Loop, startLoop, systemClock } from '@sweep/runtime';
import type { Job, JobsOptions, Queue, QueueEvents, Worker } from 'bullmq';
import { answer, lockIsGone, refusalCode } from './answer.js';
import { countless, offerQueueName, type QueueBackend } from './backend.js';
import type { Dispatch, Offer } from './dispatch.js';

export interface OfferOptions {
  /** How long an offer stays with its taker. */
  readonly lockMs: number;
  readonly onError: (error: Error) => void;
}

export type Offers = Pick<Dispatch, 'offer' | 'offerMany' | 'take' | 'withdraw' | 'onOffer' | 'waiting'> & {
  wipe(): Promise<void>;
  close(): Promise<void>;
};

interface Pool {
  readonly queue: Queue;
  /** Fetches by hand; its own loop only puts back what was not settled. */
  readonly worker: Worker;
  readonly listeners: Set<() => void>;
  /** From the first listener on. */
  bell: Bell | null;
}

interface Bell {
  readonly events: QueueEvents;
  readonly poll: Loop;
}

/** A missed event delays an offer by this much at most. */
const pollMs = 1_000;

export function createOffers(backend: QueueBackend, { lockMs, onError }: OfferOptions): Offers {
  const pools = new Map<string, Pool>();
  const ask = <T>(work: Promise<T>): Promise<T> => answer(backend.where, work);

  const openPool = (name: string): Pool => {
    const queue = backend.queue(offerQueueName(name));
    const worker = backend.worker(offerQueueName(name), null, {
      autorun: false,
      lockDuration: lockMs,
      stalledInterval: Math.min(lockMs, 5_000),
      maxStalledCount: countless,
    });
    queue.on('error', onError);
    worker.on('error', onError);
    worker.startStalledCheckTimer().catch(onError);
    return { queue, worker, listeners: new Set(), bell: null };
  };
  const pool = (name: string): Pool => {
    const known = pools.get(name) ?? openPool(name);
    pools.set(name, known);
    return known;
  };

  return {
    async offer(name, trial, attempt, delayMs) {
      const { queue } = pool(name);
      await ask(queue.add('offer', { trial, attempt }, jobOptions(trial, attempt, delayMs)));
    },
    async offerMany(name, trials) {
      if (trials.length === 0) return;
      const { queue } = pool(name);
      const jobs = trials.map(({ trial, attempt, delayMs }) => ({
        name: 'offer',
        data: { trial, attempt },
        opts: jobOptions(trial, attempt, delayMs),
      }));
      await ask(queue.addBulk(jobs));
    },
    async take(name) {
      const { worker } = pool(name);
      const token = randomUUID();
      const job: Job | undefined = await ask(worker.getNextJob(token, { block: false }));
      return job === undefined ? null : toOffer(job, token, ask);
    },
    async withdraw(name, trial, attempt) {
      await ask(pool(name).queue.remove(jobId(trial, attempt)));
    },
    async waiting(name) {
      return ask(pool(name).queue.getWaitingCount());
    },
    async onOffer(name, callback) {
      const known = pool(name);
      known.listeners.add(callback);
      known.bell ??= hangBell(backend, name, known, onError);
      return async () => {
        known.listeners.delete(callback);
      };
    },
    async wipe() {
      for (const { queue } of pools.values()) await ask(queue.obliterate({ force: true }));
    },
    async close() {
      for (const { queue, worker, bell } of pools.values()) {
        if (bell !== null) await takeDown(bell);
        await worker.close();
        await queue.close();
      }
    },
  };
}

const jobId = (trial: TrialId, attempt: number): string => `trial-${trial}-${attempt}`;

function jobOptions(trial: TrialId, attempt: number, delayMs: number): JobsOptions {
  return { jobId: jobId(trial, attempt), delay: delayMs, removeOnComplete: true, removeOnFail: true };
}

function toOffer(job: Job, token: string, ask: <T>(work: Promise<T>) => Promise<T>): Offer {
  const { trial, attempt } = job.data as { trial: string; attempt: number };
  // After the lock time the offer is not ours any more: whoever has it now settles it.
  const settle = async (work: Promise<unknown>): Promise<void> => {
    try {
      await ask(work);
    } catch (error) {
      if (!lockIsGone.has(refusalCode(error) ?? 0)) throw error;
    }
  };
  return {
    trial: trialId(trial),
    attempt,
    done: () => settle(job.moveToCompleted(null, token, false)),
    giveBack: (delayMs) => settle(delayMs > 0 ? job.moveToDelayed(Date.now() + delayMs, token) : job.moveToWait(token)),
  };
}

/** Waits for no server: one that is dead rings when it is back, and meanwhile no agent is turned away for it. */
function hangBell(backend: QueueBackend, name: string, { queue, listeners }: Pool, onError: (error: Error) => void): Bell {
  const ring = (): void => {
    for (const listener of listeners) listener();
  };
  const events = backend.events(offerQueueName(name));
  events.on('error', onError);
  events.on('waiting', ring);
  // Nobody promotes delayed offers but `take`, so nothing announces the end of their delay: look.
  const poll = startLoop({
    name: `offers of ${name}`,
    everyMs: pollMs,
    maxPauseMs: pollMs,
    clock: systemClock,
    body: async () => {
      if (listeners.size === 0) return;
      const counts = await answer(backend.where, queue.getJobCounts('wait', 'delayed'));
      if ((counts['wait'] ?? 0) + (counts['delayed'] ?? 0) > 0) ring();
    },
    onError: (error) => onError(error as Error),
  });
  return { events, poll };
}

async function takeDown({ events, poll }: Bell): Promise<void> {
  await poll.stop();
  await events.close();
}
