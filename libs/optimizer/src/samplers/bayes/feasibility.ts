/**
 * Where trials fail: a second model on the labels "worked" and "failed", for failures that the point is to blame for.
 *
 * A model that predicts failures takes them for certain where it knows the surroundings: its noise is only how sharp the border is.
 * Failures that strike everywhere alike teach nothing about points; a model that explains them no better than their share counts half.
 */
import { chanceBelow, type Term } from '../../acquisition/terms.js';
import { noiseOf, type Rows } from '../../gp/fit.js';
import { type Hypothesis, rough } from '../../gp/hypothesis.js';
import type { Workspace } from '../../gp/workspace.js';
import { canTell } from './history.js';
import { kinds, type Point, type Result, type Results } from './results.js';
import type { SideModel, SideRows } from './side-model.js';
import { fitLimit } from './working-set.js';

/** Labels are exact, up to chance; how sharp the border is must be learned. */
export const labels: Hypothesis = { ...rough, noise: { mean: -2, variance: 1 } };

/** The chance that a point works, as a term; undefined while there is too little to tell. */
export function feasibility(
  model: SideModel,
  { results, pending }: { readonly results: Results; readonly pending: readonly Point[] },
): Term | undefined {
  if (!canTell(results)) return undefined;
  const rows = rowsOf(results);
  const side = model.of(results, rows, pending.length);
  if (side === undefined) return undefined;
  const { surrogate, theta, workspace } = side;
  const explained = explains(workspace, rows);
  surrogate.believe(pending.map(({ vector }) => vector));
  return explained ? chanceBelow(surrogate, 0, 0) : chanceBelow(surrogate, 0, noiseOf(theta), 0.5);
}

function rowsOf(results: Results): SideRows {
  // Failures are rare and never left out; of the rest the newest are enough.
  const failed = newest(results, fitLimit / 2, (kind) => kind === kinds.failed);
  const worked = newest(results, fitLimit - failed.length, (kind) => kind !== kinds.failed);
  const all = [...failed, ...worked];
  return {
    vectors: all.map(({ vector }) => vector),
    count: all.length,
    // Smaller is better here too.
    targets: Float64Array.from(all, ({ kind }) => (kind === 'failed' ? 1 : -1)),
    repeats: new Float64Array(all.length).fill(1),
    extra: new Float64Array(all.length),
  };
}

/** In their order. */
function newest({ all, kinds: each }: Results, most: number, wanted: (kind: number) => boolean): readonly Result[] {
  const found: Result[] = [];
  for (let index = all.length - 1; index >= 0 && found.length < most; index -= 1) if (wanted(each[index]!)) found.push(all[index]!);
  return found.reverse();
}

/** Whether leaving each trial out and predicting it is right clearly more often than always saying what is commoner. */
function explains(workspace: Workspace, { count, targets }: Rows): boolean {
  const diagonal = new Float64Array(count);
  workspace.inverseDiagonal(count, diagonal);
  const right = targets.filter((target, i) => target - workspace.vector[i]! / diagonal[i]! > 0 === target > 0).length;
  const failed = targets.filter((target) => target > 0).length;
  return right / count >= Math.max(failed, count - failed) / count + 0.05;
}
