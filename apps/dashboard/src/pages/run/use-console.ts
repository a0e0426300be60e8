/** The console of a run as it grows: its end at once, what is earlier when it is asked for, what is new while it runs. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../../data/client.js';
import { mayPass } from '../../data/errors.js';
import type { ConsolePage } from '../../data/run-queries.js';

export type ConsoleLine = ConsolePage['lines'][number];

export interface ConsoleState {
  readonly lines: readonly ConsoleLine[];
  /** Positions: where the lines begin; 0 is the beginning of all. */
  readonly from: number;
  readonly streams: readonly string[];
  readonly ready: boolean;
  readonly error: unknown;
}

export interface ConsoleWanted {
  readonly run: string;
  readonly stream: string | null;
  readonly live: boolean;
}

const pollMs = 1_500;
/** Of the end, and of each step back. */
const stretch: Readonly<Record<ConsolePage['unit'], number>> = { bytes: 65_536, lines: 1_000 };
/** Of bytes, in search of its end. */
const longestLine = 16_384;
/** That are kept while more come: the page of a run that prints for days does not grow for days. */
const mostLines = 100_000;
const nothing: ConsoleState = { lines: [], from: 0, streams: [], ready: false, error: null };

export function useConsole({
  run,
  stream,
  live,
}: ConsoleWanted): ConsoleState & { readonly earlier: () => void; readonly again: () => void } {
  const [state, setState] = useState(nothing);
  const [tries, setTries] = useState(0);
  const unit = useRef<ConsolePage['unit']>('bytes');
  const chosen = stream === null ? {} : { stream };
  useEffect(() => {
    setState(nothing);
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = async (from: number): Promise<void> => {
      const page = await client.runConsole(run, { ...chosen, from });
      if (stopped) return;
      setState((before) => appended(before, page));
      const more = page.next < page.total && page.lines.length > 0;
      if (more || (live && !page.ended)) goOn(page.next, more ? 0 : pollMs);
    };
    const goOn = (from: number, afterMs: number): void => {
      timer = setTimeout(() => {
        follow(from).catch((error: unknown) => {
          fail(error);
          if (!stopped && mayPass(error)) goOn(from, pollMs);
        });
      }, afterMs);
    };
    const begin = async (): Promise<void> => {
      const first = await client.runConsole(run, { ...chosen, from: 0, limit: 1 });
      unit.current = first.unit;
      const from = Math.max(0, first.total - stretch[first.unit]);
      if (!stopped) await follow(await lineAfter(run, chosen, { from, unit: first.unit }));
    };
    const fail = (error: unknown): void => {
      if (!stopped) setState((before) => ({ ...before, ready: true, error }));
    };
    begin().catch(fail);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [run, stream, live, tries]);
  const earlier = useCallback(() => {
    const to = state.from;
    const from = Math.max(0, to - stretch[unit.current]);
    readBetween(run, chosen, { from, to, unit: unit.current }).then(
      (page) =>
        setState((before) => (before.from === to ? { ...before, lines: [...page.lines, ...before.lines], from: page.from } : before)),
      (error: unknown) => setState((before) => ({ ...before, error })),
    );
  }, [run, stream, state.from]);
  return { ...state, earlier, again: () => setTries((before) => before + 1) };
}

type Chosen = { readonly stream?: string };

interface Between {
  readonly from: number;
  readonly to: number;
  readonly unit: ConsolePage['unit'];
}

/** Where the next line begins: a position among bytes is in the middle of one, as a rule. */
async function lineAfter(run: string, chosen: Chosen, { from, unit }: Pick<Between, 'from' | 'unit'>): Promise<number> {
  if (from === 0 || unit === 'lines') return from;
  const { lines, next } = await client.runConsole(run, { ...chosen, from, limit: longestLine });
  return lines[1]?.at ?? next;
}

/** What stands between two positions, in as many answers as that takes. */
async function readBetween(run: string, chosen: Chosen, { from, to, unit }: Between) {
  const begin = await lineAfter(run, chosen, { from, unit });
  const first = await client.runConsole(run, { ...chosen, from: begin });
  const lines = [...first.lines];
  for (let next = first.next; next < to; ) {
    const page = await client.runConsole(run, { ...chosen, from: next });
    if (page.next <= next) break;
    lines.push(...page.lines);
    next = page.next;
  }
  return { from: first.from, lines: lines.filter(({ at }) => at < to) };
}

export function appended(before: ConsoleState, page: ConsolePage, most = mostLines): ConsoleState {
  const first = !before.ready;
  const lines = page.lines.length === 0 ? before.lines : [...before.lines, ...page.lines];
  const kept = lines.slice(-most);
  return {
    lines: kept.length === lines.length ? lines : kept,
    from: kept.length < lines.length ? kept[0]!.at : first ? page.from : before.from,
    streams: page.streams,
    ready: true,
    error: null,
  };
}
