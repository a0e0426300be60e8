/** Agents, attempts and outages of the twin. */
import {
  type Agent,
  type AgentId,
  type AgentState,
  type AttemptEnd,
  type KeyId,
  type LeaseId,
  type RunId,
  runId,
  type SweepId,
  type TrialId,
} from '@sweep/domain';
import { pageOf, readCursor } from '../paging.js';
import type { AgentOwner, AgentStore, Attempt, AttemptStore, OutageStore, Page, PageRequest } from '../store.js';
import { compareBy } from './order.js';
import { type MemoryState, untold } from './state.js';

const byName = (agent: Pick<Agent, 'name' | 'id'>): readonly [string, string] => [agent.name, agent.id];

export class MemoryAgents implements AgentStore {
  constructor(private readonly state: MemoryState) {}

  async connect(facts: Parameters<AgentStore['connect']>[0]): Promise<Agent> {
    const before = this.state.agents.get(facts.id);
    const at = this.state.now();
    const agent: Agent = {
      ...structuredClone(facts),
      state: 'online',
      connectedAt: at,
      lastSeenAt: at,
      reason: null,
      quarantine: before?.quarantine ?? null,
    };
    this.state.agents.set(agent.id, agent);
    if (before?.state !== 'online') this.state.emit({ kind: 'agent.state', agent: agent.id, state: 'online' });
    return structuredClone(agent);
  }

  async seen(id: AgentId): Promise<void> {
    const agent = this.state.agents.get(id);
    if (agent !== undefined) this.state.agents.set(id, { ...agent, lastSeenAt: this.state.now() });
  }

  async move(id: AgentId, from: readonly AgentState[], to: AgentState, reason: string | null): Promise<boolean> {
    const agent = this.state.agents.get(id);
    if (agent === undefined || !from.includes(agent.state)) return false;
    this.state.agents.set(id, { ...agent, state: to, reason });
    this.state.emit({ kind: 'agent.state', agent: id, state: to });
    return true;
  }

  async find(id: AgentId): Promise<Agent | null> {
    return structuredClone(this.state.agents.get(id)) ?? null;
  }

  async findAll(ids: readonly AgentId[]): Promise<readonly Agent[]> {
    return structuredClone([...this.state.agents.values()].filter(({ id }) => ids.includes(id)));
  }

  async list({ limit, cursor }: PageRequest): Promise<Page<Agent>> {
    const after = readCursor(cursor, ['', '']);
    const all = [...this.state.agents.values()].sort(compareBy(byName));
    const rest = after === null ? all : all.filter((agent) => compareBy(byName)(agent, { name: after[0], id: after[1] as AgentId }) > 0);
    return pageOf(structuredClone(rest), limit, all.length, byName);
  }

  async ofSweep(sweep: SweepId): Promise<readonly Agent[]> {
    const own = [...this.state.agents.values()].filter((agent) => agent.sweep === sweep);
    return structuredClone(own.sort(compareBy((agent) => [agent.connectedAt, agent.id])));
  }

  async silent(silenceMs: number): Promise<readonly Agent[]> {
    const before = this.state.now() - silenceMs;
    const silent = [...this.state.agents.values()].filter(
      ({ state, lastSeenAt }) => (state === 'online' || state === 'draining') && lastSeenAt < before,
    );
    return structuredClone(silent.sort(compareBy((agent) => [agent.lastSeenAt])));
  }

  async online(pool: string): Promise<readonly { readonly agent: Agent; readonly leases: number }[]> {
    const online = [...this.state.agents.values()]
      .filter((agent) => agent.pool === pool && agent.state === 'online')
      .sort(compareBy(byName));
    return online.map((agent) => ({ agent: structuredClone(agent), leases: this.#leases(agent.id) }));
  }

  async remove(id: AgentId): Promise<boolean> {
    const state = this.state.agents.get(id)?.state;
    if (state !== 'offline' && state !== 'lost') return false;
    if (this.#leases(id) > 0) return false;
    this.state.assignments.delete(id);
    this.state.usage.delete(id);
    return this.state.agents.delete(id);
  }

  async owner(id: AgentId): Promise<AgentOwner | null> {
    const key = this.state.agentOwners.get(id);
    return key === undefined ? null : { key, user: this.state.keys.get(key)?.key.user ?? null };
  }

  async setOwner(id: AgentId, key: KeyId): Promise<void> {
    this.state.agentOwners.set(id, key);
  }

  #leases(id: AgentId): number {
    return [...this.state.trials.values()].filter((trial) => trial.lease?.agent === id).length;
  }
}

export class MemoryAttempts implements AttemptStore {
  constructor(private readonly state: MemoryState) {}

  async list(trial: TrialId): Promise<readonly Attempt[]> {
    return structuredClone(this.state.attempts.get(trial) ?? []);
  }

  async ofSweep(sweep: SweepId): Promise<readonly Attempt[]> {
    return this.listAll(this.state.trialsOf(sweep).map(({ id }) => id));
  }

  async listAll(trials: readonly TrialId[]): Promise<readonly Attempt[]> {
    return structuredClone(trials.flatMap((trial) => this.state.attempts.get(trial) ?? []));
  }

  async find(trial: TrialId, number: number): Promise<Attempt | null> {
    return structuredClone(this.state.attempts.get(trial)?.find((attempt) => attempt.number === number)) ?? null;
  }

  async ofAgent(agent: AgentId): Promise<readonly Attempt[]> {
    const own = [...this.state.attempts.values()].flat().filter((attempt) => attempt.agent === agent);
    return structuredClone(own.sort(compareBy((attempt) => [attempt.startedAt, attempt.lease])));
  }

  async findByLease(lease: LeaseId): Promise<Attempt | null> {
    return structuredClone([...this.state.attempts.values()].flat().find((attempt) => attempt.lease === lease)) ?? null;
  }

  async findByRun(run: RunId): Promise<Attempt | null> {
    return structuredClone([...this.state.attempts.values()].flat().findLast((attempt) => attempt.run === run)) ?? null;
  }

  async giveRun(lease: LeaseId, run: RunId): Promise<boolean> {
    const attempt = [...this.state.attempts.values()].flat().find((candidate) => candidate.lease === lease);
    const trial = attempt === undefined ? undefined : this.state.trials.get(attempt.trial);
    if (attempt === undefined || trial?.lease?.id !== lease || attempt.run !== runId(trial.id) || this.state.runs.has(run)) return false;
    const { project, sweep, name, config } = this.state.runs.get(attempt.run)!;
    const like = { project, sweep, trial: trial.id, name, config, createdAt: this.state.now(), attempt: attempt.number };
    this.state.runs.set(run, { ...untold, ...like, id: run, handle: run });
    this.state.changeAttempt(attempt.trial, attempt.number, { run });
    return true;
  }

  async endStale(lease: LeaseId, end: AttemptEnd): Promise<void> {
    const attempt = [...this.state.attempts.values()].flat().find((candidate) => candidate.lease === lease);
    if (attempt === undefined || attempt.end !== null || this.state.trials.get(attempt.trial)?.lease?.id === lease) return;
    this.state.changeAttempt(attempt.trial, attempt.number, { end: { ...end }, endedAt: attempt.endedAt ?? this.state.now() });
  }
}

export class MemoryOutages implements OutageStore {
  constructor(private readonly state: MemoryState) {}

  async heartbeat(controller: string): Promise<void> {
    this.state.heartbeats.set(controller, this.state.now());
  }

  async lastHeartbeat(): Promise<number | null> {
    return this.#newest();
  }

  async credit(lastHeartbeat: number, creditMs: number, controller: string): Promise<boolean> {
    if (this.#newest() !== lastHeartbeat) return false;
    this.state.heartbeats.set(controller, Math.max(this.state.now(), lastHeartbeat + 1));
    for (const trial of this.state.trials.values()) {
      if (trial.lease === null) continue;
      this.state.trials.set(trial.id, { ...trial, lease: { ...trial.lease, expiresAt: trial.lease.expiresAt + creditMs } });
    }
    for (const agent of this.state.agents.values()) {
      if (agent.state !== 'online' && agent.state !== 'draining') continue;
      this.state.agents.set(agent.id, { ...agent, lastSeenAt: agent.lastSeenAt + creditMs });
    }
    return true;
  }

  #newest(): number | null {
    const all = [...this.state.heartbeats.values()];
    return all.length === 0 ? null : Math.max(...all);
  }
}
