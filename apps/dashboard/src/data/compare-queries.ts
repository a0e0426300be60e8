/** What the page of compared runs reads. */
import type { Client } from '@sweep/api';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.js';

export type ComparedRun = Awaited<ReturnType<Client['listRuns']>>['items'][number];

/** Each run is asked for what it measured; beyond so many, the first tell enough. */
const mostAsked = 10;

export const comparedQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['runs', 'compared', ids.join()],
    queryFn: () => client.listRuns({ ids, limit: ids.length }),
    enabled: ids.length > 0,
  });

/** Names of what any of them measured. */
export const commonKeysQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['runs', 'series', ids.join()],
    queryFn: async () => {
      const lists = await Promise.all(ids.slice(0, mostAsked).map((id) => client.runSeries(id)));
      const names = lists.flatMap(({ items }) =>
        items
          .filter(({ kind, system, hidden, name }) => kind === 'number' && !system && !hidden && !name.startsWith('_'))
          .map(({ name }) => name),
      );
      return [...new Set(names)];
    },
  });
