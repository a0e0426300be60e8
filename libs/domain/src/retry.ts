/**
 * Whether a trial is tried again, after which delay, and why: decided from the cause, never from a count of queue attempts.
 *
 * The sweep file's `retry` comes first, then what the class of the failure allows by itself (failure.ts). A failure on a machine that
 * has run nothing well of this sweep since its last one may be the machine's: it is tried once on another.
 */
import { type FailureCause, failureClasses } from './failure.js';
import type { RetryCause, RetryPolicy } from './spec.js';

const longestDelayMs = 3_600_000;

export type RetryVerdict =
  | { readonly retry: true; readonly delayMs: number; readonly reason: string }
  | { readonly retry: false; readonly reason: string };

/** Where the attempt ran, as far as the question "could it be the machine?" goes. */
export interface Place {
  /** Its end speaks against the machine, and the machine's last end in this sweep did too, or there is none. */
  readonly suspect: boolean;
  /** Another machine, which has not failed this trial, could take it. */
  readonly another: boolean;
}

export const knownPlace: Place = { suspect: false, another: false };

export interface RetryQuestion {
  readonly cause: FailureCause;
  readonly exitCode: number | null;
  /** Causes of the attempts before this one, oldest first. */
  readonly earlier: readonly FailureCause[];
  readonly policy: RetryPolicy | null;
  readonly place: Place;
}

export function decideRetry({ cause, exitCode, earlier, policy, place }: RetryQuestion): RetryVerdict {
  if (cause === 'no-objective') return { retry: false, reason: 'the program logged no objective; another try would do the same' };
  const own = failureClasses[cause];
  const covered = policy?.on.some((wanted) => covers(wanted, cause, exitCode)) ?? false;
  const allowed = covered && policy !== null ? policy.max : own.elsewhere && !place.another ? 0 : own.retries;
  const name = cause === 'exit' && exitCode !== null ? `exit code ${exitCode}` : cause;
  const used = earlier.filter((other) => other === cause).length;
  if (used < allowed) {
    const where = !covered && own.elsewhere ? ' on another machine' : '';
    return { retry: true, delayMs: delay(cause, used, policy), reason: `${name}: retry ${used + 1} of ${allowed}${where}` };
  }
  if (!covered && place.suspect && place.another && earlier.every((other) => other === 'lost'))
    return { retry: true, delayMs: 0, reason: `${name}: the machine may be to blame, so once on another` };
  return { retry: false, reason: allowed === 0 ? `${name}: not retried` : `${name}: given up after ${used + 1} attempts` };
}

function covers(wanted: RetryCause, cause: FailureCause, exitCode: number | null): boolean {
  if (wanted === 'any') return true;
  if (typeof wanted === 'object') return fromProgram.includes(cause) && exitCode !== null && wanted.exit.includes(exitCode);
  return wanted === cause || (wanted === 'oom' && cause === 'gpu-oom');
}

/** What the program itself said by its exit code, whatever its last words were. */
const fromProgram: readonly FailureCause[] = ['exit', 'try-again', 'import-error', 'nan-loss', 'network'];

/** A loss needs no pause: another machine takes the trial. Everything else waits twice as long each time. */
function delay(cause: FailureCause, used: number, policy: RetryPolicy | null): number {
  if (cause === 'lost') return 0;
  return Math.min((policy?.backoffMs ?? failureClasses[cause].delayMs) * 2 ** used, longestDelayMs);
}
