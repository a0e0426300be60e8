/** What the journal holds of an attempt. */
import type { Finished, Grant } from '@sweep/protocol';

export type AttemptState = 'preparing' | 'running' | 'stopping' | 'exited' | 'reported';

/** Why the agent ends the program. `away`: the controller is out of reach and the sweep wants nothing to run then. */
export type StopKind = 'prune' | 'cancel' | 'stale' | 'forget' | 'timeout' | 'away' | 'leave';

export interface StopOrder {
  readonly kind: StopKind;
  readonly reason: string;
}

export interface AttemptRecord {
  readonly grant: Grant;
  readonly state: AttemptState;
  /** Where the program runs; null while it is being prepared. */
  readonly cwd: string | null;
  /** Milliseconds since the epoch; null before the start. */
  readonly startedAt: number | null;
  readonly stop: StopOrder | null;
  /** The result, once the process is over; null for an attempt that ends without one (nobody saw its end, or it was given up). */
  readonly finished: Finished | null;
}
