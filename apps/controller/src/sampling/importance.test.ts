import { Float, type Params } from '@sweep/optimizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fewestSamples, importances, ranks } from './importance.js';

const sample = (params: Params, value: number) => ({ params, value });
const numbers = Array.from({ length: 20 }, (_, index) => index);

describe('importance by ranks', () => {
  it('is 1, with the sign of the direction, for a number that the objective follows however bent the curve is', () => {
    const samples = numbers.map((n) => sample({ lr: 10 ** -n, other: (n * 7) % 5 }, n ** 3));
    const [first, second] = importances(samples);
    expect(first).toEqual({ param: 'lr', importance: 1, correlation: -1, samples: 20 });
    expect(second!.importance).toBeLessThan(0.4);
  });

  it('tells a category that separates good from bad from one that does not', () => {
    const samples = numbers.map((n) => sample({ optimizer: n < 10 ? 'sgd' : 'adam', shuffle: n % 2 === 0 }, n));
    const [first, second] = importances(samples);
    expect(first).toMatchObject({ param: 'optimizer', correlation: null });
    expect(first!.importance).toBeGreaterThan(0.85);
    expect(second!.importance).toBeLessThan(0.2);
  });

  it('does not take many groups for knowledge: a different name for every trial explains nothing', () => {
    expect(importances(numbers.map((n) => sample({ name: `n${n}` }, n)))[0]!.importance).toBe(0);
  });

  it('names nested parameters by their path, and counts only the trials that have them', () => {
    const samples = numbers.map((n) => sample(n < 8 ? { opt: { lr: n } } : {}, n));
    expect(importances(samples)).toEqual([{ param: 'opt.lr', importance: 1, correlation: 1, samples: 8 }]);
  });

  it('counts 16 and 16.0 and big ints as the numbers they are', () => {
    const samples = numbers.map((n) => sample({ size: n % 2 === 0 ? new Float(n) : n, big: BigInt(n) }, n));
    expect(importances(samples).map(({ correlation }) => correlation)).toEqual([1, 1]);
  });

  it('says nothing about constants, too few trials, or results that are not finite', () => {
    expect(importances(numbers.map((n) => sample({ fixed: 3 }, n)))).toEqual([]);
    expect(importances(numbers.slice(0, fewestSamples - 1).map((n) => sample({ lr: n }, n)))).toEqual([]);
    expect(importances(numbers.map((n) => sample({ lr: n }, n < 4 ? n : Number.NaN)))).toEqual([]);
  });

  it('is 0 for every parameter when all results are equal', () => {
    expect(
      importances(numbers.map((n) => sample({ lr: n, kind: n % 2 === 0 ? 'a' : 'b' }, 1))).map(({ importance }) => importance),
    ).toEqual([0, 0]);
  });

  it('does not change when the objective is stretched', () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 6,
      maxLength: 30,
    });
    fc.assert(
      fc.property(samples, (pairs) => {
        const plain = importances(pairs.map(([x, y]) => sample({ x }, y)));
        expect(importances(pairs.map(([x, y]) => sample({ x }, Math.exp(y / 10))))).toEqual(plain);
      }),
    );
  });
});

describe('ranks', () => {
  it('give equal values the mean of their places', () => {
    expect(ranks([10, 30, 10, 20])).toEqual([1.5, 4, 1.5, 3]);
  });
});
