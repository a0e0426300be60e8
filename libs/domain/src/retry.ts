/**
 * Whether a trial is tried again, after which delay, and why: decided from the cause, never from a count of queue attempts.
 *
 * Defaults: losses are retried (the machine is to blame), a program's own failures never, exit 75 asks for another try.
 */
import type { FailureCause } from './failure.js';
import type { RetryCause, RetryPolicy } from './spec.js';

export const defaultLossRetries = 3;
export const defaultTryAgainRetries = 3;
const longestDelayMs = 3_600_000;
const defaultBackoffMs = 1_000;

export type RetryVerdict =
  | { readonly retry: true; readonly delayMs: number; readonly reason: string }
  | { readonly retry: false; readonly reason: string };

export interface RetryQuestion {
  readonly cause: FailureCause;
  readonly exitCode: number | null;
  /** Causes of the attempts before this one, oldest first. */
  readonly earlier: readonly FailureCause[];
  readonly policy: RetryPolicy | null;
}

export function decideRetry({ cause, exitCode, earlier, policy }: RetryQuestion): RetryVerdict {
  if (cause === 'no-objective') return { retry: false, reason: 'the program logged no objective; another try would do the same' };
  const covered = policy?.on.some((wanted) => covers(wanted, cause, exitCode)) ?? false;
  const allowed = covered && policy !== null ? policy.max : defaultRetries(cause);
  const name = cause === 'exit' && exitCode !== null ? `exit code ${exitCode}` : cause;
  if (allowed === 0) return { retry: false, reason: `${name}: not retried` };
  const used = earlier.filter((other) => other === cause).length;
  if (used >= allowed) return { retry: false, reason: `${name}: given up after ${used + 1} attempts` };
  return { retry: true, delayMs: delay(cause, used, policy), reason: `${name}: retry ${used + 1} of ${allowed}` };
}

function covers(wanted: RetryCause, cause: FailureCause, exitCode: number | null): boolean {
  if (wanted === 'any') return true;
  if (typeof wanted === 'object') return (cause === 'exit' || cause === 'try-again') && exitCode !== null && wanted.exit.includes(exitCode);
  return wanted === cause;
}

function defaultRetries(cause: FailureCause): number {
  if (cause === 'lost') return defaultLossRetries;
  return cause === 'try-again' ? defaultTryAgainRetries : 0;
}

/** A loss needs no pause: another machine takes the trial. Everything else waits twice as long each time. */
function delay(cause: FailureCause, used: number, policy: RetryPolicy | null): number {
  if (cause === 'lost') return 0;
  return Math.min((policy?.backoffMs ?? defaultBackoffMs) * 2 ** used, longestDelayMs);
}
