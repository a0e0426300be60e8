/** Trials of the twin: reading, proposing and guarded moves. Possession is leasing.ts. */
import {
  type AgentId,
  Bug,
  isLive,
  type Lease,
  type LeaseId,
  nothingMeasured,
  type SweepEventRecord,
  type SweepId,
  type Trial,
  type TrialId,
  type TrialMove,
  type TrialState,
} from '@sweep/domain';
import { keepsLimits } from '@sweep/optimizer';
import { pageOf, readCursor } from '../paging.js';
import { paramsToText } from '../params-text.js';
import type {
  Leased,
  LeaseRequest,
  MoveExtra,
  NewTrial,
  Page,
  PageRequest,
  Ranking,
  Renewal,
  SamplerStep,
  TrialFilter,
  TrialStore,
} from '../store.js';
import { leaseBest, leaseGiven, takeBack } from './leasing.js';
import { compareBy } from './order.js';
import { stateEvent, takeStep } from './search-log.js';
import { copyTrial, type MemoryState, type TrialRecord, untold } from './state.js';

export class MemoryTrials implements TrialStore {
  constructor(private readonly state: MemoryState) {}

  async find(id: TrialId): Promise<Trial | null> {
    const record = this.state.trials.get(id);
    return record === undefined ? null : copyTrial(record);
  }

  async findAll(ids: readonly TrialId[]): Promise<readonly Trial[]> {
    return ids.flatMap((id) => this.state.trials.get(id) ?? []).map(copyTrial);
  }

  async findByNumber(sweep: SweepId, number: number): Promise<Trial | null> {
    const record = this.state.trialsOf(sweep).find((trial) => trial.number === number);
    return record === undefined ? null : copyTrial(record);
  }

  async list(sweep: SweepId, filter: TrialFilter, { limit, cursor }: PageRequest): Promise<Page<Trial>> {
    const after = readCursor(cursor, [0])?.[0] ?? 0;
    const wanted = this.state
      .trialsOf(sweep)
      .filter((trial) => filter.states === undefined || filter.states.includes(trial.state))
      .filter((trial) => filter.origin === undefined || filter.origin === trial.origin);
    const rest = wanted.filter((trial) => trial.number > after).slice(0, limit + 1);
    return pageOf(rest.map(copyTrial), limit, wanted.length, (trial) => [trial.number]);
  }

  async inStates(states: readonly TrialState[], limit: number): Promise<readonly Trial[]> {
    return [...this.state.trials.values()]
      .filter((trial) => states.includes(trial.state))
      .sort(compareBy((trial) => [trial.createdAt, trial.sweep, trial.number]))
      .slice(0, limit)
      .map(copyTrial);
  }

  async propose(
    id: SweepId,
    expectedVersion: number,
    proposed: readonly NewTrial[],
    step: SamplerStep | null,
  ): Promise<readonly Trial[] | null> {
    const sweep = this.state.visibleSweep(id);
    if (sweep === undefined || sweep.version !== expectedVersion) return null;
    if (sweep.state !== 'pending' && sweep.state !== 'running' && sweep.state !== 'paused') return null;
    if (proposed.some((trial) => this.state.trials.has(trial.id))) throw new Bug('a proposed trial has the id of another');
    const trials = this.state.trialsOf(id);
    const waiting = (number: number): boolean => trials.some((one) => one.number === number && one.state === 'queued' && one.attempt === 0);
    if (step !== null && !step.renewed.every(({ number }) => waiting(number))) return null;
    if (step !== null) takeStep(this.state, sweep, step);
    this.state.changeSweep(id, { version: sweep.version + 1 });
    const last = trials.at(-1)?.number ?? 0;
    const made = proposed.map((trial, i) => this.#insert(id, last + 1 + i, trial));
    this.state.emit(...made.map(stateEvent));
    return made.map(copyTrial);
  }

  async lease(request: LeaseRequest): Promise<Leased | null> {
    return leaseBest(this.state, request);
  }

  async leaseOne(
    trial: TrialId,
    lease: { readonly id: LeaseId; readonly agent: AgentId; readonly slot: number; readonly ttlMs: number },
  ): Promise<Leased | null> {
    return leaseGiven(this.state, trial, lease);
  }

  async move(from: Trial, { counted, ...move }: TrialMove, extra: MoveExtra): Promise<Trial | null> {
    const record = this.#ifUnchanged(from);
    if (record === undefined) return null;
    // A lease that stays keeps its expiry: it may have been renewed since the caller read it.
    const lease = move.lease !== null && move.lease.id === record.lease?.id ? record.lease : move.lease;
    const moved: TrialRecord = { ...record, ...structuredClone(move), lease, endedAt: isLive(move.state) ? null : this.state.now() };
    this.state.trials.set(from.id, moved);
    if (extra.end !== undefined || (from.lease !== null && move.lease === null)) {
      this.state.changeAttempt(from.id, from.attempt, { endedAt: this.state.now(), end: extra.end ?? null, counted });
    }
    if (from.lease !== null && move.lease === null) this.#endKeys(from.id, this.state.now() + (extra.keyGraceMs ?? 0));
    const happened: SweepEventRecord[] = [stateEvent(moved)];
    if (extra.decision !== undefined) {
      const decision = { ...extra.decision, sweep: from.sweep, trial: from.id };
      this.state.decisions.push({ ...decision, at: this.state.now() });
      happened.push({ kind: 'decision', sweep: from.sweep, trial: from.id, text: decision.text });
    }
    this.state.emit(...happened);
    return copyTrial(moved);
  }

  async renew(agent: AgentId, leases: readonly LeaseId[], ttlMs: number): Promise<readonly Renewal[]> {
    return leases.map((id) => {
      const held = [...this.state.trials.values()].find((trial) => trial.lease?.id === id && trial.lease.agent === agent);
      if (held === undefined || held.lease === null) return { lease: id, current: false, stop: null };
      const expiresAt = Math.max(held.lease.expiresAt, this.state.now() + ttlMs);
      this.state.trials.set(held.id, { ...held, lease: { ...held.lease, expiresAt } });
      return { lease: id, current: true, stop: held.stop === null ? null : { ...held.stop } };
    });
  }

  async takeBack(from: Trial, attempt: number, lease: Lease, ttlMs: number): Promise<boolean> {
    const record = this.#ifUnchanged(from);
    if (record === undefined || (record.state !== 'queued' && record.state !== 'running')) return false;
    const taken = takeBack(this.state, record, { attempt, lease, ttlMs });
    this.state.emit(stateEvent(taken));
    return true;
  }

  async expired(graceMs: number, limit: number): Promise<readonly Trial[]> {
    const before = this.state.now() - graceMs;
    return [...this.state.trials.values()]
      .filter((trial) => trial.lease !== null && trial.lease.expiresAt < before)
      .sort(compareBy((trial) => [trial.lease!.expiresAt]))
      .slice(0, limit)
      .map(copyTrial);
  }

  async best(sweep: SweepId, { goal, limits }: Ranking, limit: number): Promise<readonly Trial[]> {
    const direction = goal === 'minimize' ? 1 : -1;
    const finite = this.state
      .trialsOf(sweep)
      .filter(({ values: [first] }) => first !== undefined && first !== null && Number.isFinite(first))
      .filter((trial) => keepsLimits(limits, trial.limits));
    for (const state of ['completed', 'pruned'] as const) {
      const found = finite
        .filter((trial) => trial.state === state)
        .sort(compareBy((trial) => [trial.values[0]! * direction, trial.number]));
      if (found.length > 0) return found.slice(0, limit).map(copyTrial);
    }
    return [];
  }

  async heldBy(agent: AgentId): Promise<readonly Trial[]> {
    return [...this.state.trials.values()]
      .filter((trial) => trial.lease?.agent === agent)
      .sort(compareBy((trial) => [trial.lease!.slot, trial.id]))
      .map(copyTrial);
  }

  #endKeys(trial: TrialId, at: number): void {
    for (const record of this.state.keys.values()) {
      const { key } = record;
      if (key.trial !== trial || key.scope !== 'attempt') continue;
      this.state.keys.set(key.id, { ...record, key: { ...key, expiresAt: Math.min(key.expiresAt ?? at, at) } });
    }
  }

  #ifUnchanged(from: Trial): TrialRecord | undefined {
    const record = this.state.trials.get(from.id);
    if (record === undefined) return undefined;
    const same = record.state === from.state && record.attempt === from.attempt && (record.lease?.id ?? null) === (from.lease?.id ?? null);
    return same ? record : undefined;
  }

  #insert(sweep: SweepId, number: number, { id, params, origin, retryOf, why, proposal }: NewTrial): TrialRecord {
    const at = this.state.now();
    const text = paramsToText(params);
    const nothingYet = {
      reason: null,
      cause: null,
      attempt: 0,
      lease: null,
      stop: null,
      notBefore: null,
      lostBy: [],
      causes: [],
      ...nothingMeasured,
    };
    const record = {
      id,
      sweep,
      number,
      params: text,
      origin,
      retryOf,
      state: 'queued',
      ...nothingYet,
      createdAt: at,
      startedAt: null,
      endedAt: null,
    } as const;
    this.state.trials.set(id, record);
    this.state.searched.set(id, { observed: null, proposal: structuredClone(proposal) });
    const { project } = this.state.sweeps.get(sweep)!.sweep;
    this.state.runs.set(id, { ...untold, id, handle: id, project, sweep, trial: id, name: `trial-${number}`, config: text, createdAt: at });
    this.state.decisions.push({ sweep, trial: id, about: 'proposed', text: why, at });
    return record;
  }
}
