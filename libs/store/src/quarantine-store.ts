/** Machines that fail what others can run: what became of their attempts, and the mark that keeps work from them. */
import type { AgentId, Fate, Quarantine, SweepId } from '@sweep/domain';

export interface QuarantineStore {
  /** Of the agent's ended attempts since it was last cleared, the last begun first; of one sweep, or (null) of all. */
  fates(agent: AgentId, sweep: SweepId | null, limit: number): Promise<readonly Fate[]>;
  /** Agents without the mark that lost a running trial or may be to blame for its failure. */
  suspects(): Promise<readonly AgentId[]>;
  /** Agents with the mark. */
  marked(): Promise<readonly AgentId[]>;
  /** False when it stands already, or there is no such agent. Writes `agent.quarantine`. */
  mark(agent: AgentId, quarantine: Pick<Quarantine, 'reason' | 'evidence'>): Promise<boolean>;
  /** False when there is none. Writes `agent.quarantine`. */
  clear(agent: AgentId): Promise<boolean>;
}
