/** What machines use, in the twin. */
import type { AgentId, MachineUsage } from '@sweep/domain';
import type { TimedUsage, UsageStore } from '../usage-store.js';
import type { MemoryState } from './state.js';

export class MemoryUsage implements UsageStore {
  constructor(private readonly state: MemoryState) {}

  async put(figures: ReadonlyMap<AgentId, MachineUsage>): Promise<void> {
    for (const [agent, usage] of figures) this.state.usage.set(agent, { usage: structuredClone(usage), at: this.state.now() });
  }

  async of(agents: readonly AgentId[]): Promise<ReadonlyMap<AgentId, TimedUsage>> {
    const now = this.state.now();
    return new Map(
      agents.flatMap((agent) => {
        const known = this.state.usage.get(agent);
        return known === undefined ? [] : [[agent, { ...structuredClone(known), ageMs: now - known.at }] as const];
      }),
    );
  }
}
