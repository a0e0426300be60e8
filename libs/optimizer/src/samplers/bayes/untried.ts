/** Any point that has not been tried: by luck while there are many, by looking at all of them when luck fails. */
import { sobolSource } from '../../acquisition/pool.js';
import type { Cube, Vector } from '../../encoding/cube.js';
import type { Random } from '../../rng.js';
import type { Tried } from './history.js';

/** Combinations that are looked at one by one before the space counts as exhausted. */
const patience = 1_000_000;
/** Points of a sequence that are tried before, and where a space cannot be looked at whole: a constraint may leave little of it. */
const luck = { finite: 2_000, endless: 100_000 } as const;

/** Undefined when there is none, or none was found with patience. */
export function untried(cube: Cube, random: Random, tried: Pick<Tried, 'has'>, index = 0): Vector | undefined {
  const source = sobolSource(cube, { random, index });
  const tries = cube.combinations <= patience ? luck.finite : luck.endless;
  for (let point = 0; point < tries; point += 1) {
    const vector = source(point);
    if (cube.settle(vector, true) && !tried.has(cube.key(vector))) return vector;
  }
  for (const vector of everyPoint(cube)) if (!tried.has(cube.key(vector))) return vector;
  return undefined;
}

/** All allowed points of a finite space, some of them several times; at most as many combinations as patience allows. */
export function* everyPoint(cube: Cube): Generator<Vector> {
  if (cube.combinations === Number.POSITIVE_INFINITY) return;
  for (let combination = 0; combination < Math.min(patience, cube.combinations); combination += 1) {
    const vector = new Float64Array(cube.length);
    let rest = combination;
    for (const axis of cube.axes) {
      vector[axis.at] = axis.level(rest % axis.count);
      rest = Math.floor(rest / axis.count);
    }
    if (cube.settle(vector, true)) yield vector;
  }
}
