import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ints, keyOf, mixedSpace, parameter, space, values } from '../../testing/index.js';
import type { Domain } from '../space.js';
import { Float, numeric, type Params } from '../value.js';
import { type Cube, cubeOf, type Vector } from './cube.js';

/** A settled, executed point made of the shares. */
function pointOf(cube: Cube, shares: readonly number[]): Vector | undefined {
  const vector = new Float64Array(cube.length);
  for (const [index, axis] of cube.axes.entries()) vector[axis.at] = axis.draw(shares[index % shares.length]!);
  return cube.settle(vector, true) ? vector : undefined;
}

const shares = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 20, maxLength: 20 });
const one = (domain: Domain): Cube => cubeOf(space([parameter('p', domain)]));

const domains: readonly Domain[] = [
  { kind: 'uniform', min: -3, max: 7 },
  { kind: 'uniform', min: 1 / 3, max: 1 / 3 + 1e-9 },
  { kind: 'log_uniform', min: -10, max: -1 },
  { kind: 'log_uniform_values', min: 1e-8, max: 1 },
  { kind: 'inv_log_uniform', min: 0.5, max: 4 },
  { kind: 'inv_log_uniform_values', min: 1e-3, max: 10 },
  { kind: 'normal', mu: 3, sigma: 0.5 },
  { kind: 'log_normal', mu: 0, sigma: 2 },
  { kind: 'beta', a: 2, b: 5 },
  { kind: 'q_uniform', min: 0, max: 1, q: { size: 0.3, int: false } },
  { kind: 'q_uniform', min: 0, max: 1e9, q: { size: 1, int: true } },
  { kind: 'q_log_uniform_values', min: 1, max: 1000, q: { size: 1, int: true } },
  { kind: 'q_log_uniform', min: 0, max: 5, q: { size: 2, int: true } },
  { kind: 'q_normal', mu: 10, sigma: 3, q: { size: 1, int: true } },
  { kind: 'q_log_normal', mu: 0, sigma: 1, q: { size: 0.5, int: false } },
  { kind: 'q_beta', a: 2, b: 2, q: { size: 0.1, int: false } },
  ints(-5, 5),
  ints(1, 2),
  values(16, 32, 64, 1024),
  values('sgd', 'adam', 'lion'),
  values(true, false),
  { kind: 'categorical', values: ['a', 'b', 'c'], probabilities: [0.7, 0, 0.3] },
];

describe('a space as a cube', () => {
  it.each(domains)('gives the executed value of $kind back exactly, and its coordinate', (domain) => {
    const cube = one(domain);
    fc.assert(
      fc.property(shares, (drawn) => {
        const vector = pointOf(cube, drawn)!;
        const params = cube.params(vector);
        const again = cube.vector(params);
        expect(again).toEqual(vector);
        expect(cube.params(again!)).toEqual(params);
        expect(cube.key(again!)).toBe(cube.key(vector));
      }),
    );
  });

  it.each(domains)('keeps every coordinate of $kind inside', (domain) => {
    const cube = one(domain);
    const [axis] = cube.axes;
    for (const at of [0, 1e-12, 0.25, 0.5, 0.999999, 1]) {
      const snapped = axis!.snap(axis!.kind === 'numeric' ? at : at * (axis!.count - 1));
      expect(snapped >= 0 && snapped <= (axis!.kind === 'numeric' ? 1 : axis!.count - 1)).toBe(true);
    }
  });

  it('gives the levels of a grid cells of one width, the outer ones too', () => {
    const [axis] = one(ints(0, 3)).axes;
    expect([0, 1, 2, 3].map((level) => axis!.level(level))).toEqual([0.125, 0.375, 0.625, 0.875]);
  });

  it('spaces listed numbers by rank, or by logarithm when they span orders of magnitude', () => {
    const [ranks] = one(values(1, 2, 4)).axes;
    expect([0, 1, 2].map((level) => ranks!.level(level))).toEqual([1 / 6, 0.5, 5 / 6]);
    const [logs] = one(values(1, 10, 1000)).axes;
    expect(logs!.level(1)).toBeCloseTo(1 / 6 + 2 / 9, 12);
  });

  it('takes the order of listed numbers from their size, not from the list', () => {
    const [axis] = one(values(64, 16, 32)).axes;
    expect([axis!.value(axis!.level(0)), axis!.value(axis!.level(2))]).toEqual([16, 64]);
  });

  it('has no axis for what has one value', () => {
    const cube = cubeOf(
      space([parameter('a', { kind: 'constant', value: 'x' }), parameter('b', ints(3, 3)), parameter('c', values('only'))]),
    );
    expect(cube.axes).toHaveLength(0);
    expect(cube.params(new Float64Array(0))).toEqual({ a: 'x', b: 3, c: 'only' });
  });

  it('knows nothing of what has no probability', () => {
    const cube = one({ kind: 'categorical', values: ['a', 'b', 'c'], probabilities: [0.7, 0, 0.3] });
    const [axis] = cube.axes;
    const levels = Array.from({ length: axis!.count }, (_, index) => axis!.value(axis!.level(index)));
    expect([levels, axis!.coordinate('b')]).toEqual([['a', 'c'], undefined]);
    const alone = cubeOf(space([parameter('kind', { kind: 'categorical', values: ['a', 'b'], probabilities: [0, 1] })]));
    expect([alone.axes, alone.params(new Float64Array(0))]).toEqual([[], { kind: 'b' }]);
  });

  it('draws values as often as they are likely', () => {
    const [axis] = one({ kind: 'categorical', values: ['a', 'b', 'c'], probabilities: [0.5, 0.2, 0.3] }).axes;
    expect([0, 0.49, 0.5, 0.69, 0.7, 0.999].map((share) => axis!.value(axis!.draw(share)))).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });

  it('refuses values outside the space, and takes the centre for missing ones', () => {
    const cube = cubeOf(space([parameter('a', { kind: 'uniform', min: 0, max: 1 }), parameter('b', values('x', 'y', 'z'))]));
    expect(cube.vector({ a: 2, b: 'x' })).toBeUndefined();
    expect(cube.vector({ a: 0.5, b: 'w' })).toBeUndefined();
    expect(cube.vector({ a: Number.NaN, b: 'x' })).toBeUndefined();
    expect(cube.params(cube.vector({ b: 'y' })!)).toEqual({ a: 0.5, b: 'y' });
  });

  it('sees no difference between points that differ in what does not exist', () => {
    const when = [{ key: keyOf('kind'), values: ['b'] }];
    const cube = cubeOf(space([parameter('kind', values('a', 'b', 'c')), parameter('width', { kind: 'uniform', min: 0, max: 1 }, when)]));
    const [narrow, wide] = [0.1, 0.9].map((width) => {
      const vector = cube.vector({ kind: 'b', width })!;
      vector[cube.axes.find(({ kind }) => kind === 'category')!.at] = 0;
      cube.settle(vector, true);
      return vector;
    });
    expect(narrow).toEqual(wide);
    expect(cube.params(narrow!)).toEqual({ kind: 'a' });
    expect(cube.vector({ kind: 'a' })).toEqual(narrow);
  });

  it('says which points the constraints refuse', () => {
    const cube = cubeOf(space([parameter('a', ints(0, 9)), parameter('b', ints(0, 9))], { constraints: ['a <= b'] }));
    const fine = (params: Params): boolean => cube.settle(cube.vector(params)!);
    expect([fine({ a: 3, b: 7 }), fine({ a: 7, b: 3 })]).toEqual([true, false]);
  });

  it('does not depend on the order of the parameters', () => {
    const cube = cubeOf(mixedSpace);
    const turned = cubeOf({ ...mixedSpace, parameters: mixedSpace.parameters.toReversed() });
    fc.assert(
      fc.property(shares, (drawn) => {
        const vector = pointOf(cube, drawn);
        if (vector === undefined) return;
        const other = turned.vector(cube.params(vector))!;
        // Groups of conditions are the one thing that the file orders; there is one here.
        expect(other).toEqual(vector);
      }),
    );
  });

  it('ends where the range ends: what is a rounding error away from an end is the end', () => {
    const cube = one({ kind: 'uniform', min: 0, max: 0.5 });
    const valueAt = (at: number): number => {
      const vector = Float64Array.of(at);
      expect(cube.settle(vector, true)).toBe(true);
      return numeric(cube.params(vector)['p']!)!;
    };
    expect([5.6e-17, 0, 1, 1 - 2 ** -53].map(valueAt)).toEqual([0, 0, 0.5, 0.5]);
    expect(valueAt(1e-9)).toBeGreaterThan(0);
  });

  it('tells whole floats from ints', () => {
    expect(one({ kind: 'uniform', min: 0, max: 1 }).params(Float64Array.of(1))).toEqual({ p: new Float(1) });
  });
});
