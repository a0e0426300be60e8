/** What a program put only into its summary: where the sweep asks for it, it counts like the last value that was logged. */
import type { SweepSpec } from '@sweep/domain';
import type { Attempt, Store } from '@sweep/store';
import { readRawObject, valueAt } from '@sweep/wandb';

export async function addSummary(
  store: Store,
  { objectives, limits }: Pick<SweepSpec, 'objectives' | 'limits'>,
  attempt: Attempt,
  summary: string,
): Promise<void> {
  const [logged] = await store.metrics.last([{ run: attempt.run, attempt: attempt.number }]);
  const known = new Set(logged!.map(({ name }) => name));
  const missing = [...objectives, ...limits].map(({ name }) => name).filter((name) => !known.has(name));
  const found = missing.flatMap((name) => {
    const value = numberAt(summary, name);
    return value === null ? [] : [{ name, value }];
  });
  if (found.length === 0) return;
  const step = Math.max(0, ...logged!.map((last) => last.step));
  const times = Float64Array.of(await store.now());
  const series = found.map(({ name, value }) => ({ name, steps: Float64Array.of(step), values: Float64Array.of(value), times }));
  await store.metrics.append([{ run: attempt.run, attempt: attempt.number, batch: { sequence: attempt.pointSequence + 1, series } }]);
}

function numberAt(summary: string, path: string): number | null {
  const object = readRawObject(summary);
  const found = object === undefined ? undefined : valueAt(object, path);
  return found?.kind === 'number' ? Number(found.text) : null;
}
