/**
 * Where trials fail: a second model on the labels "worked" and "failed", for failures that the point is to blame for.
 *
 * A model that predicts failures takes them for certain where it knows the surroundings: its noise is only how sharp the border is.
 * Failures that strike everywhere alike teach nothing about points; a model that explains them no better than their share counts half.
 */
import { chanceBelow, type Term } from '../../acquisition/terms.js';
import type { Cube } from '../../encoding/cube.js';
import { fitFrom, noiseOf, type Rows, startFor } from '../../gp/fit.js';
import { type Hypothesis, rough } from '../../gp/hypothesis.js';
import { place, Surrogate } from '../../gp/surrogate.js';
import type { Workspace } from '../../gp/workspace.js';
import { canTell } from './history.js';
import { kinds, type Point, type Result, type Results } from './results.js';
import type { Room } from './room.js';
import { fitLimit } from './working-set.js';

/** Labels are exact, up to chance; how sharp the border is must be learned. */
const labels: Hypothesis = { ...rough, noise: { mean: -2, variance: 1 } };

/** The chance that a point works, as a term; undefined while there is too little to tell. */
export function feasibility(
  cube: Cube,
  room: Room,
  log: { readonly results: Results; readonly pending: readonly Point[] },
): Term | undefined {
  const { pending } = log;
  // Failures are rare and never left out; of the rest the newest are enough.
  if (!canTell(log.results)) return undefined;
  const failed = newest(log.results, fitLimit / 2, (kind) => kind === kinds.failed);
  const worked = newest(log.results, fitLimit - failed.length, (kind) => kind !== kinds.failed);
  const results = [...failed, ...worked];
  const workspace = room.open(fitLimit + pending.length);
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
  const theta = fitFrom({ workspace, rows, hypothesis: labels, dimension }, [startFor(workspace, dimension, labels.noise.mean)], true);
  const surrogate = Surrogate.of(workspace, rows, theta);
  if (surrogate === undefined) return undefined;
  const explained = explains(workspace, rows);
  surrogate.believe(pending.map(({ vector }) => vector));
  return explained ? chanceBelow(surrogate, 0, 0) : chanceBelow(surrogate, 0, noiseOf(theta), 0.5);
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
