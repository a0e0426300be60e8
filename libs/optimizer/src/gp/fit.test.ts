import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vector } from '../encoding/cube.js';
import { normalQuantile } from '../math/normal.js';
import { random } from '../rng.js';
import { condition, fitFrom, negativeLogPosterior, type Problem, priorsOf, type Rows, startFor } from './fit.js';
import { exact, type Hypothesis, lengthBounds, noiseBounds, rough, scaleBounds } from './hypothesis.js';
import { place } from './surrogate.js';
import { openWorkspace } from './wasm-workspace.js';
import type { Shape } from './workspace.js';

const numbers = random(3n);
const normal = (index: number, draw: number): number => normalQuantile(Math.max(1e-12, numbers.uniform(index, 1, draw)));

function points(count: number, { numeric, categorical }: Omit<Shape, 'capacity'>, seed = 0): Vector[] {
  return Array.from({ length: count }, (_, row) =>
    Float64Array.from({ length: numeric + categorical }, (__, d) => {
      const share = numbers.uniform(row, seed, d);
      return d < numeric ? share : Math.floor(share * 3);
    }),
  );
}

const rowsOf = (targets: ArrayLike<number>): Rows => ({
  count: targets.length,
  targets: Float64Array.from(targets),
  repeats: new Float64Array(targets.length).fill(1),
  extra: new Float64Array(targets.length),
});

function problemOf(vectors: readonly Vector[], rows: Rows, shape: Omit<Shape, 'capacity'>, hypothesis: Hypothesis = rough): Problem {
  const workspace = openWorkspace({ capacity: vectors.length, ...shape });
  place(workspace, vectors);
  return { workspace, rows, hypothesis, dimension: Math.max(1, shape.numeric + shape.categorical) };
}

/** A function drawn from a Gaussian process with these length-scales, plus noise, at the points. */
function drawn(vectors: readonly Vector[], lengths: readonly number[], noise: number): Float64Array {
  const n = vectors.length;
  const factor = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const r = Math.sqrt(5 * lengths.reduce((sum, length, d) => sum + ((vectors[i]![d]! - vectors[j]![d]!) / length) ** 2, 0));
      let left = (1 + r + (r * r) / 3) * Math.exp(-r) + (i === j ? 1e-8 : 0);
      for (let k = 0; k < j; k += 1) left -= factor[i]![k]! * factor[j]![k]!;
      factor[i]![j] = i === j ? Math.sqrt(left) : left / factor[j]![j]!;
    }
  }
  const white = Float64Array.from({ length: n }, (_, row) => normal(row, 0));
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = noise * normal(i, 1);
    for (let k = 0; k <= i; k += 1) sum += factor[i]![k]! * white[k]!;
    return sum;
  });
}

describe('the posterior of the hyperparameters', () => {
  it.each([
    ['numbers', { numeric: 3, categorical: 0 }, rough],
    ['categories', { numeric: 0, categorical: 2 }, exact],
    ['both', { numeric: 2, categorical: 2 }, exact],
    ['nothing at all', { numeric: 0, categorical: 0 }, rough],
  ] as const)('has the slopes of its value, with %s', (_, shape, hypothesis) => {
    const vectors = points(14, shape);
    const rows: Rows = {
      ...rowsOf(vectors.map((vector, row) => vector.reduce((sum, x, d) => sum + (d + 1) * x, 0) / 3 + 0.3 * normal(row, 5))),
      repeats: Float64Array.from(vectors, (__, row) => 1 + (row % 3)),
      extra: Float64Array.from(vectors, (__, row) => (row % 4 === 0 ? 0.2 : 0)),
    };
    const problem = problemOf(vectors, rows, shape, hypothesis);
    const size = shape.numeric + shape.categorical + 2;
    const logs = fc.array(fc.double({ min: -2, max: 1, noNaN: true }), { minLength: size, maxLength: size });
    fc.assert(
      fc.property(logs, (list) => {
        const at = Float64Array.from(list);
        at[size - 2] = at[size - 2]! - 2;
        const gradient = new Float64Array(size);
        negativeLogPosterior(problem, at, gradient);
        const h = 1e-5;
        for (let index = 0; index < size; index += 1) {
          const beside = (step: number): number => {
            const moved = at.slice();
            moved[index]! += step;
            return negativeLogPosterior(problem, moved, new Float64Array(size));
          };
          const slope = (beside(h) - beside(-h)) / (2 * h);
          expect(Math.abs(gradient[index]! - slope)).toBeLessThan(1e-4 * Math.max(1, Math.abs(slope)));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is the likelihood of the rows and the prior, by hand for one row', () => {
    const problem = problemOf([Float64Array.of(0.5)], rowsOf([2]), { numeric: 1, categorical: 0 });
    const logs = Float64Array.of(0, Math.log(0.25), 0);
    // K = 1 + 0.25 + 1e-8; mean = (y/K)/(1/K + 1) = y/(1 + K); the mean itself costs m²/2.
    const k = 1.25 + 1e-8;
    const mean = 2 / (1 + k);
    const likelihood = 0.5 * ((2 - mean) ** 2 / k + mean * mean) + 0.5 * Math.log(k);
    const priors = priorsOf(problem.workspace, rough, 1).reduce(
      (sum, { mean: middle, variance }, at) => sum + (logs[at]! - middle) ** 2 / (2 * variance),
      0,
    );
    expect(negativeLogPosterior(problem, logs, new Float64Array(3))).toBeCloseTo(likelihood + priors, 10);
  });

  it('lets length-scales grow with the number of dimensions', () => {
    const { workspace } = problemOf(points(2, { numeric: 1, categorical: 1 }), rowsOf([0, 1]), { numeric: 1, categorical: 1 });
    const [one, many] = [1, 16].map((dimension) => priorsOf(workspace, exact, dimension));
    expect(many![0]!.mean - one![0]!.mean).toBeCloseTo(Math.log(4), 12);
    expect(many![1]!.mean - one![1]!.mean).toBeCloseTo(Math.log(4), 12);
    expect(many!.slice(2)).toEqual(one!.slice(2));
  });
});

describe('a fit', () => {
  const shape = { numeric: 2, categorical: 0 };

  it('never ends worse than any of its starts, and stays in its bounds', () => {
    const starts = fc.array(fc.array(fc.double({ min: -8, max: 6, noNaN: true }), { minLength: 4, maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    });
    const targets = fc.array(fc.constantFrom(-2, -1, 0, 0.5, 1, 3), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(starts, targets, fc.boolean(), (from, list, warm) => {
        const problem = problemOf(points(list.length, shape), rowsOf(list), shape, exact);
        const theta = fitFrom(
          problem,
          from.map((logs) => Float64Array.from(logs)),
          warm,
        );
        const lossOf = (logs: Float64Array): number => negativeLogPosterior(problem, logs, new Float64Array(4));
        const bounds = [lengthBounds, lengthBounds, noiseBounds, scaleBounds];
        expect(bounds.every(([low, high], at) => theta.logs[at]! >= low && theta.logs[at]! <= high)).toBe(true);
        for (const start of from) {
          const inside = Float64Array.from(start, (log, at) => Math.min(bounds[at]![1], Math.max(bounds[at]![0], log)));
          expect(lossOf(theta.logs)).toBeLessThanOrEqual(lossOf(inside) + 1e-9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('finds the length-scales and the noise of a function that was drawn with them, roughly', () => {
    const vectors = points(80, shape, 9);
    const problem = problemOf(vectors, rowsOf(drawn(vectors, [0.2, 2], 0.1)), shape, exact);
    const { logs } = fitFrom(problem, [startFor(problem.workspace, 2, -4)], false);
    expect(Math.exp(logs[0]!)).toBeGreaterThan(0.1);
    expect(Math.exp(logs[0]!)).toBeLessThan(0.4);
    expect(Math.exp(logs[1]!)).toBeGreaterThan(0.8);
    expect(Math.sqrt(Math.exp(logs[2]!))).toBeGreaterThan(0.05);
    expect(Math.sqrt(Math.exp(logs[2]!))).toBeLessThan(0.2);
  });

  it('learns that a coordinate without effect has a long length-scale', () => {
    const vectors = points(40, shape, 4);
    const problem = problemOf(vectors, rowsOf(vectors.map((vector) => Math.sin(9 * vector[0]!))), shape, exact);
    const { logs } = fitFrom(problem, [startFor(problem.workspace, 2, -8)], false);
    expect(logs[1]! - logs[0]!).toBeGreaterThan(1);
  });
});

describe('conditioning', () => {
  it('copes with the same point many times over', () => {
    const vectors = Array.from({ length: 30 }, () => Float64Array.of(0.5, 0.5));
    const { workspace } = problemOf(vectors, rowsOf(new Float64Array(30)), { numeric: 2, categorical: 0 });
    const logs = Float64Array.of(0, 0, Math.log(1e-6), Math.log(20));
    expect(condition(workspace, rowsOf(new Float64Array(30)), { logs, dimension: 2 })?.mean).toBeCloseTo(0, 12);
  });

  it('gives up, saying so, where nothing makes the matrix positive', () => {
    const vectors = [Float64Array.of(0.5), Float64Array.of(0.6)];
    const { workspace } = problemOf(vectors, rowsOf([0, 1]), { numeric: 1, categorical: 0 });
    const logs = Float64Array.of(Number.NaN, -4, 0);
    expect(condition(workspace, rowsOf([0, 1]), { logs, dimension: 1 })).toBeUndefined();
  });
});
