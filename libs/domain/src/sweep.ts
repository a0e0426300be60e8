/**
 * A sweep's life, as a table. `docs/states.md` is generated from it.
 *
 * Owns which event moves a sweep where, and what must follow. Who stores it (store) and when an event is raised (advance.ts,
 * the controller) are elsewhere.
 */
import type { ProjectId, SweepId, UserId } from './ids.js';

export const sweepStates = ['pending', 'running', 'paused', 'stopping', 'completed', 'cancelled', 'failed'] as const;
export type SweepState = (typeof sweepStates)[number];

/** Why a sweep stops or stopped. The first three keep `stopping` until the last live trial has ended. */
export type StopReason = 'stopped' | 'cancelled' | 'target' | 'failures' | 'sampler';
/** Why a sweep is over, beside the above: its budget is spent or its space holds no further point. */
export type SweepReason = StopReason | 'budget' | 'exhausted';

export type SweepEvent =
  | { readonly kind: 'first-lease' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'target-reached' }
  | { readonly kind: 'too-many-failures' }
  | { readonly kind: 'sampler-failed' }
  | { readonly kind: 'nothing-left'; readonly reason: 'budget' | 'exhausted' }
  | { readonly kind: 'drained' };

/** What must be done after the row has changed. All are safe to do twice. */
export type SweepEffect = 'tick' | 'offer-queued' | 'withdraw-queued' | 'cancel-queued' | 'stop-running';

export interface SweepTransition {
  readonly from: readonly SweepState[];
  readonly event: SweepEvent['kind'];
  readonly to: SweepState;
  readonly reason: SweepReason | 'cleared' | 'kept' | 'from-event';
  readonly effects: readonly SweepEffect[];
}

const live = ['pending', 'running', 'paused'] as const;

export const sweepTransitions: readonly SweepTransition[] = [
  { from: ['pending'], event: 'first-lease', to: 'running', reason: 'cleared', effects: [] },
  { from: ['pending', 'running'], event: 'pause', to: 'paused', reason: 'cleared', effects: ['withdraw-queued'] },
  // A sweep with nothing left completes again at its next tick.
  {
    from: ['paused', 'completed', 'cancelled', 'failed'],
    event: 'resume',
    to: 'running',
    reason: 'cleared',
    effects: ['tick', 'offer-queued'],
  },
  { from: live, event: 'stop', to: 'stopping', reason: 'stopped', effects: ['cancel-queued', 'tick'] },
  { from: live, event: 'cancel', to: 'stopping', reason: 'cancelled', effects: ['cancel-queued', 'stop-running', 'tick'] },
  { from: ['stopping'], event: 'cancel', to: 'stopping', reason: 'cancelled', effects: ['cancel-queued', 'stop-running', 'tick'] },
  { from: ['running'], event: 'target-reached', to: 'stopping', reason: 'target', effects: ['cancel-queued', 'tick'] },
  { from: ['running'], event: 'too-many-failures', to: 'stopping', reason: 'failures', effects: ['cancel-queued', 'tick'] },
  { from: ['pending', 'running'], event: 'sampler-failed', to: 'stopping', reason: 'sampler', effects: ['cancel-queued', 'tick'] },
  { from: ['pending', 'running'], event: 'nothing-left', to: 'completed', reason: 'from-event', effects: [] },
];

/** Where `drained` (no live trial left) takes a stopping sweep. */
export const endOfStopping: Readonly<Record<StopReason, 'completed' | 'cancelled' | 'failed'>> = {
  stopped: 'completed',
  target: 'completed',
  cancelled: 'cancelled',
  failures: 'failed',
  sampler: 'failed',
};

export interface SweepStatus {
  readonly state: SweepState;
  readonly reason: SweepReason | null;
}

export interface SweepMove extends SweepStatus {
  readonly effects: readonly SweepEffect[];
}

/** The next status, or undefined when the event does not apply in this state (then nothing changes). */
export function applySweepEvent(status: SweepStatus, event: SweepEvent): SweepMove | undefined {
  if (event.kind === 'drained') {
    if (status.state !== 'stopping' || status.reason === null) return undefined;
    const to = endOfStopping[status.reason as StopReason];
    return { state: to, reason: status.reason, effects: [] };
  }
  const row = sweepTransitions.find((candidate) => candidate.event === event.kind && candidate.from.includes(status.state));
  if (row === undefined) return undefined;
  return { state: row.to, reason: nextReason(row, status, event), effects: row.effects };
}

function nextReason(row: SweepTransition, status: SweepStatus, event: SweepEvent): SweepReason | null {
  switch (row.reason) {
    case 'cleared':
      return null;
    case 'kept':
      return status.reason;
    case 'from-event':
      return event.kind === 'nothing-left' ? event.reason : null;
    default:
      return row.reason;
  }
}

export const isEnded = (state: SweepState): boolean => state === 'completed' || state === 'cancelled' || state === 'failed';

/** The stored sweep. `config` is the truth about what is searched; everything else is about the search itself. */
export interface Sweep {
  readonly id: SweepId;
  readonly project: ProjectId;
  /** `entity/project` names, for paths. */
  readonly entity: string;
  readonly projectName: string;
  readonly name: string;
  readonly state: SweepState;
  readonly reason: SweepReason | null;
  /** The sweep file as given. */
  readonly config: string;
  readonly revision: number;
  /** Raised by every change of the sweep itself (state, revision, proposals); guards the advance step against a second one. */
  readonly version: number;
  /** Where the sampler stands (`Answer.cursor`). */
  readonly cursor: number;
  /** The sampler, or who searches in its place, said that the space holds no further point. */
  readonly exhausted: boolean;
  /** How many ends of trials the sampler has seen: the length of the log that its proposals are made from. */
  readonly logLength: number;
  /** Fixed at creation when the file gives none. */
  readonly seed: bigint;
  readonly pool: string;
  readonly priority: number;
  readonly parallel: number | null;
  readonly runCap: number | null;
  readonly priorRuns: readonly string[];
  readonly createdBy: UserId | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}
