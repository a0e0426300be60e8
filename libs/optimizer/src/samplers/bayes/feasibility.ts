/**
 * Where trials fail: a second model on the labels "worked" and "failed", for failures that the point is to blame for.
 *
 * Failures that strike everywhere alike teach nothing about points; a model that explains them no better than their share counts half.
 */
import { chanceBelow, type Term } from '../../acquisition/terms.js';
import type { Cube } from '../../encoding/cube.js';
import { fitFrom, type Rows, type Theta } from '../../gp/fit.js';
import { type Hypothesis, rough } from '../../gp/hypothesis.js';
import { place, Surrogate } from '../../gp/surrogate.js';
import type { Workspace } from '../../gp/workspace.js';
import { exp, log } from '../../math/elementary.js';
import type { Point, Result } from './history.js';

/** Fewer of either kind say nothing about a border between them. */
const fewest = 3;

/** Labels are exact, up to chance; how sharp the border is must be learned. */
const labels: Hypothesis = { ...rough, noise: { mean: -2, variance: 1 } };

export function canTell(results: readonly Result[]): boolean {
  const failed = results.filter(({ kind }) => kind === 'failed').length;
  return failed >= fewest && results.length - failed >= fewest;
}

/** The chance that a point works, as a term; undefined while there is too little to tell. */
export function feasibility(
  cube: Cube,
  open: (rows: number) => Workspace,
  results: readonly Result[],
  pending: readonly Point[],
): Term | undefined {
  if (!canTell(results)) return undefined;
  const workspace = open(results.length + pending.length);
  // Smaller is better here too: failures are 1, the rest −1.
  const rows: Rows = {
    count: results.length,
    targets: Float64Array.from(results, ({ kind }) => (kind === 'failed' ? 1 : -1)),
    repeats: new Float64Array(results.length).fill(1),
    extra: new Float64Array(results.length),
  };
  place(
    workspace,
    results.map(({ vector }) => vector),
  );
  const dimension = Math.max(1, cube.axes.length);
  const theta = fitFrom({ workspace, rows, hypothesis: labels, dimension }, [startOf(workspace, dimension)], true);
  const surrogate = Surrogate.of(workspace, rows, theta);
  if (surrogate === undefined) return undefined;
  const weight = explains(workspace, rows) ? 1 : 0.5;
  surrogate.believe(pending.map(({ vector }) => vector));
  return chanceBelow(surrogate, 0, noiseOf(theta), weight);
}

function startOf({ shape }: Workspace, dimension: number): Float64Array {
  const half = 0.5 * log(dimension);
  return Float64Array.from([
    ...new Array<number>(shape.numeric).fill(log(0.5) + half),
    ...new Array<number>(shape.categorical).fill(half),
    labels.noise.mean,
    0,
  ]);
}

const noiseOf = ({ logs }: Theta): number => exp(logs[logs.length - 2]!);

/** Whether leaving each trial out and predicting it is right clearly more often than always saying what is commoner. */
function explains(workspace: Workspace, { count, targets }: Rows): boolean {
  const diagonal = new Float64Array(count);
  workspace.inverseDiagonal(count, diagonal);
  const right = targets.filter((target, i) => target - workspace.vector[i]! / diagonal[i]! > 0 === target > 0).length;
  const failed = targets.filter((target) => target > 0).length;
  return right / count >= Math.max(failed, count - failed) / count + 0.05;
}
