/**
 * The doorbell: says that there may be something to do. The truth is in the store; losing everything here only delays.
 *
 * Implementations: BullMQ (on Redis, or on PostgreSQL) and the in-memory twin; one contract suite.
 */
import type { SweepId, TrialId } from '@sweep/domain';

export interface Dispatch {
  /** Makes a queued trial visible to a pool. Offering the same trial and attempt again changes nothing while the offer stands. */
  offer(pool: string, trial: TrialId, attempt: number, delayMs: number): Promise<void>;
  offerMany(
    pool: string,
    trials: readonly { readonly trial: TrialId; readonly attempt: number; readonly delayMs: number }[],
  ): Promise<void>;
  /** Takes any offer of the pool, without waiting; null when there is none. Not settled within the lock time (30 s), it comes back. */
  take(pool: string): Promise<Offer | null>;
  /** Removes an offer that nobody has taken (granted by another way, cancelled, paused). Unknown ones are ignored. */
  withdraw(pool: string, trial: TrialId, attempt: number): Promise<void>;
  /** Calls back when an offer may have appeared in the pool, in this or another controller. May call too often, never too seldom by more than a second. */
  onOffer(pool: string, callback: () => void): Promise<() => Promise<void>>;
  /** Number of offers waiting in the pool. */
  waiting(pool: string): Promise<number>;

  /** Wakes a sweep. Any number of ticks before and during one run of the handler make exactly one further run. */
  tick(sweep: SweepId, delayMs?: number): Promise<void>;
  /** One handler at a time per sweep, over all controllers. A handler that throws is run again with back-off. */
  onTick(handler: (sweep: SweepId) => Promise<void>): Promise<void>;

  /** A named chore that runs every so often in one of the controllers. */
  every(name: string, everyMs: number, handler: () => Promise<void>): Promise<void>;

  /** What the queue is and what is wrong with its settings, for `doctor` and the log. */
  inspect(): Promise<DispatchReport>;
  /** Throws `Unavailable` when the backend does not answer. */
  ping(): Promise<void>;
  /** Stops handlers, waits for those that run, closes connections. */
  close(): Promise<void>;
}

export interface Offer {
  readonly trial: TrialId;
  readonly attempt: number;
  /** The offer is settled: granted, or its trial needs no slot any more. */
  done(): Promise<void>;
  /** Back into the pool, visible again after the delay. */
  giveBack(delayMs: number): Promise<void>;
}

export interface DispatchReport {
  readonly backend: 'redis' | 'postgres' | 'memory';
  readonly version: string;
  readonly warnings: readonly { readonly setting: string; readonly value: string; readonly mend: string }[];
}
