import type { AgentView } from '@sweep/api';

/** Its name, by which people know a machine; its id where several have that name, or it is not known. */
export function agentName(agents: readonly AgentView[], id: string): string {
  const name = agents.find((agent) => agent.id === id)?.name;
  return name === undefined || agents.filter((agent) => agent.name === name).length > 1 ? id : name;
}
