/**
 * How an attempt ended, and what is known of each way to fail. Owns the classification from facts and the table of classes; whether
 * one trial is tried again is retry.ts, whether a machine is to blame is quarantine.ts.
 */

/** What an agent found out about an end beyond exit code and signal: our own limit, the program's last words, the kernel, GPU counters. */
export const evidences = [
  'timeout',
  'start-failed',
  'oom',
  'gpu-oom',
  'no-space',
  'gpu-error',
  'import-error',
  'nan-loss',
  'network',
  'infeasible',
] as const;
export type Evidence = (typeof evidences)[number];

/** Facts that an agent reports about a process that is over. */
export interface AttemptEnd {
  readonly exitCode: number | null;
  /** `SIGTERM`, …; null when the process left by itself. */
  readonly signal: string | null;
  /** Whether a stop signal of ours reached the program before it ended. */
  readonly signalled: boolean;
  readonly evidence: Evidence | null;
  /** One sentence for people: `exit code 3`, `killed by SIGSEGV`, `cannot start "pyhton": not found`. */
  readonly detail: string;
}

export const failureCauses = ['exit', 'try-again', 'signal', ...evidences, 'lost', 'no-objective'] as const;
export type FailureCause = (typeof failureCauses)[number];

export interface FailureClass {
  /** What a sampler may conclude: the point is to blame (infeasible), or the machine is (nothing is learnt of the point). */
  readonly blame: 'config' | 'infra';
  /** How often a trial is tried again for it when the sweep file says nothing. */
  readonly retries: number;
  /** The next attempt goes to a machine that has not failed it; without one there is none. */
  readonly elsewhere: boolean;
  /** Before the first retry; twice as long before each further one. */
  readonly delayMs: number;
  /** So many trials that fail alike, and none that does not, end the sweep. */
  readonly endsSweepAfter: number;
}

const programs: FailureClass = { blame: 'config', retries: 0, elsewhere: false, delayMs: 1_000, endsSweepAfter: 5 };
const machines: FailureClass = { blame: 'infra', retries: 1, elsewhere: true, delayMs: 0, endsSweepAfter: 5 };

/**
 * One row a class. A program's own failures are not tried again, as at W&B; what a machine lacks is tried once on another one.
 */
export const failureClasses: Readonly<Record<FailureCause, FailureClass>> = {
  exit: programs,
  oom: programs,
  'gpu-oom': programs,
  timeout: programs,
  'nan-loss': programs,
  infeasible: programs,
  'no-objective': programs,
  // Nobody knows who sent it. The file may ask for a retry.
  signal: { ...programs, blame: 'infra' },
  'try-again': { ...programs, blame: 'infra', retries: 3 },
  network: { ...programs, blame: 'infra', retries: 1, delayMs: 10_000 },
  'no-space': machines,
  'gpu-error': machines,
  // A missing package or program is missing for every trial.
  'import-error': { ...machines, endsSweepAfter: 3 },
  'start-failed': { ...machines, endsSweepAfter: 3 },
  // On a single machine too: it may be back.
  lost: { ...machines, retries: 3, elsewhere: false },
};

/** EX_TEMPFAIL of sysexits.h: the program asks to be tried again. */
export const exitTryAgain = 75;

/** Null when the program ended well. */
export function causeOf(end: AttemptEnd): FailureCause | null {
  if (end.evidence !== null) return end.evidence;
  if (end.signal !== null) return 'signal';
  if (end.exitCode === 0) return null;
  return end.exitCode === exitTryAgain ? 'try-again' : 'exit';
}

export const blameOf = (cause: FailureCause): FailureClass['blame'] => failureClasses[cause].blame;

/**
 * Whether an end may speak against the machine: the program left by itself with an error, or memory ran out and something proves it.
 * A bare signal says nothing, and what we or the program's author asked for is no failure of a machine.
 */
export function speaksAgainstMachine(end: AttemptEnd): boolean {
  const cause = causeOf(end);
  if (cause === null || end.signalled) return false;
  if (cause === 'timeout' || cause === 'infeasible' || cause === 'try-again') return false;
  return cause === 'oom' || cause === 'start-failed' || (end.signal === null && end.exitCode !== null);
}
