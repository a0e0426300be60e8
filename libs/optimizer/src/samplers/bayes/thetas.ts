/**
 * The hyperparameters for a number of results: one fit from many starts at each anchor, one short fit from there in between.
 *
 * So they depend on the log alone: on the results up to the anchor, and on those up to now. What a process did before does not matter,
 * and what is kept here can be lost at any time.
 */
import type { Cube } from '../../encoding/cube.js';
import { fitFrom, priorsOf, type Theta } from '../../gp/fit.js';
import { type Hypothesis, noiseBounds } from '../../gp/hypothesis.js';
import { place } from '../../gp/surrogate.js';
import type { Workspace } from '../../gp/workspace.js';
import { log } from '../../math/elementary.js';
import { normalQuantile } from '../../math/normal.js';
import type { Random } from '../../rng.js';
import { streams } from '../streams.js';
import type { Table } from './rows.js';
import { fitLimit, globalRows, picked } from './working-set.js';

export interface FitContext {
  readonly cube: Cube;
  readonly hypothesis: Hypothesis;
  readonly workspace: Workspace;
  readonly random: Random;
}

/** 8, 12, 16, 24, 32, …: from each the next is a third to a half more. */
export function anchorAt(count: number): number {
  let anchor = 8;
  if (count < anchor) return count;
  for (let half = 12; ; anchor *= 2, half *= 2) {
    if (count < half) return anchor;
    if (count < anchor * 2) return half;
  }
}

/** @param full the rows of all results, of which there are `count` */
export function anchorFit(context: FitContext, full: Table, count: number): Theta {
  return fitOn(context, full, starts(context, count));
}

export function warmFit(context: FitContext, full: Table, anchor: Theta): Theta {
  return fitOn(context, full, [anchor.logs], true);
}

function fitOn(context: FitContext, full: Table, from: readonly Float64Array[], warm = false): Theta {
  const { cube, hypothesis, workspace } = context;
  const table = full.count <= fitLimit ? full : picked(full, globalRows(full, context.random));
  place(workspace, table.vectors);
  return fitFrom({ workspace, rows: table, hypothesis, dimension: Math.max(1, cube.axes.length) }, from, warm);
}

/** The usual, the all short, and two drawn from the prior. */
function starts({ cube, hypothesis, workspace, random }: FitContext, index: number): readonly Float64Array[] {
  const dimension = Math.max(1, cube.axes.length);
  const half = 0.5 * log(dimension);
  const { numeric, categorical } = workspace.shape;
  const vector = (length: number, category: number, noise: number): Float64Array =>
    Float64Array.from([
      ...new Array<number>(numeric).fill(length + half),
      ...new Array<number>(categorical).fill(category + half),
      noise,
      0,
    ]);
  const priors = priorsOf(workspace, hypothesis, dimension);
  const draw = (which: number): Float64Array =>
    Float64Array.from(priors, ({ mean, variance }, at) => {
      const share = random.uniform(index, streams.fit, which * 1024 + at);
      return mean + Math.sqrt(variance) * normalQuantile(Math.max(2 ** -53, share));
    });
  const noise = Math.max(noiseBounds[0], hypothesis.noise.mean);
  return [vector(log(0.5), 0, noise), vector(log(0.2), log(0.4), -6), draw(0), draw(1)];
}
