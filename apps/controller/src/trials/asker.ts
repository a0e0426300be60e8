/** Names of those who ask through the API: agents without slots, sessions or processes. */
import { type AgentId, agentId } from '@sweep/domain';

const prefix = 'ask-';

export const askerId = (name: string): AgentId => agentId(`${prefix}${name.replaceAll('.', '_')}`);
export const isAsker = (agent: AgentId): boolean => agent.startsWith(prefix);
