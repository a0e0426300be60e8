/** What a Gaussian process relies on, for any numerical kernel. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockSize, type Shape, type Workspace } from '../src/gp/workspace.js';

type Open = (shape: Shape) => Workspace;

/** Of scikit-learn 1.9 (Matern 5/2, a length each; choices as one-hot columns) and scipy 1.17. */
interface Case {
  readonly name: string;
  readonly numeric: number;
  readonly categorical: number;
  readonly variance: number;
  readonly weights: readonly number[];
  readonly rows: readonly (readonly number[])[];
  readonly noise: readonly number[];
  readonly y: readonly number[];
  readonly pivots: readonly number[];
  readonly solution: readonly number[];
  readonly inverseDiagonal: readonly number[];
  readonly logMarginalLikelihood: number;
  readonly slopesByLogLength: readonly number[];
  readonly slopeByLogVariance: number;
  /** Where all rows have the same noise. */
  readonly slopeByLogNoise: number | null;
  readonly candidates: readonly (readonly number[])[];
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

const vectors = new URL('./vectors/gaussian-process.json', import.meta.url);
const cases = JSON.parse(readFileSync(vectors, 'utf8')) as readonly Case[];

/** A problem from nothing but integers: rows in the unit cube, choices among three, candidates likewise, a target. */
export function fillWorkspace(workspace: Workspace, seed: number): void {
  const { shape, rows, weights, noise, vector, candidates } = workspace;
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const coordinate = (d: number): number => (d < shape.numeric ? next() : Math.floor(next() * 3));
  for (let d = 0; d < shape.numeric + shape.categorical; d += 1) {
    weights[d] = 0.2 + 4 * next();
    for (let i = 0; i < shape.capacity; i += 1) rows[d * shape.capacity + i] = coordinate(d);
    for (let c = 0; c < blockSize; c += 1) candidates[d * blockSize + c] = coordinate(d);
  }
  for (let i = 0; i < shape.capacity; i += 1) {
    noise[i] = 0.001 + 0.01 * next();
    vector[i] = next() - 0.5;
  }
}

const opened = (open: Open, shape: Shape, seed: number): Workspace => {
  const workspace = open(shape);
  fillWorkspace(workspace, seed);
  return workspace;
};

function load(open: Open, of: Case, spare = 0): Workspace {
  const capacity = of.rows.length + spare;
  const workspace = open({ capacity, numeric: of.numeric, categorical: of.categorical });
  workspace.weights.set(of.weights);
  workspace.noise.set(of.noise);
  workspace.vector.set(of.y);
  of.rows.forEach((row, i) => {
    row.forEach((x, d) => {
      workspace.rows[d * capacity + i] = x;
    });
  });
  of.candidates.forEach((candidate, c) => {
    candidate.forEach((x, d) => {
      workspace.candidates[d * blockSize + c] = x;
    });
  });
  return workspace;
}

function expectNear(actual: ArrayLike<number>, expected: readonly number[], relative: number): void {
  const scale = Math.max(...expected.map(Math.abs));
  expected.forEach((value, index) => {
    expect(Math.abs(actual[index]! - value), `at ${index}`).toBeLessThanOrEqual(relative * scale);
  });
}

const pivots = (workspace: Workspace, count: number): number[] => Array.from({ length: count }, (_, row) => workspace.pivot(row));
const seeds = fc.integer({ min: 1, max: 2 ** 31 });
const shapes = fc.record({
  numeric: fc.integer({ min: 0, max: 5 }),
  categorical: fc.integer({ min: 0, max: 3 }),
});

export function workspaceContract(name: string, open: Open): void {
  describe(`the kernel ${name}`, () => {
    describe.each(cases)('on $name', (of) => {
      const count = of.rows.length;

      it('factors, solves and inverts as scipy does', () => {
        const workspace = load(open, of);
        expect(workspace.factor(0, count, of.variance)).toBe(count);
        expectNear(pivots(workspace, count), of.pivots, 1e-13);
        workspace.solve(count);
        expectNear(workspace.vector, of.solution, 1e-11);
        const diagonal = new Float64Array(count);
        workspace.inverseDiagonal(count, diagonal);
        expectNear(diagonal, of.inverseDiagonal, 1e-11);
      });

      it('has the marginal likelihood of scikit-learn, and its slopes', () => {
        const workspace = load(open, of, 3);
        workspace.factor(0, count, of.variance);
        workspace.solve(count);
        const fit = of.y.reduce((sum, y, i) => sum + y * workspace.vector[i]!, 0);
        const logDeterminant = 2 * pivots(workspace, count).reduce((sum, pivot) => sum + Math.log(pivot), 0);
        const likelihood = -0.5 * (fit + logDeterminant + count * Math.log(2 * Math.PI));
        expect(likelihood).toBeCloseTo(of.logMarginalLikelihood, 9);
        const slopes = new Float64Array(of.weights.length + 2);
        workspace.gradient(count, of.variance, slopes);
        const expected = [...of.slopesByLogLength, of.slopeByLogVariance, ...(of.slopeByLogNoise === null ? [] : [of.slopeByLogNoise])];
        expectNear(
          slopes.map((trace) => -0.5 * trace),
          expected,
          1e-9,
        );
      });

      it('predicts as scikit-learn does', () => {
        const workspace = load(open, of, 1);
        workspace.factor(0, count, of.variance);
        workspace.solve(count);
        workspace.predict(count, of.variance, of.candidates.length, false);
        expectNear(workspace.means, of.means, 1e-10);
        expectNear(workspace.variances, of.variances, 1e-9);
      });
    });

    it('gives the same bits whether rows came at once or bit by bit', () => {
      const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
      fc.assert(
        fc.property(shapes, seeds, steps, (dimensions, seed, sizes) => {
          const count = sizes.reduce((sum, size) => sum + size, 0);
          const shape = { ...dimensions, capacity: count };
          const whole = opened(open, shape, seed);
          const grown = opened(open, shape, seed);
          expect(whole.factor(0, count, 1.5)).toBe(count);
          let done = 0;
          for (const size of sizes) {
            expect(grown.factor(done, done + size, 1.5)).toBe(done + size);
            done += size;
          }
          expect(pivots(grown, count)).toEqual(pivots(whole, count));
          for (const workspace of [whole, grown]) {
            workspace.solve(count);
            workspace.predict(count, 1.5, 5, true);
          }
          expect(grown.vector).toEqual(whole.vector);
          expect(grown.variances).toEqual(whole.variances);
          expect(grown.meanSlopes).toEqual(whole.meanSlopes);
        }),
        { numRuns: 20 },
      );
    });

    it('forgets rows that are written over, and looks at nothing from `count` on', () => {
      const shape = { capacity: 90, numeric: 3, categorical: 1 };
      const [clean, used] = [opened(open, shape, 5), opened(open, shape, 5)];
      used.factor(0, 90, 2);
      for (let d = 0; d < 4; d += 1) used.rows.fill(Number.NaN, d * 90 + 67, (d + 1) * 90);
      for (const array of [used.noise, used.vector]) array.fill(Number.NaN, 67);
      const answers = [clean, used].map((workspace) => {
        workspace.rows[66] = 0.25;
        workspace.factor(workspace === used ? 66 : 0, 67, 2);
        workspace.solve(67);
        const slopes = new Float64Array(6);
        workspace.gradient(67, 2, slopes);
        workspace.predict(67, 2, 64, true);
        return [...slopes, ...workspace.means, ...workspace.variances, ...workspace.varianceSlopes];
      });
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[1]!.every(Number.isFinite)).toBe(true);
    });

    it('solves from any row on once those before are solved', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 30 }), seeds, (count, some, seed) => {
          const from = Math.min(some, count);
          const shape = { capacity: count, numeric: 2, categorical: 0 };
          const [whole, parts] = [opened(open, shape, seed), opened(open, shape, seed)];
          for (const workspace of [whole, parts]) workspace.factor(0, count, 1);
          whole.forward(0, count);
          parts.forward(0, from);
          parts.forward(from, count);
          expect(parts.vector).toEqual(whole.vector);
        }),
      );
    });

    it('reports the first pivot that is not positive, and keeps the rows before it', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 0, max: 150 }), seeds, (bad, from, seed) => {
          const shape = { capacity: 160, numeric: 3, categorical: 0 };
          const workspace = opened(open, shape, seed);
          const start = Math.min(from, bad);
          expect(workspace.factor(0, start, 1)).toBe(start);
          workspace.noise[bad] = -2;
          expect(workspace.factor(start, 160, 1)).toBe(bad);
          const sound = opened(open, shape, seed);
          sound.factor(0, bad, 1);
          expect(pivots(workspace, bad)).toEqual(pivots(sound, bad));
          workspace.noise[bad] = sound.noise[bad]!;
          expect(workspace.factor(bad, 160, 1)).toBe(160);
          sound.factor(bad, 160, 1);
          expect(pivots(workspace, 160)).toEqual(pivots(sound, 160));
        }),
        { numRuns: 20 },
      );
    });

    it('reports a row that is not a number', () => {
      for (const count of [7, 40]) {
        const workspace = opened(open, { capacity: count, numeric: 2, categorical: 0 }, 3);
        workspace.rows[5] = Number.NaN;
        expect(workspace.factor(0, count, 1)).toBe(5);
      }
    });

    it('has slopes of the posterior like its differences', () => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 1, max: 80 }), (seed, count) => {
          const workspace = opened(open, { capacity: count, numeric: 3, categorical: 2 }, seed);
          workspace.factor(0, count, 1.2);
          workspace.solve(count);
          const step = 1e-6;
          workspace.predict(count, 1.2, 2, true);
          const [means, variances] = [workspace.meanSlopes.slice(), workspace.varianceSlopes.slice()];
          for (let d = 0; d < 3; d += 1) {
            const at = d * blockSize + 1;
            const moved = [step, -step].map((delta) => {
              const here = workspace.candidates[at]!;
              workspace.candidates[at] = here + delta;
              workspace.predict(count, 1.2, 2, false);
              workspace.candidates[at] = here;
              return [workspace.means[1]!, workspace.variances[1]!];
            });
            const scale = 1 + Math.max(...workspace.vector.map(Math.abs));
            expect(Math.abs((moved[0]![0]! - moved[1]![0]!) / (2 * step) - means[at]!)).toBeLessThan(1e-6 * scale);
            expect(Math.abs((moved[0]![1]! - moved[1]![1]!) / (2 * step) - variances[at]!)).toBeLessThan(1e-6 * scale);
          }
        }),
        { numRuns: 30 },
      );
    });

    it('has slopes of the likelihood like its differences, of the noise of each row too', () => {
      const shape = { capacity: 70, numeric: 3, categorical: 2 };
      const likelihoodAt = (change: (workspace: Workspace) => number): number => {
        const workspace = opened(open, shape, 11);
        workspace.factor(0, 70, change(workspace));
        const y = workspace.vector.slice();
        workspace.solve(70);
        return (
          -0.5 * y.reduce((sum, value, i) => sum + value * workspace.vector[i]!, 0) -
          pivots(workspace, 70).reduce((sum, pivot) => sum + Math.log(pivot), 0)
        );
      };
      const changes = [0, 1, 2, 3, 4, 5, 6].map((index) => (delta: number) => (workspace: Workspace) => {
        if (index < 5) workspace.weights[index]! *= Math.exp(-2 * delta);
        if (index === 6) for (let i = 0; i < 70; i += 1) workspace.noise[i]! *= Math.exp(delta);
        return index === 5 ? 1.3 * Math.exp(delta) : 1.3;
      });
      const workspace = opened(open, shape, 11);
      workspace.factor(0, 70, 1.3);
      workspace.solve(70);
      const slopes = new Float64Array(7);
      workspace.gradient(70, 1.3, slopes);
      const differences = changes.map((change) => (likelihoodAt(change(1e-5)) - likelihoodAt(change(-1e-5))) / 2e-5);
      expectNear(
        slopes.map((trace) => -0.5 * trace),
        differences,
        1e-7,
      );
    });

    it('has no variance left at a row without noise, and all of it far away', () => {
      const workspace = opened(open, { capacity: 20, numeric: 2, categorical: 0 }, 4);
      workspace.noise.fill(1e-12);
      workspace.factor(0, 20, 1.5);
      workspace.solve(20);
      for (const d of [0, 1]) {
        workspace.candidates[d * blockSize] = workspace.rows[d * 20 + 6]!;
        workspace.candidates[d * blockSize + 1] = 1e6;
      }
      workspace.predict(20, 1.5, 2, true);
      expect(workspace.variances[0]).toBeGreaterThanOrEqual(0);
      expect(workspace.variances[0]).toBeLessThan(1e-9);
      expect([workspace.means[1], workspace.variances[1], Math.abs(workspace.meanSlopes[1]!)]).toEqual([0, 1.5, 0]);
    });

    it('keeps its arrays for good', () => {
      const workspace = opened(open, { capacity: 130, numeric: 2, categorical: 1 }, 9);
      const { rows, means, vector } = workspace;
      workspace.factor(0, 130, 1);
      workspace.gradient(130, 1, new Float64Array(5));
      workspace.predict(130, 1, 64, true);
      expect([workspace.rows, workspace.means, workspace.vector].map((array, index) => array === [rows, means, vector][index])).toEqual([
        true,
        true,
        true,
      ]);
      expect(rows).toHaveLength(390);
    });
  });
}
