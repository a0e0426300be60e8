import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../math/normal.js';
import { random } from '../rng.js';
import { hypervolume, logImprovement, type Pair, paretoFront, referenceOf } from './hypervolume.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const pairs = fc.array(fc.tuple(unit, unit), { minLength: 1, maxLength: 12 });

/** By drawing from the two beliefs. */
function sampled(front: readonly Pair[], reference: Pair, means: Pair, deviations: Pair): number {
  const numbers = random(5n);
  const before = hypervolume(front, reference);
  const draws = 20_000;
  let sum = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const [u, v] = [0, 1].map((axis) => {
      const share = Math.max(1e-12, numbers.uniform(draw, 0, axis));
      return means[axis as 0 | 1] + deviations[axis as 0 | 1] * normalQuantile(share);
    });
    sum += hypervolume(paretoFront([...front, [u!, v!]]), reference) - before;
  }
  return sum / draws;
}

describe('the front of two objectives', () => {
  it('holds what nothing beats in both', () => {
    expect(
      paretoFront([
        [3, 1],
        [1, 3],
        [2, 2],
        [2, 3],
        [3, 3],
        [1, 3],
      ]),
    ).toEqual([
      [1, 3],
      [2, 2],
      [3, 1],
    ]);
  });

  it('dominates the area between it and the reference', () => {
    expect(
      hypervolume(
        [
          [1, 3],
          [2, 2],
          [3, 1],
        ],
        [4, 4],
      ),
    ).toBe(6);
    expect(hypervolume([[5, 5]], [4, 4])).toBe(0);
  });

  it('keeps every point within the reference', () => {
    fc.assert(
      fc.property(pairs, (points) => {
        const front = paretoFront(points);
        const [right, top] = referenceOf(front);
        expect(front.every(([x, y]) => x < right && y < top)).toBe(true);
      }),
    );
  });
});

describe('expected hypervolume improvement', () => {
  const front = paretoFront([
    [0.1, 0.9],
    [0.3, 0.5],
    [0.7, 0.2],
  ]);
  const reference: Pair = [1, 1];

  it.each([
    [
      [0.2, 0.2],
      [0.1, 0.2],
    ],
    [
      [0.5, 0.5],
      [0.3, 0.3],
    ],
    [
      [0.9, 0.1],
      [0.05, 0.05],
    ],
    [
      [1.2, 1.2],
      [0.3, 0.4],
    ],
  ] as const)('is what drawing from the beliefs %j ± %j gives', (means, deviations) => {
    const exact = Math.exp(logImprovement(front, reference, means, deviations).value);
    const drawn = sampled(front, reference, means, deviations);
    expect(Math.abs(exact - drawn)).toBeLessThan(0.03 * exact + 1e-4);
  });

  it('still has a slope where the value itself would be zero', () => {
    const far = logImprovement(front, reference, [50, 50], [0.1, 0.1]);
    expect(Number.isFinite(far.value)).toBe(true);
    expect(far.byMean[0]).toBeLessThan(-1);
  });

  it('has the slopes of its value', () => {
    fc.assert(
      fc.property(pairs, unit, unit, fc.double({ min: 0.05, max: 1, noNaN: true }), (points, a, b, spread) => {
        const near = paretoFront(points);
        const at = (x: number, y: number, s: number): number => logImprovement(near, referenceOf(near), [x, y], [s, 0.2]).value;
        const { byMean, byDeviation } = logImprovement(near, referenceOf(near), [a, b], [spread, 0.2]);
        const h = 1e-6;
        expect(byMean[0]).toBeCloseTo((at(a + h, b, spread) - at(a - h, b, spread)) / (2 * h), 3);
        expect(byMean[1]).toBeCloseTo((at(a, b + h, spread) - at(a, b - h, spread)) / (2 * h), 3);
        expect(byDeviation[0]).toBeCloseTo((at(a, b, spread + h) - at(a, b, spread - h)) / (2 * h), 3);
      }),
    );
  });
});
