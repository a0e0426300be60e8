/** Lanes of the timeline: one a slot, in order of agents and slots; bars that overlap in one slot are put beside each other. */
import type { TimelineBar } from '../chart-data.js';

export interface LaneBar {
  readonly bar: TimelineBar;
  readonly start: number;
  readonly end: number;
  /** 0 = first row of the lane. */
  readonly row: number;
}

export interface Lane {
  readonly agent: string;
  readonly slot: number;
  readonly bars: readonly LaneBar[];
  /** How many bars overlap at most; at least 1. */
  readonly rows: number;
  /** Milliseconds without a bar between the first of them all and now. */
  readonly idle: number;
}

type SlotOf = { readonly agent: string; readonly slot: number };

/** @param from where idle time begins to count */
export function lanesOf(
  bars: readonly TimelineBar[],
  slots: readonly SlotOf[],
  { from, now }: { readonly from: number; readonly now: number },
): readonly Lane[] {
  const byLane = new Map<string, { readonly of: SlotOf; readonly bars: TimelineBar[] }>();
  const laneOf = (of: SlotOf) => {
    const key = JSON.stringify([of.agent, of.slot]);
    const lane = byLane.get(key) ?? { of, bars: [] };
    byLane.set(key, lane);
    return lane;
  };
  for (const slot of slots) laneOf(slot);
  for (const bar of bars) laneOf(bar).bars.push(bar);
  return [...byLane.values()]
    .sort((a, b) => a.of.agent.localeCompare(b.of.agent, 'en', { numeric: true }) || a.of.slot - b.of.slot)
    .map(({ of, bars: own }) => ({ agent: of.agent, slot: of.slot, ...stacked(own, now), idle: idleTime(own, from, now) }));
}

function stacked(bars: readonly TimelineBar[], now: number): { readonly bars: readonly LaneBar[]; readonly rows: number } {
  const ends: number[] = [];
  const placed = bars
    .toSorted((a, b) => a.start - b.start)
    .map((bar) => {
      const end = Math.max(bar.end ?? now, bar.start);
      const free = ends.findIndex((busyUntil) => busyUntil <= bar.start);
      const row = free < 0 ? ends.length : free;
      ends[row] = end;
      return { bar, start: bar.start, end, row };
    });
  return { bars: placed, rows: Math.max(1, ends.length) };
}

/** What no bar covers between the two times. */
export function idleTime(bars: readonly TimelineBar[], from: number, to: number): number {
  let idle = 0;
  let busyUntil = from;
  for (const { start, end } of bars.toSorted((a, b) => a.start - b.start)) {
    if (start > busyUntil) idle += Math.min(start, to) - busyUntil;
    busyUntil = Math.min(to, Math.max(busyUntil, end ?? to));
  }
  return idle + Math.max(0, to - busyUntil);
}
