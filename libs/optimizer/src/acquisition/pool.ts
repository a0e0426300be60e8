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

/** For when there is no time: 256 with ten good points to vary. */
export const smallPool: PoolSize = { everywhere: 128, mutations: 16, crossovers: 48 };

/** Where points come from; with a region they lie in its box, and leave most coordinates of its centre as they are. */
export interface Source {
  readonly random: Random;
  /** Of the proposal. */
  readonly index: number;
  readonly region?: { readonly centre: Vector; readonly side: number } | undefined;
}

/**
 * @param best vectors of the best points, the very best first
 */
export function pool(cube: Cube, size: PoolSize, best: readonly Vector[], source: Source): Vector[] {
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
export function sobolSource(cube: Cube, { random, index, region }: Source): (point: number) => Vector {
  const seeds = cube.axes.slice(0, sobolDimensions).map((_, axis) => random.word(index, streams.poolScramble, axis));
  return (point) => {
    const vector = new Float64Array(cube.length);
    for (let number = 0; number < cube.axes.length; number += 1) {
      const axis = cube.axes[number]!;
      const seed = seeds[number];
      const share =
        seed === undefined
          ? random.uniform(index, streams.poolBeyondSobol, (point * cube.axes.length + number) % 2 ** 20)
          : (scramble(sobolWord(point, number), seed) + 0.5) / 2 ** 32;
      vector[axis.at] = axis.count === Number.POSITIVE_INFINITY ? share : axis.draw(share);
    }
    if (region !== undefined)
      confine(cube, vector, region, (axis) => random.uniform(index, streams.region, (point * cube.axes.length + axis) % 2 ** 20));
    return vector;
  };
}

/** About twenty coordinates move, within the box; the others stay at the centre. */
function confine(cube: Cube, vector: Vector, { centre, side }: NonNullable<Source['region']>, draw: (axis: number) => number): void {
  const moving = Math.min(1, 20 / cube.axes.length);
  for (const [number, { at, kind, count }] of cube.axes.entries()) {
    const here = centre[at]!;
    const share = draw(number);
    // A category differs as often as a coordinate crosses the box.
    if (share >= moving || ((kind === 'category' || count === 2) && share >= moving * Math.min(1, side / 2))) vector[at] = here;
    else if (kind === 'numeric' && count !== 2) vector[at] = Math.min(1, Math.max(0, here + (vector[at]! - 0.5) * side));
  }
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
