import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vector } from '../encoding/cube.js';
import { type Rows, startFor } from './fit.js';
import { place, Surrogate } from './surrogate.js';
import { openWorkspace } from './wasm-workspace.js';

const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
const point = fc.tuple(coordinate, coordinate, fc.integer({ min: 0, max: 2 })).map((list) => Float64Array.from(list));
const shape = { capacity: 64, numeric: 2, categorical: 1 };

function surrogateOf(vectors: readonly Vector[], targets: readonly number[], more: Partial<Rows> = {}, noise = -4): Surrogate {
  const workspace = openWorkspace(shape);
  place(workspace, vectors);
  const rows: Rows = {
    count: vectors.length,
    targets: Float64Array.from(targets),
    repeats: new Float64Array(vectors.length).fill(1),
    extra: new Float64Array(vectors.length),
    ...more,
  };
  return Surrogate.of(workspace, rows, { logs: startFor(workspace, 3, noise), dimension: 3 })!;
}

const few: readonly Vector[] = [
  Float64Array.of(0.1, 0.1, 0),
  Float64Array.of(0.9, 0.2, 1),
  Float64Array.of(0.5, 0.8, 2),
  Float64Array.of(0.3, 0.4, 0),
];
const seen = [1, -1, 0.5, 2];

describe('a model of some rows', () => {
  it('has at its rows the means that it says it has', () => {
    const table = fc.array(fc.tuple(point, fc.double({ min: -3, max: 3, noNaN: true })), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(table, (rows) => {
        const surrogate = surrogateOf(
          rows.map(([vector]) => vector),
          rows.map(([, target]) => target),
        );
        const means = surrogate.means();
        for (const [row, [vector]] of rows.entries()) expect(surrogate.at(vector).mean).toBeCloseTo(means[row]!, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('goes through its rows without noise, and is surer of rows that were measured more often', () => {
    for (const [row, mean] of surrogateOf(few, seen, {}, Math.log(1e-6)).means().entries()) expect(mean).toBeCloseTo(seen[row]!, 3);
    const [once, often] = [1, 50].map((repeats) => surrogateOf(few, seen, { repeats: Float64Array.of(1, repeats, 1, 1) }, -1));
    expect(Math.abs(often!.means()[1]! - seen[1]!)).toBeLessThan(0.1 * Math.abs(once!.means()[1]! - seen[1]!));
    expect(often!.at(few[1]!).variance).toBeLessThan(0.1 * once!.at(few[1]!).variance);
  });

  it('believes a guess less than a result', () => {
    const sure = surrogateOf(few, seen).at(few[3]!);
    const unsure = surrogateOf(few, seen, { extra: Float64Array.of(0, 0, 0, 1) }).at(few[3]!);
    expect(unsure.variance).toBeGreaterThan(sure.variance);
    expect(Math.abs(unsure.mean - 2)).toBeGreaterThan(Math.abs(sure.mean - 2));
  });

  it('knows more near its rows than far away, and a category apart is away too', () => {
    const surrogate = surrogateOf(few, seen);
    const at = (...list: number[]): number => surrogate.at(Float64Array.from(list)).variance;
    expect(at(0.1, 0.1, 0)).toBeLessThan(at(0.2, 0.1, 0));
    expect(at(0.1, 0.1, 0)).toBeLessThan(at(0.1, 0.1, 1));
  });

  it('says of many points what it says of each', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 150 }), (vectors) => {
        const surrogate = surrogateOf(few, seen);
        const together: unknown[] = [];
        surrogate.each(vectors, false, (index, belief) => {
          together[index] = belief;
        });
        expect(together).toEqual(vectors.map((vector) => surrogate.at(vector)));
      }),
      { numRuns: 20 },
    );
  });

  it('has slopes that are those of its mean and variance', () => {
    fc.assert(
      fc.property(point, (vector) => {
        const surrogate = surrogateOf(few, seen);
        const h = 1e-5;
        for (const d of [0, 1]) {
          const beside = (step: number) => surrogate.at(vector.map((x, at) => (at === d ? x + step : x)));
          const [up, down] = [beside(h), beside(-h)];
          surrogate.each([vector], true, (_, __, slot) => {
            expect(surrogate.meanSlope(d, slot)).toBeCloseTo((up.mean - down.mean) / (2 * h), 4);
            expect(surrogate.varianceSlope(d, slot)).toBeCloseTo((up.variance - down.variance) / (2 * h), 4);
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('points under way', () => {
  it('leave every mean as it is, and shrink the variance, most where they are', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 8 }), fc.array(point, { minLength: 1, maxLength: 8 }), (pending, probes) => {
        const [before, after] = [surrogateOf(few, seen), surrogateOf(few, seen)];
        after.believe(pending);
        for (const probe of [...probes, ...pending, ...few]) {
          expect(after.at(probe).mean).toBe(before.at(probe).mean);
          expect(after.at(probe).variance).toBeLessThanOrEqual(before.at(probe).variance + 1e-12);
        }
        for (const vector of pending) expect(after.at(vector).variance).toBeLessThan(0.1);
      }),
      { numRuns: 50 },
    );
  });

  it('may come one after the other or together', () => {
    const pending = [Float64Array.of(0.7, 0.7, 1), Float64Array.of(0.2, 0.9, 2)];
    const [one, two] = [surrogateOf(few, seen), surrogateOf(few, seen)];
    one.believe(pending);
    two.believe(pending.slice(0, 1));
    two.believe(pending.slice(1));
    const probe = Float64Array.of(0.4, 0.6, 1);
    expect(one.at(probe)).toEqual(two.at(probe));
  });

  it('may be where a row is, or twice at the same place', () => {
    const surrogate = surrogateOf(few, seen, {}, Math.log(1e-6));
    surrogate.believe([few[0]!, few[0]!, few[1]!, Float64Array.of(0.7, 0.7, 1)]);
    expect(surrogate.at(Float64Array.of(0.7, 0.7, 1)).variance).toBeLessThan(1e-3);
  });
});
