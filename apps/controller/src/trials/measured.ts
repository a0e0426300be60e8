/** From the metrics of an attempt to what it measured, as the sweep's file counts: objectives, limits, the way. Only `readWay` reads. */
import type { Measured, SweepSpec } from '@sweep/domain';
import { type Counting, type Pruner, wayOf } from '@sweep/optimizer';
import type { LastValue, MetricStore } from '@sweep/store';
import { readRawObject, valueAt } from '@sweep/wandb';

/** Null when nothing finite was logged. */
export function countedValue(last: LastValue | undefined, { goal, value }: Counting): number | null {
  if (last === undefined) return null;
  if (value === 'best') return goal === 'minimize' ? last.min : last.max;
  return Number.isFinite(last.value) ? last.value : null;
}

/** What counts in a sweep. Without a pruner nobody asks for the way. */
export interface Measuring {
  readonly spec: Pick<SweepSpec, 'objectives' | 'limits'>;
  readonly pruner: Pruner | null;
}

/** @param way of the first objective, every value */
export function measuredBy({ spec, pruner }: Measuring, last: readonly LastValue[], way: ArrayLike<number>): Measured {
  const byName = new Map(last.map((value) => [value.name, value]));
  const counted = (metric: Counting & { readonly name: string }): number | null => countedValue(byName.get(metric.name), metric);
  const [objective] = spec.objectives;
  return {
    values: spec.objectives.map(counted),
    limits: spec.limits.map(counted),
    curve: pruner === null || objective === undefined ? [] : wayOf(pruner, way, objective),
  };
}

/**
 * What was logged, with what the program says in its summary: that is the last word of a metric, and its best may be in either.
 * As W&B's optimizer counts, which reads both (`wandb/sweeps`, `metric_extremum`).
 */
export function withSummary(
  { objectives, limits }: Measuring['spec'],
  logged: readonly LastValue[],
  summary: string | null,
): readonly LastValue[] {
  const document = summary === null ? undefined : readRawObject(summary);
  if (document === undefined) return logged;
  const byName = new Map(logged.map((value) => [value.name, value]));
  for (const { name } of [...objectives, ...limits]) {
    const said = valueAt(document, name);
    const value = said?.kind === 'number' ? Number(said.text) : Number.NaN;
    if (!Number.isFinite(value)) continue;
    const { min, max, ...rest } = byName.get(name) ?? { name, step: 0, time: 0, count: 0, min: null, max: null };
    byName.set(name, { ...rest, value, min: Math.min(min ?? value, value), max: Math.max(max ?? value, value) });
  }
  return [...byName.values()];
}

/** Every value of the first objective, in sweeps where its way matters. */
export async function readWay(
  metrics: Pick<MetricStore, 'read'>,
  { spec, pruner }: Measuring,
  attempt: Parameters<MetricStore['last']>[0][number],
): Promise<ArrayLike<number>> {
  const [objective] = spec.objectives;
  if (pruner === null || objective === undefined) return [];
  const [series] = await metrics.read(attempt.run, attempt.attempt, [objective.name]);
  return series?.values ?? [];
}
