import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteSpace, mixedSpace, parameter, space } from '../../testing/index.js';
import { cubeOf, type Vector } from '../encoding/cube.js';
import { random } from '../rng.js';
import type { SearchSpace } from '../space.js';
import { drawsOf, pool, poolSize, sobolSource } from './pool.js';

const numbers = random(5n);
const unit = (count: number): SearchSpace =>
  space(Array.from({ length: count }, (_, at) => parameter(`p${at}`, { kind: 'uniform', min: 0, max: 1 })));
const size = { everywhere: 50, mutations: 10, crossovers: 10 };

describe('the candidates', () => {
  it.each([
    ['finite', finiteSpace],
    ['mixed', mixedSpace],
    ['without dimensions', space([parameter('a', { kind: 'constant', value: 1 })])],
    ['of 100 dimensions', unit(100)],
  ])('of a space that is %s are settled and allowed', (_, where) => {
    const cube = cubeOf(where);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (index) => {
        const best = pool(cube, size, [], { random: numbers, index }).slice(0, 3);
        for (const vector of pool(cube, size, best, { random: numbers, index })) {
          const again = vector.slice();
          expect(cube.settle(again)).toBe(true);
          expect(again).toEqual(vector);
          expect(vector.subarray(0, cube.numeric).every((x) => x >= 0 && x <= 1)).toBe(true);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('are others for each proposal and each seed, and the same for the same', () => {
    const cube = cubeOf(mixedSpace);
    const from = (seed: bigint, index: number): Vector[] => pool(cube, size, [], { random: random(seed), index });
    expect(from(1n, 7)).toEqual(from(1n, 7));
    expect(from(1n, 7)).not.toEqual(from(1n, 8));
    expect(from(1n, 7)).not.toEqual(from(2n, 7));
  });

  it('lie close to the best points, as well as everywhere', () => {
    const cube = cubeOf(unit(3));
    const best = Float64Array.of(0.5, 0.5, 0.5);
    const [alone, around] = [[], [best]].map((parents) =>
      pool(cube, size, parents, { random: numbers, index: 1 }).filter((vector) => vector.every((x) => Math.abs(x - 0.5) < 0.2)),
    );
    expect(around!.length).toBeGreaterThan(alone!.length + 5);
    expect(pool(cube, size, [best], { random: numbers, index: 1 })).toHaveLength(60);
    expect(pool(cube, size, [best, alone![0] ?? best], { random: numbers, index: 1 })).toHaveLength(80);
  });

  it('are more with more dimensions, up to a point', () => {
    expect([1, 8, 100].map((count) => poolSize(cubeOf(unit(count))).everywhere)).toEqual([576, 1024, 2048]);
  });

  it('leave the best points as they are', () => {
    const best = [Float64Array.of(0.1, 0.2, 0.3), Float64Array.of(0.7, 0.8, 0.9)];
    pool(cubeOf(unit(3)), size, best, { random: numbers, index: 1 });
    expect(best).toEqual([Float64Array.of(0.1, 0.2, 0.3), Float64Array.of(0.7, 0.8, 0.9)]);
  });
});

describe('points of a region', () => {
  const centre = new Float64Array(40).fill(0.5);
  const source = sobolSource(cubeOf(unit(40)), { random: numbers, index: 3, region: { centre, side: 0.2 } });
  const points = Array.from({ length: 200 }, (_, at) => source(at));

  it('lie in its box', () => {
    expect(points.every((vector) => vector.every((x) => Math.abs(x - 0.5) <= 0.1))).toBe(true);
  });

  it('differ from its centre in about twenty coordinates', () => {
    const moved = points.map((vector) => vector.filter((x) => x !== 0.5).length);
    const average = moved.reduce((sum, count) => sum + count, 0) / moved.length;
    expect(average).toBeGreaterThan(17);
    expect(average).toBeLessThan(23);
  });

  it('stay inside the cube at its corner', () => {
    const corner = sobolSource(cubeOf(unit(5)), { random: numbers, index: 3, region: { centre: new Float64Array(5), side: 1.6 } });
    expect(Array.from({ length: 100 }, (_, at) => corner(at)).every((vector) => vector.every((x) => x >= 0 && x <= 1))).toBe(true);
  });
});

describe('draws', () => {
  it('follow each other, and begin anew for each proposal', () => {
    const [one, again, other] = [drawsOf(numbers, 1, 9), drawsOf(numbers, 1, 9), drawsOf(numbers, 2, 9)];
    const three = [one(), one(), one()];
    expect([again(), again(), again()]).toEqual(three);
    expect(other()).not.toBe(three[0]);
    expect(new Set(three).size).toBe(3);
  });
});
