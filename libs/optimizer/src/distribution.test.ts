/** The numbered cases were executed against W&B's engine (wandb/sweeps, August 2026). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cdf, roundHalfEven, valueAt } from './distribution.js';
import type { Domain, Step } from './space.js';
import { Float, isInt, numeric, type ParamValue } from './value.js';

const intStep = (size: number): Step => ({ size, int: true });
const floatStep = (size: number): Step => ({ size, int: false });
const at = (domain: Domain, ...shares: readonly number[]): ParamValue[] => shares.map((u) => valueAt(domain, u));
const numbers = (domain: Domain, ...shares: readonly number[]): number[] => at(domain, ...shares).map((value) => numeric(value)!);

function expectNear(actual: readonly number[], expected: readonly number[], digits = 6): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index]!, digits);
  });
}

describe('the value at a share', () => {
  it('C069 int_uniform includes both ends', () => {
    expect(at({ kind: 'int_uniform', min: 1, max: 4 }, 0.1, 0.25, 0.5, 0.75, 1)).toEqual([1, 1, 2, 3, 4]);
  });

  it('C070 q_uniform with an int step gives ints, and need not reach its maximum', () => {
    expect(at({ kind: 'q_uniform', min: 0, max: 10, q: intStep(3) }, 0.25, 0.5, 0.9, 1)).toEqual([3, 6, 9, 9]);
  });

  it('C071 q_uniform without a step gives floats, rounded half to even', () => {
    expect(at({ kind: 'q_uniform', min: 0, max: 10, q: floatStep(1) }, 0.25, 0.75)).toEqual([new Float(2), new Float(8)]);
  });

  it('C072 and C073 q_uniform is not clipped to its bounds', () => {
    expect(at({ kind: 'q_uniform', min: 1, max: 2, q: intStep(5) }, 0, 0.3, 0.7, 1)).toEqual([0, 0, 0, 0]);
    expect(at({ kind: 'q_uniform', min: 0.5, max: 4.5, q: intStep(1) }, 0, 1)).toEqual([0, 4]);
  });

  it('C074 log_uniform_values is even in the exponent', () => {
    expectNear(numbers({ kind: 'log_uniform_values', min: 1e-4, max: 1 }, 0.25, 0.5, 0.75), [0.001, 0.01, 0.1], 12);
  });

  it('C075 log_uniform takes exponents', () => {
    expectNear(numbers({ kind: 'log_uniform', min: -9, max: 0 }, 0.5), [0.011109]);
  });

  it('C076 and C077 q_log_uniform_values rounds to its step', () => {
    expect(at({ kind: 'q_log_uniform_values', min: 32, max: 256, q: intStep(8) }, 0, 0.25, 0.5, 0.75, 1)).toEqual([32, 56, 88, 152, 256]);
    expect(at({ kind: 'q_log_uniform_values', min: 1, max: 256, q: floatStep(1) }, 0.5)).toEqual([new Float(16)]);
  });

  it('C078 and C079 the inverse log family', () => {
    expectNear(numbers({ kind: 'inv_log_uniform_values', min: 0.9, max: 0.999 }, 0.5), [0.948209]);
    expectNear(numbers({ kind: 'inv_log_uniform', min: 0, max: 2 }, 0, 0.5, 1), [0.135335, 0.367879, 1]);
  });

  it('C080 the normal family', () => {
    expectNear(numbers({ kind: 'normal', mu: 0, sigma: 1 }, 0.25), [-0.67449], 5);
    expect(numbers({ kind: 'q_normal', mu: 1, sigma: 2, q: floatStep(0.5) }, 0.25, 0.75)).toEqual([-0.5, 2.5]);
    expectNear(numbers({ kind: 'log_normal', mu: 0, sigma: 1 }, 0.75), [1.963031]);
    expect(at({ kind: 'q_log_normal', mu: 2, sigma: 1, q: intStep(1) }, 0.25, 0.75)).toEqual([4, 15]);
  });

  it('C081 the beta family', () => {
    expectNear(numbers({ kind: 'beta', a: 2, b: 5 }, 0.5), [0.26445], 5);
    expectNear(numbers({ kind: 'q_beta', a: 2, b: 5, q: floatStep(0.1) }, 0.5), [0.3], 12);
  });

  it('C082 probabilities', () => {
    const domain: Domain = { kind: 'categorical', values: ['a', 'b', 'c'], probabilities: [0.2, 0.3, 0.5] };
    expect(at(domain, 0.1, 0.25, 0.5, 0, 0.2, 1)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('C083 categories', () => {
    expect(at({ kind: 'categorical', values: ['a', 'b', 'c'] }, 0.25, 0.5, 0.75)).toEqual(['a', 'b', 'c']);
  });

  it('stays inside at exactly 0 and 1, unlike there', () => {
    expect(at({ kind: 'categorical', values: ['a', 'b', 'c'] }, 0, 1)).toEqual(['a', 'c']);
    expect(at({ kind: 'int_uniform', min: 5, max: 7 }, 0, 1)).toEqual([5, 7]);
  });

  it('is a point, not NaN, when a distribution has no width', () => {
    expect(at({ kind: 'normal', mu: 2, sigma: 0 }, 0, 0.5, 1)).toEqual([new Float(2), new Float(2), new Float(2)]);
    expect(at({ kind: 'beta', a: 0, b: 2 }, 0.5)).toEqual([new Float(0)]);
  });

  it('never gives a value of probability 0, even when the sum falls short of 1', () => {
    expect(at({ kind: 'categorical', values: ['a', 'b', 'c'], probabilities: [0.3, 0.6999999, 0] }, 1 - 2 ** -53, 1)).toEqual(['b', 'b']);
  });

  it('is an int beyond 2^53 too', () => {
    expect(at({ kind: 'q_log_normal', mu: 50, sigma: 1, q: intStep(1) }, 0.5).every((value) => isInt(value))).toBe(true);
  });

  it('is a float even where it is whole', () => {
    expect(at({ kind: 'uniform', min: 0, max: 4 }, 0, 0.5, 0.625)).toEqual([new Float(0), new Float(2), 2.5]);
  });

  it('constants are given as they are', () => {
    expect(at({ kind: 'constant', value: { a: [1] } }, 0.3)).toEqual([{ a: [1] }]);
  });
});

describe('the share of a value', () => {
  it('C122 is as W&B encodes it', () => {
    expect([true, false].map((value) => cdf({ kind: 'categorical', values: [false, true] }, value))).toEqual([1, 0.5]);
    expect(cdf({ kind: 'categorical', values: [0, 1, 2] }, 0)).toBeCloseTo(1 / 3, 15);
    expect(cdf({ kind: 'int_uniform', min: 1, max: 4 }, 1)).toBe(0.25);
    expect(cdf({ kind: 'log_uniform_values', min: 1e-4, max: 1 }, 0.01)).toBeCloseTo(0.5, 12);
  });

  it('is unknown for constants, for what is not listed, and for what is not a number', () => {
    expect(cdf({ kind: 'constant', value: 1 }, 1)).toBeUndefined();
    expect(cdf({ kind: 'categorical', values: ['a'] }, 'b')).toBeUndefined();
    expect(cdf({ kind: 'uniform', min: 0, max: 1 }, 'b')).toBeUndefined();
    expect(cdf({ kind: 'uniform', min: 0, max: 1 }, Number.NaN)).toBeUndefined();
    expect(cdf({ kind: 'uniform', min: 0, max: 1 }, true)).toBeUndefined();
  });

  it('counts probabilities, which W&B fails on', () => {
    expect(cdf({ kind: 'categorical', values: ['a', 'b', 'c'], probabilities: [0.2, 0.3, 0.5] }, 'b')).toBeCloseTo(0.5, 15);
  });

  it('stays within 0 and 1 outside of the range', () => {
    expect([cdf({ kind: 'uniform', min: 0, max: 1 }, -3), cdf({ kind: 'uniform', min: 0, max: 1 }, 3)]).toEqual([0, 1]);
    expect([cdf({ kind: 'log_uniform_values', min: 1, max: 9 }, -3), cdf({ kind: 'log_normal', mu: 0, sigma: 1 }, 0)]).toEqual([0, 0]);
    expect([cdf({ kind: 'beta', a: 1, b: 2 }, -1), cdf({ kind: 'beta', a: 1, b: 2 }, 2)]).toEqual([0, 1]);
  });

  const continuous: readonly Domain[] = [
    { kind: 'uniform', min: -3, max: 5 },
    { kind: 'log_uniform', min: -9, max: 2 },
    { kind: 'log_uniform_values', min: 1e-6, max: 10 },
    { kind: 'inv_log_uniform', min: 0, max: 2 },
    { kind: 'inv_log_uniform_values', min: 0.9, max: 0.999 },
    { kind: 'normal', mu: 3, sigma: 2 },
    { kind: 'log_normal', mu: -1, sigma: 0.5 },
    { kind: 'beta', a: 2, b: 5 },
    { kind: 'beta', a: 0.6, b: 0.7 },
  ];
  it.each(continuous)('leads back to the value: %j', (domain) => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }), (u) => {
        expect(cdf(domain, valueAt(domain, u))).toBeCloseTo(u, 9);
      }),
    );
  });

  const discrete: readonly Domain[] = [
    { kind: 'int_uniform', min: -3, max: 12 },
    { kind: 'categorical', values: ['a', 1, null, [1, 2], 2.5] },
    { kind: 'categorical', values: ['a', 'b', 'c'], probabilities: [0.25, 0.25, 0.5] },
  ];
  it.each(discrete)('is the upper end of the shares that give the value: %j', (domain) => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (u) => {
        const value = valueAt(domain, u);
        const upper = cdf(domain, value)!;
        expect(upper).toBeGreaterThanOrEqual(u);
        expect(valueAt(domain, upper - 1e-9)).toEqual(value);
      }),
    );
  });
});

describe('rounding', () => {
  it('goes to the even neighbour from the middle', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6].map((x) => roundHalfEven(x) + 0)).toEqual([0, 2, 2, 0, -2, 2, 3]);
  });
});
