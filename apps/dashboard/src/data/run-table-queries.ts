/** What the table of runs reads: pages of rows as they come into sight, names of columns, groups, saved views. */
import type { RunSelection } from '@sweep/api';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.js';

export const rowsOfPage = 200;

export interface WantedRows extends RunSelection {
  readonly sort: string;
  readonly columns: readonly string[];
}

/** @param page from 0 */
export const runPageQuery = (wanted: WantedRows, page: number) =>
  queryOptions({
    queryKey: ['runs', 'table', JSON.stringify(wanted), String(page)],
    queryFn: () => {
      const { sort, columns, ...selection } = wanted;
      const sorted = sort === '' ? {} : { sort: [sort] };
      // Without a name everything would come.
      const named = columns.length === 0 ? ['state'] : columns;
      return client.listRuns({ ...selection, ...sorted, columns: named, limit: rowsOfPage, offset: page * rowsOfPage });
    },
  });

/** A regular expression that finds the text itself, written in capitals or not. */
export const anyCase = (text: string): string =>
  text.replace(/\p{L}|[^\p{N}\s]/gu, (sign) =>
    sign.toLowerCase() === sign.toUpperCase() ? `\\${sign}` : `[${sign.toLowerCase()}${sign.toUpperCase()}]`,
  );

/** Those whose name or id holds the text. */
export const runsNamedQuery = (text: string, limit: number) =>
  queryOptions({
    queryKey: ['runs', 'named', text, String(limit)],
    queryFn: () => {
      const pattern = JSON.stringify(anyCase(text));
      return client.listRuns({ where: `name ~ ${pattern} or id ~ ${pattern}`, columns: ['state'], limit });
    },
    enabled: text !== '',
  });

export const runKeysQuery = (selection: RunSelection) =>
  queryOptions({ queryKey: ['runs', 'keys', JSON.stringify(selection)], queryFn: () => client.runKeys(selection) });

export const runGroupsQuery = (selection: RunSelection, by: string, columns: readonly string[]) =>
  queryOptions({
    queryKey: ['runs', 'groups', JSON.stringify(selection), by, columns.join('\n')],
    queryFn: () => client.groupRuns({ ...selection, by: [by], columns }),
  });

export const viewsQuery = (project: string) =>
  queryOptions({
    queryKey: ['views', project],
    queryFn: () => client.listViews({ project, page: 'runs' }),
    enabled: project !== '',
  });

const idsAtOnce = 1_000;

/** Every run of a selection, for those who select all. */
export async function allIds(selection: RunSelection): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let offset = 0; ; offset += idsAtOnce) {
    const { items, total } = await client.listRuns({ ...selection, columns: ['state'], limit: idsAtOnce, offset });
    ids.push(...items.map(({ id }) => id));
    if (items.length === 0 || ids.length >= total) return ids;
  }
}
