/** How the program of a W&B agent ended, as far as its silence or its last words tell. Pure. */
import { type AttemptEnd, exitTryAgain } from '@sweep/domain';
import type { Disappearance } from '@sweep/wandb';

const silent = { exitCode: null, signalled: false, evidence: null } as const;

export function endOfDisappearance(why: Disappearance, { preempting, stopped }: { preempting: boolean; stopped: boolean }): AttemptEnd {
  if (why === 'never-started') {
    const detail = 'the agent never said that the program runs: it cannot be started, or it ended before `wandb.init`';
    return { ...silent, signal: null, evidence: 'start-failed', detail };
  }
  if (preempting && !stopped) return preempted;
  // Whatever ends by itself says so; only a killed process goes like this, and by which signal nobody tells.
  return { ...silent, signal: 'SIGKILL', signalled: stopped, detail: 'the program went without a last word: something killed it' };
}

export function endOfCompletion(exitCode: number | null, preempting: boolean): AttemptEnd {
  const code = exitCode ?? 0;
  if (preempting && code !== 0) return preempted;
  return { exitCode: code, signal: null, signalled: false, evidence: null, detail: `exit code ${code}` };
}

/** Its agent was told to leave, which kills what it runs. */
export const endOfDismissal: AttemptEnd = { ...silent, signal: 'SIGKILL', signalled: true, detail: 'its agent was told to leave' };

/** Counts as a wish for another try: the machine goes, the trial is as good as before. */
const preempted: AttemptEnd = { ...silent, exitCode: exitTryAgain, signal: null, detail: 'its machine was about to go (preempted)' };
