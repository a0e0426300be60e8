import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ints, mixedSpace, parameter, space, values } from '../../testing/index.js';
import { type Cube, cubeOf, type Vector } from '../encoding/cube.js';
import { random } from '../rng.js';
import { pool } from './pool.js';
import { type Judge, search } from './search.js';

const seed = fc.integer({ min: 0, max: 1000 });
const candidatesOf = (cube: Cube, index: number): Vector[] =>
  pool(cube, { everywhere: 60, mutations: 5, crossovers: 5 }, [], { random: random(11n), index });

/** A hill with its top at the place; categories other than the place's cost. */
function hill(cube: Cube, top: Vector, look?: (vector: Vector) => void): Judge {
  return (points, slopes) =>
    Float64Array.from(points, (point, index) => {
      look?.(point);
      let sum = 0;
      for (const { at, kind } of cube.axes) {
        const off = point[at]! - top[at]!;
        sum -= kind === 'category' ? (off === 0 ? 0 : 0.3) : off * off;
        if (kind === 'numeric' && slopes !== undefined) slopes[index]![at] = -2 * off;
      }
      return sum;
    });
}

const continuous = cubeOf(space(Array.from({ length: 4 }, (_, at) => parameter(`p${at}`, { kind: 'uniform', min: 0, max: 1 }))));
const mixed = cubeOf(
  space([
    parameter('a', { kind: 'uniform', min: 0, max: 1 }),
    parameter('few', ints(1, 7)),
    parameter('kind', values('x', 'y', 'z')),
    parameter('many', ints(1, 5000)),
    parameter('pair', values(true, false)),
  ]),
);

describe('the search of a surface', () => {
  it('finds the top of a hill', () => {
    const place = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(place, seed, (at, index) => {
        const [best] = search(continuous, candidatesOf(continuous, index), hill(continuous, Float64Array.from(at)));
        expect(Math.max(...at.map((x, d) => Math.abs(best!.vector[d]! - x)))).toBeLessThan(1e-3);
      }),
      { numRuns: 30 },
    );
  });

  it('stops at the side of the cube when the top lies outside, and never looks beyond', () => {
    const look = (vector: Vector): void => expect(vector.every((x) => x >= 0 && x <= 1)).toBe(true);
    const [best] = search(continuous, candidatesOf(continuous, 1), hill(continuous, Float64Array.of(3, -3, 0.5, 1), look));
    expect(best!.vector[0]).toBe(1);
    expect(best!.vector[1]).toBe(0);
    expect(best!.vector[2]).toBeCloseTo(0.5, 3);
  });

  it('finds the very level of every kind of parameter', () => {
    const params = fc.record({
      a: fc.constant(0.25),
      few: fc.integer({ min: 1, max: 7 }),
      kind: fc.constantFrom('x', 'y', 'z'),
      many: fc.integer({ min: 1, max: 5000 }),
      pair: fc.boolean(),
    });
    fc.assert(
      fc.property(params, seed, (top, index) => {
        const [best] = search(mixed, candidatesOf(mixed, index), hill(mixed, mixed.vector(top)!));
        const found = mixed.params(best!.vector);
        expect([found['few'], found['kind'], found['pair'], found['many']]).toEqual([top.few, top.kind, top.pair, top.many]);
        expect(found['a'] as number).toBeCloseTo(0.25, 3);
      }),
      { numRuns: 30 },
    );
  });

  it('is not led astray by slopes of relaxed ordinals: what counts is the value at the level', () => {
    const cube = cubeOf(space([parameter('n', ints(1, 100))]));
    // Between the levels lies a summit that no value reaches.
    const judged: Judge = (points, slopes) =>
      Float64Array.from(points, (point, index) => {
        const x = point[0]!;
        if (slopes !== undefined) slopes[index]![0] = x < 0.5 ? 1 : -1;
        return Math.abs(x - 0.5) < 1e-3 ? 100 : -Math.abs(x - 0.5);
      });
    const [best] = search(cube, candidatesOf(cube, 3), judged);
    expect([50, 51]).toContain(cube.params(best!.vector)['n']);
  });

  it('returns settled points that every constraint allows, best first', () => {
    const cube = cubeOf(mixedSpace);
    fc.assert(
      fc.property(seed, (index) => {
        const candidates = candidatesOf(cube, index);
        const found = search(cube, candidates, hill(cube, candidates[index % candidates.length]!));
        expect(found.map(({ value }) => value)).toEqual(found.map(({ value }) => value).sort((a, b) => b - a));
        for (const { vector } of found) {
          const again = vector.slice();
          expect(cube.settle(again)).toBe(true);
          expect(again).toEqual(vector);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('puts what is worthless last', () => {
    const cube = cubeOf(space([parameter('n', ints(1, 30)), parameter('m', ints(1, 100))]));
    const top = cube.vector({ n: 10, m: 50 })!;
    const judged: Judge = (points, slopes) => {
      const found = hill(cube, top)(points, slopes);
      if (slopes === undefined)
        for (const [at, point] of points.entries()) if (cube.params(point)['n'] === 10) found[at] = Number.NEGATIVE_INFINITY;
      return found;
    };
    const [best] = search(cube, candidatesOf(cube, 2), judged);
    expect([9, 11]).toContain(cube.params(best!.vector)['n']);
    expect(cube.params(best!.vector)['m']).toBe(50);
  });

  it('does not change its candidates', () => {
    const candidates = candidatesOf(mixed, 5);
    const before = candidates.map((vector) => vector.slice());
    search(mixed, candidates, hill(mixed, candidates[0]!));
    expect(candidates).toEqual(before);
  });
});
