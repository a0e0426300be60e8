/** Possession of trials in the twin: the same order and limits as in the database. */
import { type AgentId, type Lease, type LeaseId, runId, type Sweep, type SweepId, type TrialId, takesWork } from '@sweep/domain';
import type { Attempt, AttemptKey, Leased, LeaseRequest } from '../store.js';
import { compareBy } from './order.js';
import { copyTrial, heldBySweep, type MemoryState, type TrialRecord } from './state.js';

interface Holder {
  readonly id: LeaseId;
  readonly agent: AgentId;
  readonly slot: number;
  readonly ttlMs: number;
  readonly key: AttemptKey | null;
}

export function leaseBest(state: MemoryState, request: LeaseRequest): Leased | null {
  if (request.alone === true && [...state.trials.values()].some(({ lease }) => lease?.agent === request.agent)) return null;
  const sweeps = [...state.sweeps.keys()]
    .flatMap((id) => openSweep(state, id) ?? [])
    .filter((sweep) => sweep.pool === request.pool && (request.among === null || request.among.includes(sweep.id)))
    .sort(compareBy((sweep) => [-sweep.priority, held(state, sweep.id), sweep.createdAt, sweep.id]));
  for (const sweep of sweeps) {
    const trial = state.trialsOf(sweep.id).find((candidate) => isDue(state, candidate) && mayGoTo(state, candidate, request));
    if (trial !== undefined) return grant(state, trial, { ...request, id: request.lease });
  }
  return null;
}

export function leaseGiven(state: MemoryState, id: TrialId, holder: Omit<Holder, 'key'>): Leased | null {
  const trial = state.trials.get(id);
  if (trial === undefined || !isDue(state, trial) || openSweep(state, trial.sweep) === undefined) return null;
  return grant(state, trial, { ...holder, key: null });
}

const held = (state: MemoryState, sweep: SweepId): number => state.trialsOf(sweep).filter(heldBySweep).length;

/** The sweep if it may start another trial now. */
function openSweep(state: MemoryState, id: SweepId): Sweep | undefined {
  const sweep = state.visibleSweep(id);
  if (sweep === undefined || (sweep.state !== 'pending' && sweep.state !== 'running')) return undefined;
  return sweep.parallel === null || held(state, id) < sweep.parallel ? sweep : undefined;
}

const isDue = (state: MemoryState, trial: TrialRecord): boolean =>
  trial.state === 'queued' && (trial.notBefore === null || trial.notBefore <= state.now());

/** An agent that lost the trial gets it again only when nobody else could. */
function mayGoTo(state: MemoryState, trial: TrialRecord, { agent, pool }: LeaseRequest): boolean {
  if (!trial.lostBy.includes(agent)) return true;
  return ![...state.agents.values()].some(
    (other) =>
      other.pool === pool &&
      takesWork(other) &&
      other.id !== agent &&
      !trial.lostBy.includes(other.id) &&
      (other.sweep === null || other.sweep === trial.sweep),
  );
}

function grant(state: MemoryState, trial: TrialRecord, { id, agent, slot, ttlMs, key }: Holder): Leased {
  const at = state.now();
  const attempts = state.attempts.get(trial.id) ?? [];
  // After a take-back the attempts go beyond the trial's own number.
  const number = Math.max(trial.attempt, ...attempts.map((attempt) => attempt.number)) + 1;
  const lease = { id, agent, slot, expiresAt: at + ttlMs };
  const cleared = { reason: null, cause: null, notBefore: null, startedAt: trial.startedAt ?? at };
  const running: TrialRecord = { ...trial, ...cleared, state: 'running', attempt: number, lease };
  state.trials.set(trial.id, running);
  const open = { endedAt: null, end: null, counted: false, pointSequence: 0 };
  const attempt: Attempt = { trial: trial.id, number, agent, slot, lease: id, run: runId(trial.id), startedAt: at, ...open };
  state.attempts.set(trial.id, [...attempts, attempt]);
  let sweep = state.visibleSweep(trial.sweep)!;
  const first = sweep.state === 'pending';
  if (first) {
    sweep = state.changeSweep(sweep.id, { state: 'running', startedAt: sweep.startedAt ?? at, version: sweep.version + 1 });
    state.emit({ kind: 'sweep.state', sweep: sweep.id, state: 'running', reason: null });
  }
  state.emit({ kind: 'trial.state', sweep: sweep.id, trial: trial.id, number: trial.number, state: 'running', attempt: number });
  const keyed = key !== null && addKey(state, key, sweep, running);
  return { trial: copyTrial(running), attempt: { ...attempt }, sweep: structuredClone(sweep), first, keyed };
}

function addKey(state: MemoryState, { id, hash }: AttemptKey, sweep: Sweep, trial: TrialRecord): boolean {
  if (sweep.createdBy === null || !state.users.has(sweep.createdBy)) return false;
  const name = `trial ${sweep.id}#${trial.number}, attempt ${trial.attempt}`;
  const owner = { user: sweep.createdBy, scope: 'attempt' as const, trial: trial.id, attempt: trial.attempt, project: sweep.project };
  state.keys.set(id, { key: { id, name, ...owner, createdAt: state.now(), expiresAt: null, revokedAt: null }, hash });
  return true;
}

/** The loss turned out to be none, so it is struck from the trial's causes: it must not count against the retries. */
export function takeBack(
  state: MemoryState,
  record: TrialRecord,
  { attempt, lease, ttlMs }: { readonly attempt: number; readonly lease: Lease; readonly ttlMs: number },
): TrialRecord {
  const taken: TrialRecord = {
    ...record,
    state: 'running',
    attempt,
    lease: { ...lease, expiresAt: state.now() + ttlMs },
    stop: null,
    reason: null,
    cause: null,
    notBefore: null,
    causes: record.causes.at(-1) === 'lost' ? record.causes.slice(0, -1) : record.causes,
    lostBy: record.lostBy.at(-1) === lease.agent ? record.lostBy.slice(0, -1) : record.lostBy,
  };
  state.trials.set(record.id, taken);
  if (record.attempt !== attempt) state.changeAttempt(record.id, record.attempt, { endedAt: state.now(), counted: false });
  const possession = { lease: lease.id, agent: lease.agent, slot: lease.slot };
  state.changeAttempt(record.id, attempt, { endedAt: null, end: null, counted: false, ...possession });
  return taken;
}
