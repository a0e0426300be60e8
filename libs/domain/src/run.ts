/**
 * The states of a run: those of a run without a trial, and what a trial's run shows.
 *
 * The words are those of W&B's clients, which compare them (`wait_until_finished`, filters): they must not change. What moves a run
 * without a trial from one to the next is decided where its client is understood.
 */
import type { FailureCause } from './failure.js';
import type { TrialState } from './trial.js';

export const runStates = ['pending', 'running', 'preempting', 'finished', 'failed', 'killed', 'crashed', 'preempted'] as const;
export type RunState = (typeof runStates)[number];

/** Of a trial in each state; one that failed for this cause has its own word. */
export const runStateOfTrialState: Readonly<Record<TrialState, RunState>> = {
  queued: 'pending',
  running: 'running',
  stopping: 'running',
  completed: 'finished',
  pruned: 'killed',
  cancelled: 'killed',
  failed: 'failed',
};
export const crashCause: FailureCause = 'lost';

export function runStateOfTrial({ state, cause }: { readonly state: TrialState; readonly cause: string | null }): RunState {
  return state === 'failed' && cause === crashCause ? 'crashed' : runStateOfTrialState[state];
}

export const isLiveRun = (state: RunState): boolean => state === 'pending' || state === 'running' || state === 'preempting';
