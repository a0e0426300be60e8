/** The best value up to each trial, as the steps of a line. */
import type { Goal, HistoryTrial } from '../chart-data.js';

export interface BestStep {
  readonly number: number;
  readonly value: number;
  readonly id: string;
}

export const better = (a: number, b: number, goal: Goal): boolean => (goal === 'minimize' ? a < b : a > b);

/** Only completed trials count: a pruned one has a value from half the way. */
export function bestSoFar(trials: readonly HistoryTrial[], goal: Goal): readonly BestStep[] {
  const steps: BestStep[] = [];
  for (const { id, number, state, value } of trials.toSorted((a, b) => a.number - b.number)) {
    if (state !== 'completed' || value === null || !Number.isFinite(value)) continue;
    const last = steps.at(-1);
    if (last === undefined || better(value, last.value, goal)) steps.push({ id, number, value });
  }
  return steps;
}
