import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ints, parameter, space, values } from '../../testing/index.js';
import { type Cube, cubeOf, type Vector } from '../encoding/cube.js';
import { type Rows, startFor } from '../gp/fit.js';
import { place, Surrogate } from '../gp/surrogate.js';
import { openWorkspace } from '../gp/wasm-workspace.js';
import { belief, chanceBelow, excludes, promise, sumOf, type Term } from './terms.js';

const cube: Cube = cubeOf(
  space([
    parameter('a', { kind: 'uniform', min: 0, max: 1 }),
    parameter('b', { kind: 'uniform', min: 0, max: 2 }),
    parameter('c', values('x', 'y', 'z')),
  ]),
);
const coordinate = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const point = fc.tuple(coordinate, coordinate, fc.integer({ min: 0, max: 2 })).map((list) => Float64Array.from(list));

function surrogate(): Surrogate {
  const workspace = openWorkspace({ capacity: 8, numeric: 2, categorical: 1 });
  const vectors = [Float64Array.of(0.2, 0.3, 0), Float64Array.of(0.7, 0.9, 1), Float64Array.of(0.9, 0.1, 2), Float64Array.of(0.4, 0.6, 1)];
  place(workspace, vectors);
  const rows: Rows = {
    count: 4,
    targets: Float64Array.of(-1, 0.4, 1.2, -0.6),
    repeats: new Float64Array(4).fill(1),
    extra: new Float64Array(4),
  };
  return Surrogate.of(workspace, rows, { logs: startFor(workspace, 3, -3), dimension: 3 })!;
}

function expectSlopes(term: Term, vector: Vector): void {
  const slopes = [new Float64Array(2)];
  term([vector], new Float64Array(1), slopes);
  const h = 1e-5;
  for (const d of [0, 1]) {
    const at = (step: number): number => {
      const sum = new Float64Array(1);
      term([vector.map((x, index) => (index === d ? x + step : x))], sum);
      return sum[0]!;
    };
    const slope = (at(h) - at(-h)) / (2 * h);
    expect(Math.abs(slopes[0]![d]! - slope)).toBeLessThan(2e-3 * Math.max(1, Math.abs(slope)));
  }
}

describe('a term', () => {
  const model = surrogate();
  const [first] = cube.axes;

  it.each<[string, Term]>([
    ['expected improvement', promise(model, { kind: 'improve' }, -1)],
    ['optimism', promise(model, { kind: 'bound', beta: 1.8 }, -1)],
    ['a chance', chanceBelow(model, 0.2, 0.01)],
    ['half a chance', chanceBelow(model, -3, 0.5, 0.5)],
    ['a belief', belief([{ axis: first!, logDensity: (x) => ({ value: -(x - 0.4) * (x - 0.4), slope: -2 * (x - 0.4) }) }], 3)],
  ])('of %s has the slopes of its value', (_, term) => {
    fc.assert(
      fc.property(point, (vector) => expectSlopes(term, vector)),
      { numRuns: 40 },
    );
  });

  it('of a chance is a logarithm: 0 where it is sure, half of it with half the weight', () => {
    const at = (limit: number, weight: number): number => {
      const sum = new Float64Array(1);
      chanceBelow(model, limit, 0.01, weight)([Float64Array.of(0.5, 0.5, 0)], sum);
      return sum[0]!;
    };
    expect(at(50, 1)).toBeCloseTo(0, 9);
    expect(at(-1, 0.5)).toBeCloseTo(at(-1, 1) / 2, 12);
    expect(Number.isFinite(at(-1e6, 1))).toBe(true);
  });

  it('of a belief about a parameter that a point lacks says nothing', () => {
    const gated = cubeOf(
      space([
        parameter('kind', values('a', 'b', 'c')),
        parameter('size', { kind: 'uniform', min: 0, max: 1 }, [{ key: '["kind"]', values: ['b'] }]),
      ]),
    );
    const axis = gated.axes.find(({ kind }) => kind === 'numeric')!;
    const seen = (kind: string): number => {
      const sum = new Float64Array(1);
      belief([{ axis, logDensity: () => ({ value: -7, slope: 0 }) }], 1)([gated.vector({ kind, size: 0.3 })!], sum);
      return sum[0]!;
    };
    expect([seen('a'), seen('b')]).toEqual([0, -7]);
  });
});

describe('a sum of terms', () => {
  const constant =
    (value: number): Term =>
    (points, sums, slopes) => {
      for (const index of points.keys()) {
        sums[index]! += value;
        if (slopes !== undefined) slopes[index]![0]! += value;
      }
    };

  it('adds values and slopes, whatever the slopes held before', () => {
    const judged = sumOf([constant(2), constant(3)], () => false);
    const slopes = [Float64Array.of(99, 99)];
    expect(judged([Float64Array.of(0.5, 0.5, 0)], slopes)).toEqual(Float64Array.of(5));
    expect(slopes).toEqual([Float64Array.of(5, 0)]);
  });

  it('makes what is excluded worthless', () => {
    const judged = sumOf([constant(2)], (vector) => vector[0] === 0.5);
    expect(judged([Float64Array.of(0.5, 0.5, 0), Float64Array.of(0.4, 0.5, 0)])).toEqual(Float64Array.of(Number.NEGATIVE_INFINITY, 2));
  });
});

describe('what was tried', () => {
  it('is excluded where a search can come across it again', () => {
    const finite = cubeOf(space([parameter('n', ints(1, 9))]));
    const tried = new Set([finite.key(finite.vector({ n: 3 })!)]);
    const excluded = excludes(finite, tried);
    expect([excluded(finite.vector({ n: 3 })!), excluded(finite.vector({ n: 4 })!)]).toEqual([true, false]);
  });
});
