/** The candidates among which a search begins: points everywhere, and variations of what is good already. */
import type { Axis, Cube, Vector } from '../encoding/cube.js';
import { normalQuantile } from '../math/normal.js';
import { scramble, sobolDimensions, sobolWord } from '../math/sobol.js';
import type { Random } from '../rng.js';
import { streams } from '../samplers/streams.js';

export interface PoolSize {
  readonly everywhere: number;
  /** Of each of the best points. */
  readonly mutations: number;
  readonly crossovers: number;
}

export function poolSize(cube: Cube): PoolSize {
  return { everywhere: Math.min(2048, 512 + 64 * cube.axes.length), mutations: 30, crossovers: 50 };
}

/**
 * @param best vectors of the best points, the very best first
 * @param index of the proposal
 */
export function pool(
  cube: Cube,
  size: PoolSize,
  best: readonly Vector[],
  source: { readonly random: Random; readonly index: number },
): Vector[] {
  const draws = drawsOf(source.random, source.index, streams.pool);
  const found: Vector[] = [];
  const keep = (vector: Vector): void => {
    if (cube.settle(vector)) found.push(vector);
  };
  const sobol = sobolSource(cube, source);
  for (let point = 0; point < size.everywhere; point += 1) keep(sobol(point));
  for (const parent of best.slice(0, 5)) {
    for (let child = 0; child < size.mutations; child += 1) keep(mutation(cube, parent, draws));
  }
  const parents = best.slice(0, 10);
  if (parents.length > 1) {
    for (let child = 0; child < size.crossovers; child += 1) keep(crossover(cube, parents, draws));
  }
  return found;
}

/** Points of a Sobol sequence scrambled for this proposal alone, through each axis's distribution. */
export function sobolSource(cube: Cube, { random, index }: { readonly random: Random; readonly index: number }): (point: number) => Vector {
  const seeds = cube.axes.slice(0, sobolDimensions).map((_, axis) => random.word(index, streams.poolScramble, axis));
  return (point) => {
    const vector = new Float64Array(cube.length);
    for (const [number, axis] of cube.axes.entries()) {
      const seed = seeds[number];
      const share =
        seed === undefined
          ? random.uniform(index, streams.poolBeyondSobol, (point * cube.axes.length + number) % 2 ** 20)
          : (scramble(sobolWord(point, number), seed) + 0.5) / 2 ** 32;
      vector[axis.at] = axis.count === Number.POSITIVE_INFINITY ? share : axis.draw(share);
    }
    return vector;
  };
}

type Draws = () => number;

/** One after the other; a proposal never needs as many as a stream holds. */
export function drawsOf(random: Random, index: number, stream: number): Draws {
  let draw = 0;
  return () => random.uniform(index, stream, draw++);
}

function mutation(cube: Cube, parent: Vector, draws: Draws): Vector {
  const child = parent.slice();
  const rate = Math.max(0.3, 1 / cube.axes.length);
  const step = draws() < 0.5 ? 0.15 : 0.03;
  let changed = false;
  for (const axis of cube.axes) {
    if (draws() >= rate) continue;
    child[axis.at] = changedCoordinate(axis, parent[axis.at]!, step, draws);
    changed = true;
  }
  if (!changed && cube.axes.length > 0) {
    const axis = cube.axes[Math.floor(draws() * cube.axes.length)]!;
    child[axis.at] = changedCoordinate(axis, parent[axis.at]!, step, draws);
  }
  return child;
}

function changedCoordinate(axis: Axis, from: number, step: number, draws: Draws): number {
  if (axis.kind === 'category' || axis.count === 2) return axis.draw(draws());
  // An ordinal moves by a level at least.
  const reach = Math.max(step, axis.count === Number.POSITIVE_INFINITY ? 0 : 1 / axis.count);
  const moved = from + reach * normalQuantile(Math.max(2 ** -53, draws()));
  return reflected(moved);
}

function reflected(x: number): number {
  const folded = Math.abs(x) % 2;
  return folded > 1 ? 2 - folded : folded;
}

function crossover(cube: Cube, parents: readonly Vector[], draws: Draws): Vector {
  const pick = (): Vector => parents[Math.floor(draws() * parents.length)]!;
  const [a, b] = [pick(), pick()];
  const child = a.slice();
  for (const { at } of cube.axes) if (draws() < 0.5) child[at] = b[at]!;
  return child;
}
