/** Rows of a table of runs, however many there are: pages are read as they come into sight, the others hold their place. */
import type { RunView } from '@sweep/api';
import { useQueries } from '@tanstack/react-query';
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
  /** These are the rows of another filter or order, until the wanted ones come. */
  readonly waits: boolean;
  /** Whether there is anything to show, and what went wrong. */
  readonly query: { readonly data: true | undefined; readonly error: unknown; readonly refetch: () => unknown };
  readonly onSight: (first: number, last: number) => void;
}

/** Rows beyond those in sight that are read, too: whoever scrolls finds them there. A page that nobody comes near is not. */
const ahead = rowsOfPage / 2;
const pageOf = (row: number): number => Math.floor(Math.max(0, row) / rowsOfPage);

/** @param total 0 while nothing of it was read */
function pagesOf([from, to]: readonly [number, number], total: number): readonly [number, number] {
  const last = total === 0 ? to : pageOf(total - 1);
  return [Math.min(from, last), Math.min(to, last)];
}

export function useRunRows(wanted: WantedRows): RunRows {
  const [sight, setSight] = useState<readonly [number, number]>([0, 0]);
  const known = useRef({ of: '', total: 0, pages: new Map<number, readonly RunView[]>() });
  const of = JSON.stringify(wanted);
  if (known.current.of !== of) known.current = { of, total: 0, pages: new Map() };
  const [from, to] = pagesOf(sight, known.current.total);
  const pages = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const read = useQueries({ queries: pages.map((page) => runPageQuery(wanted, page)) });
  for (const [index, { data }] of read.entries()) {
    if (data === undefined) continue;
    known.current.pages.set(pages[index]!, data.items);
    known.current.total = data.total;
  }
  const stamp = read.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  const fresh = useMemo(() => rowsOf(known.current.total, known.current.pages), [of, stamp]);
  // Under another filter or order the rows of the last one stay until the first new ones are there.
  const shown = useRef(fresh);
  if (known.current.pages.size > 0) shown.current = fresh;
  const onSight = useCallback((first: number, last: number) => {
    const next = [pageOf(first - ahead), pageOf(last + ahead)] as const;
    setSight((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
  }, []);
  const failed = read.find(({ error }) => error !== null) ?? read[0]!;
  return {
    rows: shown.current,
    total: shown.current.length,
    waits: known.current.pages.size === 0,
    query: {
      data: known.current.pages.size > 0 || shown.current.length > 0 ? true : undefined,
      error: failed.error,
      refetch: failed.refetch,
    },
    onSight,
  };
}

export function rowsOf(total: number, pages: ReadonlyMap<number, readonly RunView[]>): readonly RunRow[] {
  return Array.from({ length: total }, (_, index) => {
    const run = pages.get(Math.floor(index / rowsOfPage))?.[index % rowsOfPage] ?? null;
    return { id: run?.id ?? `row ${index}`, run };
  });
}
