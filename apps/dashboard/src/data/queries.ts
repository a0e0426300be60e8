/** What pages read, each under the key by which changes.ts calls it out of date. */
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.js';

const listed = 500;

export const sweepsQuery = (project?: string) =>
  queryOptions({
    queryKey: ['sweeps', project ?? ''],
    queryFn: () => client.listSweeps({ limit: listed, ...(project === undefined ? {} : { project }) }),
  });

export const projectsQuery = () => queryOptions({ queryKey: ['projects'], queryFn: () => client.listProjects({ limit: listed }) });

export const sweepQuery = (id: string) => queryOptions({ queryKey: ['sweep', id, 'itself'], queryFn: () => client.getSweep(id) });

export const agentsQuery = () => queryOptions({ queryKey: ['agents'], queryFn: () => client.listAgents({ limit: listed }) });

export const serverQuery = () => queryOptions({ queryKey: ['server'], queryFn: () => client.server() });

/** Reasons change with time alone, too. */
const reasonsMs = 10_000;

export const queueQuery = () => queryOptions({ queryKey: ['queue'], queryFn: () => client.queue(), refetchInterval: reasonsMs });

export const keysQuery = () => queryOptions({ queryKey: ['settings', 'keys'], queryFn: () => client.listKeys({ limit: listed }) });

export const usersQuery = () => queryOptions({ queryKey: ['settings', 'users'], queryFn: () => client.listUsers({ limit: listed }) });

export const tokensQuery = () => queryOptions({ queryKey: ['settings', 'tokens'], queryFn: () => client.listTokens() });

export const storageQuery = () => queryOptions({ queryKey: ['settings', 'storage'], queryFn: () => client.storage(), staleTime: 0 });
