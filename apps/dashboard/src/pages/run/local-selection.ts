/** A selection that lives as long as its page, and the states of runs as charts know them. */
import { useMemo, useState } from 'react';
import type { ChartSelection, MarkState } from '../../charts/chart-data.js';

export function useLocalSelection(): ChartSelection {
  const [selected, onSelect] = useState<readonly string[]>([]);
  const [hovered, onHover] = useState<string | null>(null);
  return useMemo(() => ({ selected, hovered, onSelect, onHover }), [selected, hovered]);
}

const marks: Readonly<Record<string, MarkState>> = {
  finished: 'completed',
  crashed: 'failed',
  killed: 'cancelled',
  pending: 'queued',
  preempting: 'running',
  preempted: 'queued',
};
const own: ReadonlySet<string> = new Set(['queued', 'running', 'stopping', 'completed', 'pruned', 'failed', 'cancelled']);

/** Of runs without a trial, the nearest word. */
export const markOf = (state: string): MarkState => (own.has(state) ? (state as MarkState) : (marks[state] ?? 'completed'));

export const isAlive = (state: string): boolean => ['running', 'stopping', 'preempting', 'pending', 'queued'].includes(state);
