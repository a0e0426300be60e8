/** W&B's agents among all agents: known by their ids, each with one slot, its sweep only, and leases that last longer than ours. */
import { randomBytes } from 'node:crypto';
import { type AgentId, agentId, type LeaseTimes, type RunId, randomId } from '@sweep/domain';
import type { Attempt, Store } from '@sweep/store';

const prefix = 'wandb-';

export const newWandbAgentId = (): AgentId => agentId(`${prefix}${randomId(12, randomBytes)}`);
export const isWandbAgent = (agent: AgentId): boolean => agent.startsWith(prefix);

/**
 * The last attempt of such an agent that writes to the run; null: none ever did. One whose agent was not told of it yet writes nothing,
 * and may be given another run before it is.
 */
export async function wandbAttempt({ attempts, assignments }: AgentStore, run: RunId): Promise<Attempt | null> {
  const last = await attempts.findByRun(run);
  if (last === null) return null;
  if (isWandbAgent(last.agent) && last.number === 1) return last;
  const writers = (await attempts.list(last.trial)).filter((attempt) => attempt.run === run && isWandbAgent(attempt.agent));
  const current = writers.at(-1);
  if (current === undefined || current.endedAt !== null) return current ?? null;
  const told = await assignments.find(current.agent);
  return told?.lease === current.lease ? current : (writers.at(-2) ?? null);
}

type AgentStore = Pick<Store, 'attempts' | 'assignments'>;

/** Their only sign of life is a heartbeat every 5 s, and none comes while a program is torn down or the client waits to try again. */
export const wandbLeaseMs = ({ ttlMs }: LeaseTimes): number => 4 * ttlMs;
