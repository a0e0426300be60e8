/** Numbers of trials as charts want them. Pure. */
import type { TrialView } from '@sweep/api';
import { flattened } from '../../charts/maths/parallel-columns.js';
import { numberOf } from '../../ui/format.js';

/** The value of one objective; null where there is none. */
export function objectiveOf({ objective }: Pick<TrialView, 'objective'>, index = 0): number | null {
  const value = Array.isArray(objective) ? (objective[index] ?? null) : index === 0 ? objective : null;
  return value === null ? null : numberOf(value);
}

export const orNaN = (value: number | null): number => value ?? Number.NaN;

/** Names of params, of those that vary first. */
export function paramNames(trials: readonly TrialView[]): readonly string[] {
  const seen = new Map<string, Set<string>>();
  for (const { params } of trials) {
    for (const [name, value] of flattened(params)) seen.set(name, (seen.get(name) ?? new Set()).add(JSON.stringify(value)));
  }
  const names = [...seen];
  return [...names.filter(([, values]) => values.size > 1), ...names.filter(([, values]) => values.size <= 1)].map(([name]) => name);
}

/** Names of metrics that any trial has logged, the objectives first. */
export function metricNames(trials: readonly TrialView[], objectives: readonly string[]): readonly string[] {
  const names = new Set(trials.flatMap(({ summary }) => Object.keys(summary)));
  return [...objectives.filter((name) => names.has(name)), ...[...names].filter((name) => !objectives.includes(name)).sort()];
}
