/**
 * A trial's life, as a table and one function. `docs/states.md` is generated from the table.
 *
 * Owns what an event does to a trial. Terminal trials never change; a stale lease changes nothing (the caller keeps what was
 * measured under its attempt). Source of the lease rules: docs/ARCHITECTURE.md, "Leases".
 */
import type { Params } from '@sweep/optimizer';
import { type AttemptEnd, causeOf, type FailureCause, failureClasses } from './failure.js';
import type { AgentId, LeaseId, SweepId, TrialId } from './ids.js';
import { decideRetry, type Place } from './retry.js';
import type { RetryPolicy } from './spec.js';

export const trialStates = ['queued', 'running', 'stopping', 'completed', 'pruned', 'failed', 'cancelled'] as const;
export type TrialState = (typeof trialStates)[number];
export type LiveTrialState = 'queued' | 'running' | 'stopping';
export type EndedTrialState = Exclude<TrialState, LiveTrialState>;

export interface Lease {
  readonly id: LeaseId;
  readonly agent: AgentId;
  readonly slot: number;
  /** Milliseconds since the epoch, database clock. */
  readonly expiresAt: number;
}

/** Who wants a running trial to end, and why. *pruned* is the algorithm's act, *cancelled* a person's. */
export interface StopRequest {
  readonly kind: 'prune' | 'cancel';
  readonly reason: string;
}

/** What a trial came to. Nothing until a result is counted. */
export interface Measured {
  /** The objectives' values, in order; null where none that is finite was logged. */
  readonly values: readonly (number | null)[];
  /** What the sweep's limits bound, in order; null likewise. */
  readonly limits: readonly (number | null)[];
  /** The first objective on the way, in sweeps that stop trials early: a few points, by the count of values logged. */
  readonly curve: readonly (readonly [place: number, value: number])[];
}

export const nothingMeasured: Measured = { values: [], limits: [], curve: [] };

export interface Trial extends Measured {
  readonly id: TrialId;
  readonly sweep: SweepId;
  /** 1, 2, … in its sweep. */
  readonly number: number;
  readonly params: Params;
  readonly origin: 'sampler' | 'enqueued' | 'retry' | 'external';
  /** The trial that a person asked to try again. */
  readonly retryOf: TrialId | null;
  readonly state: TrialState;
  /** Words for people; codes are in `cause`. */
  readonly reason: string | null;
  readonly cause: FailureCause | null;
  /** Number of the current or last attempt; 0 before the first. */
  readonly attempt: number;
  /** Stands exactly while the state is `running` or `stopping`. */
  readonly lease: Lease | null;
  readonly stop: StopRequest | null;
  readonly notBefore: number | null;
  /** Agents that lost this trial or may be to blame for its failure, oldest first: the next attempt goes elsewhere where it can. */
  readonly lostBy: readonly AgentId[];
  /** Causes of the attempts that ended without a result, oldest first. */
  readonly causes: readonly FailureCause[];
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export type TrialEvent =
  | { readonly kind: 'leased'; readonly lease: Lease }
  | { readonly kind: 'cancel'; readonly reason: string }
  | { readonly kind: 'prune'; readonly reason: string }
  /** The attempt's process is over; `lease` names the attempt that says so. */
  | {
      readonly kind: 'ended';
      readonly lease: LeaseId;
      readonly end: AttemptEnd;
      readonly measured: Measured;
      readonly logged: readonly string[];
    }
  /** The lease ran out and nobody answered. What was measured counts if the trial was to be stopped anyway. */
  | { readonly kind: 'lost'; readonly measured: Measured }
  /** Its machine may run nothing any more. What it did so far counts against nobody. */
  | { readonly kind: 'taken-away'; readonly reason: string; readonly measured: Measured };

export interface TrialTransition {
  readonly from: readonly TrialState[];
  readonly event: string;
  readonly guard: string;
  readonly to: string;
}

/** The table that people read; `applyTrialEvent` is held to it by a test that walks every row. */
export const trialTransitions: readonly TrialTransition[] = [
  { from: ['queued'], event: 'leased', guard: 'sweep pending or running; not before `notBefore`', to: 'running' },
  { from: ['queued'], event: 'cancel', guard: '', to: 'cancelled' },
  { from: ['running'], event: 'prune', guard: '', to: 'stopping(prune)' },
  { from: ['running', 'stopping'], event: 'cancel', guard: '', to: 'stopping(cancel)' },
  { from: ['running'], event: 'ended', guard: 'exit 0, objective seen (or the sweep has none)', to: 'completed' },
  { from: ['running'], event: 'ended', guard: 'exit 0, no objective', to: 'failed(no-objective)' },
  { from: ['running'], event: 'ended', guard: 'otherwise, `decideRetry` says yes', to: 'queued(notBefore)' },
  { from: ['running'], event: 'ended', guard: 'otherwise, `decideRetry` says no', to: 'failed(cause)' },
  { from: ['running'], event: 'lost', guard: '`decideRetry` says yes', to: 'queued(notBefore)' },
  { from: ['running'], event: 'lost', guard: '`decideRetry` says no', to: 'failed(lost)' },
  { from: ['running'], event: 'taken-away', guard: 'its agent is quarantined', to: 'queued' },
  { from: ['stopping'], event: 'ended', guard: 'asked to prune; exit 0 before the stop signal reached the program', to: 'completed' },
  { from: ['stopping'], event: 'ended', guard: 'asked to prune', to: 'pruned' },
  { from: ['stopping'], event: 'lost, taken-away', guard: 'asked to prune', to: 'pruned' },
  { from: ['stopping'], event: 'ended', guard: 'asked to cancel', to: 'cancelled' },
  { from: ['stopping'], event: 'lost, taken-away', guard: 'asked to cancel', to: 'cancelled' },
];

/** The columns that change; everything else of the trial stays. */
export interface TrialMove extends Measured {
  readonly state: TrialState;
  readonly reason: string | null;
  readonly cause: FailureCause | null;
  readonly lease: Lease | null;
  readonly stop: StopRequest | null;
  readonly attempt: number;
  readonly notBefore: number | null;
  readonly lostBy: readonly AgentId[];
  readonly causes: readonly FailureCause[];
  /** Whether the attempt that ended is the one whose result counts. */
  readonly counted: boolean;
}

export type TrialOutcome =
  | { readonly kind: 'moved'; readonly move: TrialMove }
  /** The lease is not current: the state stays, what was measured is kept under its attempt. */
  | { readonly kind: 'stale' }
  /** The event does not apply in this state. */
  | { readonly kind: 'ignored'; readonly because: string };

export interface TrialRules {
  readonly retry: RetryPolicy | null;
  /** Names of the objectives, in order. Empty: exit 0 alone completes a trial. */
  readonly objectives: readonly string[];
  /** Milliseconds since the epoch, database clock. */
  readonly now: number;
  /** Of the attempt that is over. */
  readonly place: Place;
}

export const isLive = (state: TrialState): state is LiveTrialState => state === 'queued' || state === 'running' || state === 'stopping';

export function applyTrialEvent(trial: Trial, event: TrialEvent, rules: TrialRules): TrialOutcome {
  switch (event.kind) {
    case 'leased':
      return onLeased(trial, event.lease, rules.now);
    case 'cancel':
      return onCancel(trial, event.reason);
    case 'prune':
      if (trial.state !== 'running') return { kind: 'ignored', because: `the trial is ${trial.state}` };
      return moved(trial, { state: 'stopping', reason: event.reason, stop: { kind: 'prune', reason: event.reason } });
    case 'ended':
      return onEnded(trial, event, rules);
    case 'lost':
      return onLost(trial, event.measured, rules);
    case 'taken-away':
      return onTakenAway(trial, event);
  }
}

function onLeased(trial: Trial, lease: Lease, now: number): TrialOutcome {
  if (trial.state !== 'queued') return { kind: 'ignored', because: `the trial is ${trial.state}` };
  if (trial.notBefore !== null && trial.notBefore > now) return { kind: 'ignored', because: 'the trial waits for its back-off' };
  return moved(trial, { state: 'running', reason: null, cause: null, lease, stop: null, attempt: trial.attempt + 1, notBefore: null });
}

function onCancel(trial: Trial, reason: string): TrialOutcome {
  if (trial.state === 'queued') return moved(trial, { state: 'cancelled', reason, notBefore: null });
  if (trial.state !== 'running' && trial.state !== 'stopping') return { kind: 'ignored', because: `the trial is ${trial.state}` };
  // A person's wish outranks the algorithm's: a trial being pruned becomes one being cancelled.
  return moved(trial, { state: 'stopping', reason, stop: { kind: 'cancel', reason } });
}

function onEnded(trial: Trial, event: Extract<TrialEvent, { kind: 'ended' }>, rules: TrialRules): TrialOutcome {
  if (!isLive(trial.state)) return { kind: 'stale' };
  if (trial.lease?.id !== event.lease) return { kind: 'stale' };
  const seen = rules.objectives.every((name) => event.logged.includes(name));
  const { measured } = event;
  if (trial.state === 'stopping') return endStopping(trial, event, seen);
  const cause = causeOf(event.end);
  if (cause !== null) return retryOrFail({ ...trial, ...measured }, cause, rules, event.end);
  if (seen) return moved(trial, { state: 'completed', reason: null, lease: null, stop: null, ...measured, counted: true });
  return moved(trial, {
    state: 'failed',
    reason: missingObjective(rules.objectives, event.logged),
    cause: 'no-objective',
    lease: null,
    causes: [...trial.causes, 'no-objective'],
    ...measured,
    counted: true,
  });
}

function endStopping(trial: Trial, event: Extract<TrialEvent, { kind: 'ended' }>, seen: boolean): TrialOutcome {
  const { end, measured } = event;
  const finishedFirst = trial.stop?.kind === 'prune' && causeOf(end) === null && !end.signalled && seen;
  if (finishedFirst) return moved(trial, { state: 'completed', reason: null, lease: null, stop: null, ...measured, counted: true });
  const state = trial.stop?.kind === 'prune' ? 'pruned' : 'cancelled';
  return moved(trial, { state, reason: trial.stop?.reason ?? null, lease: null, ...measured, counted: true });
}

function onLost(trial: Trial, measured: Measured, rules: TrialRules): TrialOutcome {
  if (trial.state === 'stopping') return stopWithoutEnd(trial, measured);
  if (trial.state !== 'running' || trial.lease === null) return { kind: 'ignored', because: `the trial is ${trial.state}` };
  return retryOrFail({ ...trial, lostBy: [...trial.lostBy, trial.lease.agent] }, 'lost', rules, undefined);
}

function onTakenAway(trial: Trial, { reason, measured }: Extract<TrialEvent, { kind: 'taken-away' }>): TrialOutcome {
  if (trial.state === 'stopping') return stopWithoutEnd(trial, measured);
  if (trial.state !== 'running' || trial.lease === null) return { kind: 'ignored', because: `the trial is ${trial.state}` };
  const lostBy = [...trial.lostBy, trial.lease.agent];
  return moved(trial, { state: 'queued', reason, cause: null, lease: null, stop: null, notBefore: null, lostBy, ...nothingMeasured });
}

function stopWithoutEnd(trial: Trial, measured: Measured): TrialOutcome {
  const state = trial.stop?.kind === 'prune' ? 'pruned' : 'cancelled';
  return moved(trial, { state, reason: trial.stop?.reason ?? null, lease: null, ...measured, counted: true });
}

function retryOrFail(trial: Trial, cause: FailureCause, rules: TrialRules, end: AttemptEnd | undefined): TrialOutcome {
  const causes = [...trial.causes, cause];
  const { retry, place, now } = rules;
  const verdict = decideRetry({ cause, exitCode: end?.exitCode ?? null, earlier: trial.causes, policy: retry, place });
  if (verdict.retry) {
    const notBefore = verdict.delayMs > 0 ? now + verdict.delayMs : null;
    const lostBy = avoids(trial, cause, place);
    const again = { state: 'queued', reason: verdict.reason, cause, lease: null, stop: null, notBefore, causes, lostBy } as const;
    return moved(trial, { ...again, ...nothingMeasured });
  }
  const where = cause === 'lost' ? `; the agents that lost it: ${trial.lostBy.join(', ')}` : '';
  const reason = `${end?.detail ?? verdict.reason}${where}`;
  return moved(trial, { state: 'failed', reason, cause, lease: null, stop: null, causes, counted: true });
}

/** A loss has named its agent already. */
function avoids({ lease, lostBy }: Trial, cause: FailureCause, { suspect }: Place): readonly AgentId[] {
  const mayBeMachine = cause !== 'lost' && (suspect || failureClasses[cause].elsewhere);
  return mayBeMachine && lease !== null ? [...lostBy, lease.agent] : lostBy;
}

function moved(trial: Trial, change: Partial<TrialMove>): TrialOutcome {
  const { state, reason, cause, lease, stop, attempt, notBefore, lostBy, causes, values, limits, curve } = trial;
  return {
    kind: 'moved',
    move: { state, reason, cause, lease, stop, attempt, notBefore, lostBy, causes, values, limits, curve, counted: false, ...change },
  };
}

function missingObjective(wanted: readonly string[], logged: readonly string[]): string {
  const missing = wanted.map((name) => `\`${name}\``).join(' and ');
  if (logged.length === 0) return `the program ended well but logged nothing; the sweep wants ${missing}`;
  const names = [...logged]
    .sort()
    .slice(0, 8)
    .map((name) => `\`${name}\``);
  const more = logged.length > 8 ? ` and ${logged.length - 8} more` : '';
  return `you logged ${names.join(', ')}${more}; the sweep wants ${missing}`;
}
