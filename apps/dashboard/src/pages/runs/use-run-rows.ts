/** Rows of a table of runs, however many there are: pages are read as they come into sight, the others hold their place. */
import type { ListView, RunView } from '@sweep/api';
import { type UseQueryResult, useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { rowsOfPage, runPageQuery, type WantedRows } from '../../data/run-table-queries.js';

/** `run` is null until its page has come. */
export interface RunRow {
  readonly id: string;
  readonly run: RunView | null;
}

export interface RunRows {
  readonly rows: readonly RunRow[];
  readonly total: number;
  /** Of the page that is missing most. */
  readonly query: Pick<UseQueryResult<ListView<RunView>>, 'data' | 'error' | 'refetch'>;
  readonly onSight: (first: number, last: number) => void;
}

export function useRunRows(wanted: WantedRows): RunRows {
  const [sight, setSight] = useState<readonly [number, number]>([0, 0]);
  const pages = Array.from({ length: sight[1] - sight[0] + 1 }, (_, index) => sight[0] + index);
  const read = useQueries({ queries: pages.map((page) => runPageQuery(wanted, page)) });
  const known = useRef({ of: '', total: 0, pages: new Map<number, readonly RunView[]>() });
  const of = JSON.stringify(wanted);
  // Another filter or order: what was known says nothing about it, but for how long the table is until that is known.
  if (known.current.of !== of)
    known.current = { of, total: read.some(({ data }) => data !== undefined) ? 0 : known.current.total, pages: new Map() };
  for (const [index, { data }] of read.entries()) {
    if (data === undefined) continue;
    known.current.pages.set(pages[index]!, data.items);
    known.current.total = data.total;
  }
  const stamp = read.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  const rows = useMemo(() => rowsOf(known.current.total, known.current.pages), [of, stamp]);
  const onSight = useCallback((first: number, last: number) => {
    const next = [Math.floor(Math.max(0, first) / rowsOfPage), Math.floor(Math.max(0, last) / rowsOfPage)] as const;
    setSight((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
  }, []);
  const missing = read.find(({ data }) => data === undefined) ?? read[0]!;
  const anything = known.current.pages.size > 0 ? (read.find(({ data }) => data !== undefined)?.data ?? missing.data) : missing.data;
  return { rows, total: known.current.total, query: { data: anything, error: missing.error, refetch: missing.refetch }, onSight };
}

export function rowsOf(total: number, pages: ReadonlyMap<number, readonly RunView[]>): readonly RunRow[] {
  return Array.from({ length: total }, (_, index) => {
    const run = pages.get(Math.floor(index / rowsOfPage))?.[index % rowsOfPage] ?? null;
    return { id: run?.id ?? `row ${index}`, run };
  });
}
