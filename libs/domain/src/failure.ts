/** How an attempt ended, and what that means. Owns the classification from facts; what follows from it is retry.ts. */

/** Facts that an agent reports about a process that is over. */
export interface AttemptEnd {
  readonly exitCode: number | null;
  /** `SIGTERM`, …; null when the process left by itself. */
  readonly signal: string | null;
  /** Whether a stop signal of ours reached the program before it ended. */
  readonly signalled: boolean;
  /** Set when the end is not the program's own: our time limit, a start that failed, evidence found by the agent. */
  readonly evidence: 'timeout' | 'start-failed' | 'oom' | 'no-space' | 'gpu-error' | 'infeasible' | null;
  /** One sentence for people: `exit code 3`, `killed by SIGSEGV`, `cannot start "pyhton": not found`. */
  readonly detail: string;
}

export const failureCauses = [
  'exit',
  'try-again',
  'signal',
  'oom',
  'timeout',
  'no-space',
  'gpu-error',
  'start-failed',
  'infeasible',
  'lost',
  'no-objective',
] as const;
export type FailureCause = (typeof failureCauses)[number];

/** EX_TEMPFAIL of sysexits.h: the program asks to be tried again. */
export const exitTryAgain = 75;

/** Null when the program ended well. */
export function causeOf(end: AttemptEnd): FailureCause | null {
  if (end.evidence !== null) return end.evidence;
  if (end.signal !== null) return 'signal';
  if (end.exitCode === 0) return null;
  return end.exitCode === exitTryAgain ? 'try-again' : 'exit';
}

/** What a sampler may conclude: the point is to blame, or the machine is. */
export function blameOf(cause: FailureCause): 'config' | 'infra' {
  switch (cause) {
    case 'exit':
    case 'oom':
    case 'timeout':
    case 'infeasible':
    case 'no-objective':
      return 'config';
    case 'try-again':
    case 'signal':
    case 'no-space':
    case 'gpu-error':
    case 'start-failed':
    case 'lost':
      return 'infra';
  }
}
