/** What W&B's clients do moves a run without a trial from one state to the next. A trial's run shows its trial's state. */
import { type RunState, runStates } from '@sweep/domain';

/** After this long without a request a run counts as crashed; clients send something every 30 s. */
export const crashedAfterMs = 5 * 60_000;

export type RunEvent =
  /** A program (re)initialised the run: its earlier end, exit code included, is history. */
  | { readonly kind: 'begun' }
  /** A file_stream request that does not end the run. */
  | { readonly kind: 'heard' }
  | { readonly kind: 'preempting' }
  | { readonly kind: 'completed'; readonly exitCode: number | null }
  /** Nothing was heard for `crashedAfterMs`. */
  | { readonly kind: 'silent' };

export interface RunTransition {
  readonly from: readonly RunState[];
  readonly event: RunEvent['kind'];
  readonly guard: string;
  readonly to: RunState;
}

/** The table that people read; `nextRunState` is held to it by a test. */
export const runTransitions: readonly RunTransition[] = [
  { from: runStates, event: 'begun', guard: '', to: 'running' },
  { from: ['pending', 'crashed'], event: 'heard', guard: '', to: 'running' },
  { from: ['pending', 'running', 'crashed'], event: 'preempting', guard: '', to: 'preempting' },
  { from: runStates, event: 'completed', guard: 'a stop was asked for, or exit code 255', to: 'killed' },
  { from: runStates, event: 'completed', guard: 'exit code 0, or none given', to: 'finished' },
  { from: ['preempting', 'preempted'], event: 'completed', guard: 'another exit code', to: 'preempted' },
  {
    from: runStates.filter((state) => state !== 'preempting' && state !== 'preempted'),
    event: 'completed',
    guard: 'another exit code',
    to: 'failed',
  },
  { from: ['running'], event: 'silent', guard: '', to: 'crashed' },
  { from: ['preempting'], event: 'silent', guard: '', to: 'preempted' },
];

/** What people may make of a run by hand, and of which: to be tried again, or given up. As the client documents `Run.update_state`. */
const byHand: Partial<Record<RunState, readonly RunState[]>> = {
  pending: ['running', 'failed', 'crashed', 'preempted'],
  failed: ['pending', 'running'],
};

/** To the same state is always one: the answer to it may have been lost. */
export const mayBecomeByHand = (from: RunState, to: RunState): boolean => from === to || (byHand[to]?.includes(from) ?? false);

/** The exit code of a run that was interrupted: by Ctrl-C, or by the server. */
const interrupted = 255;

/** @param stopAsked whether anyone asked the run to stop: its exit code does not tell. */
export function nextRunState(run: { readonly state: RunState; readonly stopAsked: boolean }, event: RunEvent): RunState {
  const { state } = run;
  switch (event.kind) {
    case 'begun':
      return 'running';
    case 'heard':
      return state === 'pending' || state === 'crashed' ? 'running' : state;
    case 'preempting':
      return state === 'pending' || state === 'running' || state === 'crashed' ? 'preempting' : state;
    case 'completed':
      if (run.stopAsked || event.exitCode === interrupted) return 'killed';
      if (event.exitCode === 0 || event.exitCode === null) return 'finished';
      return state === 'preempting' || state === 'preempted' ? 'preempted' : 'failed';
    case 'silent':
      if (state === 'preempting') return 'preempted';
      return state === 'running' ? 'crashed' : state;
  }
}
