/** Quarantined machines of the twin. */
import type { AgentId, Fate, Quarantine, SweepId } from '@sweep/domain';
import type { QuarantineStore } from '../quarantine-store.js';
import type { Attempt } from '../store.js';
import { compareBy } from './order.js';
import type { MemoryState, TrialRecord } from './state.js';

export class MemoryQuarantines implements QuarantineStore {
  readonly #clearedAt = new Map<AgentId, number>();

  constructor(private readonly state: MemoryState) {}

  async fates(agent: AgentId, sweep: SweepId | null, limit: number): Promise<readonly Fate[]> {
    const since = this.#clearedAt.get(agent) ?? 0;
    const ended = [...this.state.attempts.values()].flat().filter((attempt) => attempt.agent === agent && (attempt.endedAt ?? 0) > since);
    return ended
      .sort(compareBy(({ startedAt, lease }) => [-startedAt, lease]))
      .map((attempt) => this.#fate(attempt, this.state.trials.get(attempt.trial)!))
      .filter((fate) => sweep === null || fate.sweep === sweep)
      .slice(0, limit);
  }

  async suspects(): Promise<readonly AgentId[]> {
    const running = [...this.state.trials.values()].filter(({ state }) => state === 'running');
    const blamed = new Set(running.flatMap(({ lostBy }) => lostBy));
    return [...blamed].filter((id) => this.state.agents.get(id)?.quarantine === null).sort();
  }

  async marked(): Promise<readonly AgentId[]> {
    return [...this.state.agents.values()].filter(({ quarantine }) => quarantine !== null).map(({ id }) => id);
  }

  async mark(id: AgentId, quarantine: Pick<Quarantine, 'reason' | 'evidence'>): Promise<boolean> {
    const agent = this.state.agents.get(id);
    if (agent === undefined || agent.quarantine !== null) return false;
    this.state.agents.set(id, { ...agent, quarantine: { since: this.state.now(), ...structuredClone(quarantine) } });
    this.state.emit({ kind: 'agent.quarantine', agent: id, quarantined: true });
    return true;
  }

  async clear(id: AgentId): Promise<boolean> {
    const agent = this.state.agents.get(id);
    if (agent === undefined || agent.quarantine === null) return false;
    this.state.agents.set(id, { ...agent, quarantine: null });
    this.#clearedAt.set(id, this.state.now());
    this.state.emit({ kind: 'agent.quarantine', agent: id, quarantined: false });
    return true;
  }

  #fate({ trial, end, counted, pointSequence, agent }: Attempt, { number, sweep, state }: TrialRecord): Fate {
    const well = state === 'completed' || state === 'pruned';
    const others = (this.state.attempts.get(trial) ?? []).filter((other) => other.agent !== agent);
    const ran = others.find((other) => (other.counted && well) || other.pointSequence > pointSequence);
    const ranOn = ran === undefined ? null : (this.state.agents.get(ran.agent)?.name ?? null);
    return { trial, number, sweep, end, wentWell: counted && well, ranOn };
  }
}
