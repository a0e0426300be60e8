/**
 * What a model of the results expects along one parameter, or over two: the others stand where the best known trial has them.
 *
 * It is a cut through the space, and no average over it: far from any result the band widens, and that is what it says.
 */
import { type Axis, cubeOf, type Vector } from '../encoding/cube.js';
import { rough } from '../gp/hypothesis.js';
import { random } from '../rng.js';
import type { Observation, SamplerOptions } from '../sampler.js';
import { Historian } from '../samplers/bayes/history.js';
import { type Model, Modeller } from '../samplers/bayes/model.js';
import { unwarped } from '../samplers/bayes/why.js';
import type { SearchSpace } from '../space.js';
import type { Params, ParamValue } from '../value.js';
import { fewestForEffects } from './importance.js';

export interface Slice {
  readonly x: readonly ParamValue[];
  /** Null along one parameter. */
  readonly y: readonly ParamValue[] | null;
  /** In the objective's units; row by row, each row along `x`. NaN where the space has no such point. */
  readonly mean: readonly number[];
  /** Within which a result without noise lies with 95 %. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Of the trial through which the cut goes. */
  readonly through: Params;
}

/** Keys of parameters. */
export interface SliceWish {
  readonly x: string;
  readonly y: string | null;
  /** Of each continuous parameter; others have their levels, at most so many. */
  readonly points: number;
}

/** Null while there is too little to tell, or where a parameter cannot vary. The first objective's. */
export function slice(space: SearchSpace, options: SamplerOptions, observations: readonly Observation[], wish: SliceWish): Slice | null {
  const cube = cubeOf(space);
  const axisOf = (key: string): Axis | undefined => cube.axes.find(({ parameter }) => space.parameters[parameter]!.key === key);
  const [x, y] = [axisOf(wish.x), wish.y === null ? null : axisOf(wish.y)];
  const { results } = new Historian(cube, options).read(observations);
  if (x === undefined || y === undefined || results.all.filter(({ kind }) => kind === 'value').length < fewestForEffects) return null;
  const model = new Modeller(cube, random(options.seed), rough).model(results, []);
  if (model === undefined) return null;
  const base = bestRow(model);
  const rows = y === null ? [null] : gridOf(y, wish.points);
  const columns = gridOf(x, wish.points);
  const vectors = rows.flatMap((row) => columns.map((column) => moved(base, [x, column], y === null || row === null ? null : [y, row])));
  const allowed = vectors.map((vector) => cube.settle(vector, true));
  const sign = options.goals[0] === 'maximize' ? -1 : 1;
  return {
    x: columns.map((at) => x.value(x.snap(at))),
    y: y === null ? null : rows.map((at) => y.value(y.snap(at!))),
    ...beliefs(model, vectors, allowed, sign),
    through: cube.params(base),
  };
}

function bestRow(model: Model): Vector {
  let best = 0;
  for (let row = 1; row < model.table.finished; row += 1) if (model.means[row]! < model.means[best]!) best = row;
  return model.table.vectors[best]!;
}

/** In the middles of equal parts where the values have no end. */
function gridOf(axis: Axis, points: number): readonly number[] {
  if (axis.count === Number.POSITIVE_INFINITY) return Array.from({ length: points }, (_, index) => (index + 0.5) / points);
  const count = Math.min(points, axis.count);
  return Array.from({ length: count }, (_, index) => axis.level(count === 1 ? 0 : Math.round((index * (axis.count - 1)) / (count - 1))));
}

function moved(base: Vector, x: readonly [Axis, number], y: readonly [Axis, number] | null): Vector {
  const vector = base.slice();
  for (const [axis, coordinate] of y === null ? [x] : [x, y]) {
    vector[axis.at] = coordinate;
  }
  return vector;
}

function beliefs(
  model: Model,
  vectors: readonly Vector[],
  allowed: readonly boolean[],
  sign: 1 | -1,
): Pick<Slice, 'mean' | 'low' | 'high'> {
  const [mean, low, high] = [[], [], []].map(() => new Array<number>(vectors.length).fill(Number.NaN));
  model.surrogate.each(vectors, false, (index, belief) => {
    if (!allowed[index]) return;
    const spread = 1.96 * Math.sqrt(belief.variance);
    const ends = [belief.mean - spread, belief.mean + spread].map((value) => sign * unwarped(model, value));
    mean![index] = sign * unwarped(model, belief.mean);
    low![index] = Math.min(...ends);
    high![index] = Math.max(...ends);
  });
  return { mean: mean!, low: low!, high: high! };
}
