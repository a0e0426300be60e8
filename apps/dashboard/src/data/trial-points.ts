/**
 * All trials of a sweep as its charts need them: params, results, states and times, read in columns, and afterwards only what has changed.
 *
 * A trial that has not changed stays the same object, so that what is made of it need not be made again.
 */
import type { SweepPointsView, TrialView } from '@sweep/api';

export interface TrialPoint {
  readonly id: string;
  readonly number: number;
  readonly state: TrialView['state'];
  /** By name, names within names joined by dots; what is the same in every trial by definition is left out. */
  readonly params: Readonly<Record<string, string | number | boolean>>;
  /** As a trial's own record has it: one value, or one for each objective. */
  readonly objective: TrialView['objective'];
  /** Milliseconds since the epoch. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export interface SweepTrials {
  /** When the controller answered: what changes later is asked for since then. */
  readonly now: string;
  readonly columns: readonly string[];
  /** By number. */
  readonly trials: readonly TrialPoint[];
}

/** @param before what is known already, of which the answer holds the changes; null: the answer is whole */
export function withPoints(before: SweepTrials | null, view: SweepPointsView): SweepTrials {
  const columns = Object.keys(view.params).sort();
  const read = pointsOf(view);
  if (before === null) return { now: view.now, columns, trials: byNumber(read) };
  const changed = new Map(read.map((point) => [point.id, point]));
  const known = new Set(before.trials.map(({ id }) => id));
  const fresh = read.filter(({ id }) => !known.has(id));
  let same = fresh.length === 0;
  const kept = before.trials.map((trial) => {
    const now = changed.get(trial.id);
    if (now === undefined || alike(trial, now)) return trial;
    same = false;
    return now;
  });
  return { now: view.now, columns, trials: same ? before.trials : byNumber([...kept, ...fresh]) };
}

/** Whether the answer's columns are those that are known: an edited sweep may search another space. */
export const fits = (before: SweepTrials, view: SweepPointsView): boolean =>
  Object.keys(view.params).sort().join('\n') === before.columns.join('\n');

const byNumber = (points: readonly TrialPoint[]): readonly TrialPoint[] => points.toSorted((a, b) => a.number - b.number);

const alike = (a: TrialPoint, b: TrialPoint): boolean => JSON.stringify(a) === JSON.stringify(b);

function pointsOf({ ids, numbers, states, values, params, startedAt, endedAt }: SweepPointsView): readonly TrialPoint[] {
  const columns = Object.entries(params);
  return ids.map((id, index) => ({
    id,
    number: numbers[index]!,
    state: states[index]!,
    params: Object.fromEntries(
      columns.flatMap(([name, column]) => {
        const value = column[index] ?? null;
        return value === null ? [] : [[name, value]];
      }),
    ),
    objective: values.length > 1 ? values.map((column) => column[index] ?? null) : (values[0]?.[index] ?? null),
    startedAt: startedAt[index] ?? null,
    endedAt: endedAt[index] ?? null,
  }));
}
