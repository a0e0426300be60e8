/** What the contract needs of an implementation. */
import type { Dispatch } from '@sweep/dispatch';

/** One queue server of its own for each call; `controller` opens one more controller on it. */
export interface ContractServer {
  controller(): Promise<Dispatch>;
  /** How long an offer stays with its taker here. */
  readonly offerLockMs: number;
  close(): Promise<void>;
}
