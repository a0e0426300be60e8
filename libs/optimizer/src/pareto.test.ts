import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paretoSet } from './pareto.js';

const goals = ['minimize', 'maximize'] as const;
const of = (...values: (number | null)[]) => ({ values });
const dominates = (a: readonly number[], b: readonly number[]): boolean =>
  a[0]! <= b[0]! && a[1]! >= b[1]! && (a[0]! < b[0]! || a[1]! > b[1]!);

describe('the Pareto set', () => {
  it('keeps what nothing else beats in every objective', () => {
    const [cheap, good, beaten] = [of(1, 0.5), of(3, 0.9), of(3, 0.4)];
    expect(paretoSet([beaten, good, cheap], goals)).toEqual([cheap, good]);
  });

  it('keeps equal trials: neither beats the other', () => {
    expect(paretoSet([of(1, 1), of(1, 1)], goals)).toHaveLength(2);
  });

  it('leaves out what was not measured in every objective', () => {
    expect(paretoSet([of(1, null), of(Number.NaN, 1), of(1), of(5, 0.1)], goals)).toEqual([of(5, 0.1)]);
  });

  it('is the best alone when there is one objective, and nothing when there is none', () => {
    expect(paretoSet([of(2), of(1), of(3)], ['minimize'])).toEqual([of(1)]);
    expect(paretoSet([of(2)], [])).toEqual([]);
  });

  it('holds exactly the trials that no other dominates', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })).map(([a, b]) => of(a, b));
    fc.assert(
      fc.property(fc.array(point, { maxLength: 40 }), (points) => {
        const expected = points.filter((one) => !points.some((other) => dominates(other.values as number[], one.values as number[])));
        expect(new Set(paretoSet(points, goals))).toEqual(new Set(expected));
      }),
    );
  });
});
