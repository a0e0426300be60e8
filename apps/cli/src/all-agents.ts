import { type AgentView, type Client, pages } from '@sweep/api';

export async function allAgents(client: Client): Promise<readonly AgentView[]> {
  const found: AgentView[] = [];
  for await (const agent of pages((page) => client.listAgents(page), 500)) found.push(agent);
  return found;
}
