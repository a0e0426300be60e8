import { describe, expect, it } from 'vitest';
import { keepsLimit, keepsLimits } from './limit.js';

const fast = { keep: 'below', bound: 50 } as const;
const good = { keep: 'above', bound: 0.9 } as const;

describe('a limit', () => {
  it('is kept up to its bound, which is within', () => {
    expect([49.9, 50, 50.1].map((value) => keepsLimit(fast, value))).toEqual([true, true, false]);
    expect([0.91, 0.9, 0.89].map((value) => keepsLimit(good, value))).toEqual([true, true, false]);
  });

  it('is not kept by what is unknown or not finite', () => {
    for (const value of [null, undefined, Number.NaN, Number.NEGATIVE_INFINITY]) expect(keepsLimit(fast, value)).toBe(false);
    expect(keepsLimit(good, Number.POSITIVE_INFINITY)).toBe(false);
  });

  it('is one of several, all of which must be kept; none is always kept', () => {
    expect(keepsLimits([fast, good], [40, 0.95])).toBe(true);
    expect(keepsLimits([fast, good], [40, 0.5])).toBe(false);
    expect(keepsLimits([fast, good], [40])).toBe(false);
    expect(keepsLimits([])).toBe(true);
  });
});
