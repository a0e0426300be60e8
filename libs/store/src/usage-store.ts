/** What machines use at the moment. Nobody needs it later: it does not survive a crash of the database, and no backup holds it. */
import type { AgentId, MachineUsage } from '@sweep/domain';

export interface TimedUsage {
  readonly usage: MachineUsage;
  readonly at: number;
  readonly ageMs: number;
}

export interface UsageStore {
  /** The newest of each agent, in one write; what was there before is replaced. Each agent once. */
  put(figures: ReadonlyMap<AgentId, MachineUsage>): Promise<void>;
  /** Agents of which nothing is known are missing. */
  of(agents: readonly AgentId[]): Promise<ReadonlyMap<AgentId, TimedUsage>>;
}
