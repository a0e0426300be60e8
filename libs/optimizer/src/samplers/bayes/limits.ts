/** Limits on what is measured: a model of each limited quantity, and the chance that a point keeps within all of them. */
import { chanceBelow, type Term } from '../../acquisition/terms.js';
import { noiseOf } from '../../gp/fit.js';
import { median } from '../../gp/warp.js';
import type { Point, Result, Results } from './results.js';
import type { SideModel, SideRows } from './side-model.js';
import { fitLimit } from './working-set.js';

/** Deviations beyond this many say "far" and nothing more. */
const far = 5;

/** Whether the trial kept within every limit; unknown is not within. */
export function within({ excesses }: Result): boolean {
  return excesses.every((excess) => excess <= 0);
}

/** One term a limit; undefined for one that has never been measured. */
export function limitTerm(
  model: SideModel,
  limit: number,
  { results, pending }: { readonly results: Results; readonly pending: readonly Point[] },
): Term | undefined {
  const measured = results.all.filter(({ excesses }) => Number.isFinite(excesses[limit]!)).slice(-fitLimit);
  if (measured.length === 0) return undefined;
  const raw = Float64Array.from(measured, ({ excesses }) => excesses[limit]!);
  const middle = median(raw);
  // The bound stays at 0: values are scaled, never moved.
  const scale = 1.4826 * median(raw.map((value) => Math.abs(value - middle))) || Math.abs(middle) || 1;
  const rows: SideRows = {
    vectors: measured.map(({ vector }) => vector),
    count: raw.length,
    targets: raw.map((value) => Math.max(-far, Math.min(far, value / scale))),
    repeats: new Float64Array(raw.length).fill(1),
    extra: new Float64Array(raw.length),
  };
  const side = model.of(results, rows, pending.length);
  if (side === undefined) return undefined;
  side.surrogate.believe(pending.map(({ vector }) => vector));
  return chanceBelow(side.surrogate, 0, noiseOf(side.theta));
}
