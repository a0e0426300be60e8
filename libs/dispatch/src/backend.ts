/** What differs between BullMQ on Redis and on PostgreSQL: how its classes are made, and what can be said about the server. */
import type { Processor, Queue, QueueEvents, Worker, WorkerOptions } from 'bullmq';
import type { DispatchReport } from './dispatch.js';

export type WorkerSettings = Omit<WorkerOptions, 'connection' | 'prefix'>;

export interface QueueBackend {
  /** For messages: `Redis at 127.0.0.1:6379`. Never a password. */
  readonly where: string;
  queue(name: string): Queue;
  worker(name: string, processor: Processor | null, settings: WorkerSettings): Worker;
  events(name: string): QueueEvents;
  report(): Promise<DispatchReport>;
  /** @throws Unavailable */
  ping(): Promise<void>;
  /** After everything made of it has been closed. */
  close(): Promise<void>;
}

/** An agent's pool may be called anything; a queue's name must hold no colon. */
export const offerQueueName = (pool: string): string => `offers-${encodeURIComponent(pool)}`;
export const tickQueueName = 'ticks';
export const choreQueueName = 'chores';

/** How often a worker may come back from a stall before BullMQ gives the job up: never (an `integer` column on PostgreSQL). */
export const countless = 2_000_000_000;
