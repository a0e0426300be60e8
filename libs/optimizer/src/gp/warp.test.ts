import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfRank, median, power, standardized, yeoJohnson } from './warp.js';

const of = (...values: number[]): Float64Array => Float64Array.from(values);
const sizes = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const samples = fc.array(sizes, { minLength: 2, maxLength: 40 }).map((list) => Float64Array.from(list));
/** From the far ends of what a double can hold, and from what a diverged loss looks like. */
const wild = fc
  .array(fc.oneof(sizes, fc.constantFrom(1e300, -1e300, 1e-300, -1e-300, 0, 1e30)), { minLength: 1, maxLength: 20 })
  .map((list) => Float64Array.from(list));

function expectOrderKept(before: Float64Array, after: Float64Array): void {
  for (let a = 0; a < before.length; a += 1) {
    for (let b = 0; b < before.length; b += 1) if (before[a]! <= before[b]!) expect(after[a]!).toBeLessThanOrEqual(after[b]!);
  }
}

describe('standardised values', () => {
  it('have mean 0 and deviation 1', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const after = standardized(values);
        if (after.every((value) => value === 0)) return;
        expect(after.reduce((sum, value) => sum + value, 0) / after.length).toBeCloseTo(0, 6);
        expect(after.reduce((sum, value) => sum + value * value, 0) / after.length).toBeCloseTo(1, 6);
      }),
    );
  });

  it('are all 0 where there is no difference to learn from', () => {
    expect(standardized(of(7, 7, 7))).toEqual(of(0, 0, 0));
    expect(standardized(of(1e300, 1e300))).toEqual(of(0, 0));
    expect(standardized(of(0.1 + 0.2, 0.3))).toEqual(of(0, 0));
    expect(standardized(of())).toEqual(of());
  });

  it('do not see the unit of the values, to the last bit', () => {
    const tame = fc.array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(tame, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), fc.double({ min: -1e3, max: 1e3, noNaN: true }), (list, a, b) => {
        const values = Float64Array.from(list);
        expect(standardized(values.map((value) => a * value + b))).toEqual(standardized(values));
      }),
    );
  });
});

describe('the half-rank warp', () => {
  // By hand, from the definition in Song et al. (2024): normal quantiles of 1 − 0.5 · (rank − 0.5)/B around the median.
  it('leaves what is better than the median and ranks what is worse', () => {
    const after = halfRank(of(1, 2, 3, 4, 5, 6, 100));
    expect([...after.subarray(0, 4)]).toEqual([1, 2, 3, 4]);
    expect(after[4]).toBeCloseTo(4.684922277133873, 12);
    expect(after[5]).toBeCloseTo(5.481020222159218, 12);
    expect(after[6]).toBeCloseTo(6.741201421876292, 12);
  });

  it('counts differently when the median itself is no result', () => {
    const after = halfRank(of(1, 2, 3, 4));
    expect([...after.subarray(0, 2)]).toEqual([1, 2]);
    expect(after[2]).toBeCloseTo(2.85624963906582, 12);
    expect(after[3]).toBeCloseTo(3.786129706197758, 12);
  });

  it('does not see how bad a bad result is', () => {
    expect(halfRank(of(3, 1, 2, 4, 1e300))).toEqual(halfRank(of(3, 1, 2, 4, 5)));
  });

  it('keeps the order, and ties', () => {
    fc.assert(fc.property(samples, (values) => expectOrderKept(values, halfRank(values))));
  });

  it('leaves constants, and spreads what is worse when all of the good half is one value', () => {
    expect(halfRank(of(5, 5, 5))).toEqual(of(5, 5, 5));
    const after = halfRank(of(1, 1, 1, 2, 3));
    expect(after[3]!).toBeGreaterThan(1);
    expect(after[4]!).toBeGreaterThan(after[3]!);
  });

  it('gives numbers for whatever numbers', () => {
    fc.assert(fc.property(wild, (values) => standardized(halfRank(values)).every((value) => Number.isFinite(value))));
  });
});

describe('the power warp', () => {
  // scipy 1.17, stats.yeojohnson
  it.each([
    [-3.7, -1.5, -64.02368582465144],
    [0.8, -1.5, 0.3906088916666926],
    [12.5, -1.5, 0.6532263937295847],
    [-3.7, 0, -10.545000000000002],
    [12.5, 0, 2.6026896854443837],
    [-0.2, 0.5, -0.20968942534159915],
    [0.8, 0.5, 0.6832815729997477],
    [-3.7, 1, -3.7],
    [12.5, 1, 12.5],
    [-3.7, 2, -1.547562508716013],
    [12.5, 2, 90.625],
    [-0.2, 3.2, -0.16375520555373113],
    [12.5, 3.2, 1293.639245770559],
    [0, 0.5, 0],
  ])('takes %d with exponent %d to what scipy has', (x, exponent, expected) => {
    expect(Math.abs(yeoJohnson(x, exponent) - expected)).toBeLessThanOrEqual(1e-13 * Math.abs(expected));
  });

  const losses = of(0.31, 0.28, 0.44, 0.9, 0.35, 0.29, 5.2, 0.3, 0.41, 0.62, 1.7, 0.33);
  // scipy 1.17: the exponent of greatest yeojohnson_llf on a grid of 0.001 (−0.371), of (losses − median)/(1.4826 · MAD)
  const expected = [
    -0.780412176, -1.263257051, 0.362588703, 1.225513991, -0.278007011, -1.091826959, 2.004666897, -0.93093994, 0.205302241, 0.88061396,
    1.605319552, -0.509670138,
  ];

  it('finds the exponent of greatest likelihood', () => {
    [...power(losses)].forEach((value, at) => {
      expect(Math.abs(value - expected[at]!)).toBeLessThan(3e-3);
    });
  });

  it('pulls in a heavy tail on either side', () => {
    const mirrored = power(losses.map((value) => -value));
    [...mirrored].forEach((value, at) => {
      expect(Math.abs(value + expected[at]!)).toBeLessThan(3e-3);
    });
    const tail = standardized(power(of(1, 2, 3, 4, 5, 6, 7, 1e6)));
    expect(tail[6]! - tail[0]!).toBeGreaterThan(0.5);
  });

  it('keeps the order, and ties', () => {
    fc.assert(fc.property(samples, (values) => expectOrderKept(values, power(values))));
  });

  it('leaves constants, and gives numbers for whatever numbers', () => {
    expect(power(of(5, 5, 5))).toEqual(of(5, 5, 5));
    fc.assert(fc.property(wild, (values) => standardized(power(values)).every((value) => Number.isFinite(value))));
  });

  it('needs no more time for thousands of results, and says much the same of them', () => {
    const many = Float64Array.from({ length: 5000 }, (_, at) => losses[at % losses.length]! + at * 1e-6);
    const few = standardized(power(losses));
    standardized(power(many))
      .subarray(0, losses.length)
      .forEach((value, at) => {
        expect(Math.abs(value - few[at]!)).toBeLessThan(0.15);
      });
  });
});

describe('the median', () => {
  it('is the middle, or half way between the two in the middle, however large', () => {
    expect([median(of(3, 1, 2)), median(of(4, 1, 2, 3)), median(of(1e308, 1.5e308))]).toEqual([2, 2.5, 1.25e308]);
    expect(median(of())).toBeNaN();
  });
});
