/**
 * How much each parameter matters, by a model of the results: the share of the objective's variance over the space that is left when
 * all other parameters are known. Needs no particular method of search.
 *
 * Total effects by Jansen's estimator: Saltelli et al., "Variance based sensitivity analysis of model output" (2010). The interval
 * is a delete-a-fifth jackknife over the results. Rank correlation of parameter and result is somebody else's.
 */

import { sobolSource } from '../acquisition/pool.js';
import { type Axis, type Cube, cubeOf, present, type Vector } from '../encoding/cube.js';
import type { Theta } from '../gp/fit.js';
import { rough } from '../gp/hypothesis.js';
import { place, Surrogate } from '../gp/surrogate.js';
import type { Workspace } from '../gp/workspace.js';
import { type Random, random } from '../rng.js';
import type { Observation, SamplerOptions } from '../sampler.js';
import { canTell, Historian } from '../samplers/bayes/history.js';
import { Room } from '../samplers/bayes/room.js';
import { type Table, tableOf } from '../samplers/bayes/rows.js';
import { anchorFit } from '../samplers/bayes/thetas.js';
import { condensed, fitLimit, globalRows, picked } from '../samplers/bayes/working-set.js';
import type { SearchSpace } from '../space.js';

export interface Effect {
  /** `Parameter.key`. */
  readonly key: string;
  /** 0 … 1; all of them sum up to 1. */
  readonly share: number;
  /** Within which the share lies with 95 %. */
  readonly low: number;
  readonly high: number;
}

/** Fewer finished trials make no model worth asking. */
export const fewestForEffects = 8;
const points = 256;
const folds = 5;

/** Strongest first; empty while there is too little to tell. The first objective's. */
export function effects(space: SearchSpace, options: SamplerOptions, observations: readonly Observation[]): readonly Effect[] {
  const cube = cubeOf(space);
  const numbers = random(options.seed);
  const { results } = new Historian(cube, options).read(observations);
  if (cube.axes.length === 0 || results.all.filter(({ kind }) => kind === 'value').length < fewestForEffects) return [];
  const full = tableOf(condensed(results, numbers), rough.warp, canTell(results));
  const table = full.count <= fitLimit ? full : picked(full, globalRows(full, numbers));
  const workspace = new Room(cube).open(table.count);
  const theta = anchorFit({ cube, hypothesis: rough, workspace, random: numbers }, full, results.length);
  const pairs = pairsOf(cube, numbers);
  const whole = sharesBy({ workspace, table, theta }, pairs);
  const parts = Array.from({ length: folds }, (_, fold) => sharesBy({ workspace, table: without(table, fold), theta }, pairs));
  return cube.axes
    .map((axis, at) => ({ key: space.parameters[axis.parameter]!.key, share: whole[at]!, ...interval(whole[at]!, parts, at) }))
    .sort((a, b) => b.share - a.share || (a.key < b.key ? -1 : 1));
}

interface Pairs {
  readonly base: readonly Vector[];
  /** For each axis: every base point with another value there; undefined where that is no point. */
  readonly changed: readonly (readonly (Vector | undefined)[])[];
}

function pairsOf(cube: Cube, numbers: Random): Pairs {
  const source = sobolSource(cube, { random: numbers, index: 0 });
  const other = sobolSource(cube, { random: numbers, index: 1 });
  const base: Vector[] = [];
  for (let point = 0; base.length < points && point < 20 * points; point += 1) {
    const vector = source(point);
    if (cube.settle(vector, true)) base.push(vector);
  }
  const changed = cube.axes.map((axis) => base.map((vector, point) => variant(cube, axis, vector, other(point))));
  return { base, changed };
}

function variant(cube: Cube, axis: Axis, vector: Vector, other: Vector): Vector | undefined {
  if (!present(axis, vector)) return vector;
  const result = vector.slice();
  result[axis.at] = other[axis.at]!;
  return cube.settle(result, true) ? result : undefined;
}

interface Fitted {
  readonly workspace: Workspace;
  readonly table: Table;
  readonly theta: Theta;
}

/** Of each axis; all alike when the model sees no difference anywhere. */
function sharesBy({ workspace, table, theta }: Fitted, { base, changed }: Pairs): readonly number[] {
  place(workspace, table.vectors);
  const even = changed.map(() => 1 / changed.length);
  const surrogate = Surrogate.of(workspace, table, theta);
  if (surrogate === undefined) return even;
  const here = meansAt(surrogate, base);
  const totals = changed.map((others) => {
    const there = meansAt(
      surrogate,
      others.map((vector, point) => vector ?? base[point]!),
    );
    return there.reduce((sum, mean, point) => sum + squared(mean - here[point]!), 0);
  });
  const all = totals.reduce((sum, total) => sum + total, 0);
  return all > 0 ? totals.map((total) => total / all) : even;
}

function meansAt(surrogate: Surrogate, vectors: readonly Vector[]): Float64Array {
  const means = new Float64Array(vectors.length);
  surrogate.each(vectors, false, (index, { mean }) => {
    means[index] = mean;
  });
  return means;
}

/** Every fifth row left out. */
function without(table: Table, fold: number): Table {
  return picked(
    table,
    [...Array(table.count).keys()].filter((row) => row % folds !== fold),
  );
}

function interval(share: number, parts: readonly (readonly number[])[], at: number): { readonly low: number; readonly high: number } {
  const shares = parts.map((part) => part[at]!);
  const mean = shares.reduce((sum, one) => sum + one, 0) / folds;
  const squares = shares.reduce((sum, one) => sum + squared(one - mean), 0);
  // Delete-d jackknife with d = n/5: (n − d)/d = 4 times the mean square.
  const deviation = Math.sqrt(((folds - 1) * squares) / folds);
  return { low: Math.max(0, share - 1.96 * deviation), high: Math.min(1, share + 1.96 * deviation) };
}

const squared = (x: number): number => x * x;
