/** What pages read, each under the key by which changes.ts calls it out of date. */
import type { AgentView, ListView } from '@sweep/api';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.js';
import { type RecentUsage, remember } from './recent-usage.js';

const listed = 500;

export const sweepsQuery = (project?: string) =>
  queryOptions({
    queryKey: ['sweeps', project ?? ''],
    queryFn: () => client.listSweeps({ limit: listed, ...(project === undefined ? {} : { project }) }),
  });

export const projectsQuery = () => queryOptions({ queryKey: ['projects'], queryFn: () => client.listProjects({ limit: listed }) });

export const sweepQuery = (id: string) => queryOptions({ queryKey: ['sweep', id, 'itself'], queryFn: () => client.getSweep(id) });

export interface Agents extends ListView<AgentView> {
  readonly recent: RecentUsage;
}

const agentsKey = ['agents'];

/** What machines used stays with what they use: it is there again when somebody comes back to the page. */
export const agentsQuery = () =>
  queryOptions({
    queryKey: agentsKey,
    queryFn: async ({ client: cache }): Promise<Agents> => {
      const list = await client.listAgents({ limit: listed });
      return { ...list, recent: remember(cache.getQueryData<Agents>(agentsKey)?.recent ?? {}, list.items) };
    },
  });

export const serverQuery = () => queryOptions({ queryKey: ['server'], queryFn: () => client.server() });

/** Reasons change with time alone, too. */
const reasonsMs = 10_000;

export const queueQuery = () => queryOptions({ queryKey: ['queue'], queryFn: () => client.queue(), refetchInterval: reasonsMs });

export const keysQuery = () => queryOptions({ queryKey: ['settings', 'keys'], queryFn: () => client.listKeys({ limit: listed }) });

export const usersQuery = () => queryOptions({ queryKey: ['settings', 'users'], queryFn: () => client.listUsers({ limit: listed }) });

export const tokensQuery = () => queryOptions({ queryKey: ['settings', 'tokens'], queryFn: () => client.listTokens() });

export const storageQuery = () => queryOptions({ queryKey: ['settings', 'storage'], queryFn: () => client.storage(), staleTime: 0 });
