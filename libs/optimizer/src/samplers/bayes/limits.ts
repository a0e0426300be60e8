/** Limits on what is measured: a model of each limited quantity, and the chance that a point keeps within all of them. */
import { chanceBelow, type Term } from '../../acquisition/terms.js';
import type { Cube } from '../../encoding/cube.js';
import { fitFrom, noiseOf, type Rows, startFor } from '../../gp/fit.js';
import { rough } from '../../gp/hypothesis.js';
import { place, Surrogate } from '../../gp/surrogate.js';
import { median } from '../../gp/warp.js';
import type { Point, Result, Results } from './results.js';
import type { Room } from './room.js';
import { fitLimit } from './working-set.js';

/** Deviations beyond this many say "far" and nothing more. */
const far = 5;

/** Whether the trial kept within every limit; unknown is not within. */
export function within({ excesses }: Result): boolean {
  return excesses.every((excess) => excess <= 0);
}

/** One term a limit; undefined for one that has never been measured. */
export function limitTerm(
  cube: Cube,
  room: Room,
  limit: number,
  log: { readonly results: Results; readonly pending: readonly Point[] },
): Term | undefined {
  const measured = log.results.all.filter(({ excesses }) => Number.isFinite(excesses[limit]!)).slice(-fitLimit);
  if (measured.length === 0) return undefined;
  const raw = Float64Array.from(measured, ({ excesses }) => excesses[limit]!);
  const middle = median(raw);
  // The bound stays at 0: values are scaled, never moved.
  const scale = 1.4826 * median(raw.map((value) => Math.abs(value - middle))) || Math.abs(middle) || 1;
  const rows: Rows = {
    count: raw.length,
    targets: raw.map((value) => Math.max(-far, Math.min(far, value / scale))),
    repeats: new Float64Array(raw.length).fill(1),
    extra: new Float64Array(raw.length),
  };
  const workspace = room.open(fitLimit + log.pending.length);
  place(
    workspace,
    measured.map(({ vector }) => vector),
  );
  const dimension = Math.max(1, cube.axes.length);
  const theta = fitFrom({ workspace, rows, hypothesis: rough, dimension }, [startFor(workspace, dimension, rough.noise.mean)], true);
  const surrogate = Surrogate.of(workspace, rows, theta);
  if (surrogate === undefined) return undefined;
  surrogate.believe(log.pending.map(({ vector }) => vector));
  return chanceBelow(surrogate, 0, noiseOf(theta));
}
