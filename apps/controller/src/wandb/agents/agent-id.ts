/** W&B's agents among all agents: known by their ids, each with one slot, its sweep only, and leases that last longer than ours. */
import { randomBytes } from 'node:crypto';
import { type AgentId, agentId, type LeaseTimes, randomId } from '@sweep/domain';

const prefix = 'wandb-';

export const newWandbAgentId = (): AgentId => agentId(`${prefix}${randomId(12, randomBytes)}`);
export const isWandbAgent = (agent: AgentId): boolean => agent.startsWith(prefix);

/** Their only sign of life is a heartbeat every 5 s, and none comes while a program is torn down or the client waits to try again. */
export const wandbLeaseMs = ({ ttlMs }: LeaseTimes): number => 4 * ttlMs;
