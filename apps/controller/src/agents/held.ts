/** What a session knows of an attempt that its agent holds. */
import type { SweepId } from '@sweep/domain';
import type { Attempt } from '@sweep/store';

/** An attempt whose messages a session may send. */
export interface HeldAttempt {
  readonly attempt: Attempt;
  readonly sweep: SweepId;
  /** What is on its way to the store; a Finished waits for it. */
  pending: Promise<unknown>;
  acked: { points: number; stdout: number; stderr: number };
}
