/** W&B's agents among all agents: known by their ids, each with one slot, its sweep only, and leases that last longer than ours. */
import { randomBytes } from 'node:crypto';
import { type AgentId, agentId, type LeaseTimes, type RunId, randomId } from '@sweep/domain';
import type { Attempt, Store } from '@sweep/store';

const prefix = 'wandb-';

export const newWandbAgentId = (): AgentId => agentId(`${prefix}${randomId(12, randomBytes)}`);
export const isWandbAgent = (agent: AgentId): boolean => agent.startsWith(prefix);

/** The last attempt of such an agent that writes to the run; null: none ever did. */
export async function wandbAttempt({ attempts }: Pick<Store, 'attempts'>, run: RunId): Promise<Attempt | null> {
  const last = await attempts.findByRun(run);
  if (last === null || isWandbAgent(last.agent)) return last;
  return (await attempts.list(last.trial)).findLast((attempt) => attempt.run === run && isWandbAgent(attempt.agent)) ?? null;
}

/** Their only sign of life is a heartbeat every 5 s, and none comes while a program is torn down or the client waits to try again. */
export const wandbLeaseMs = ({ ttlMs }: LeaseTimes): number => 4 * ttlMs;
