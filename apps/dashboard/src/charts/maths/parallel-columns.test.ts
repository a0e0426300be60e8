import { describe, expect, it } from 'vitest';
import { looksLogarithmic } from './parallel-columns.js';

const count = 99;
const spread = (at: (share: number) => number): readonly number[] => Array.from({ length: count }, (_, i) => at((i + 0.5) / count));

describe('numbers', () => {
  it('that are even by their decades look logarithmic', () => {
    expect(looksLogarithmic(spread((share) => 10 ** (-4 + 3 * share)))).toBe(true);
    expect(looksLogarithmic([0.001, Number.NaN, 0.01, 0.1])).toBe(true);
  });

  it('that are even by themselves do not, however near to zero the least of them is', () => {
    expect(looksLogarithmic(spread((share) => share / 2))).toBe(false);
    expect(looksLogarithmic([1e-9, ...spread((share) => share)])).toBe(false);
  });

  it.each([[[]], [[0, 1e-3, 1]], [[-1, 1e-3, 1]], [[1, 50]], [[1e-3, 1, Number.POSITIVE_INFINITY]]])('like %j do not', (values) =>
    expect(looksLogarithmic(values)).toBe(false),
  );
});
