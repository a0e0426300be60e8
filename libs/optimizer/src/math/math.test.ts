import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile } from './beta.js';
import { normalCdf, normalQuantile } from './normal.js';
import { scramble, sobolDimensions, sobolWord } from './sobol.js';

function expectClose(actual: number, expected: number, relative: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

describe('the normal distribution', () => {
  // scipy 1.17, norm.ppf and norm.cdf
  it.each([
    [1e-300, -37.0470962993612],
    [1e-10, -6.361340902404056],
    [0.01, -2.3263478740408408],
    [0.25, -0.6744897501960817],
    [0.3, -0.5244005127080409],
    [0.975, 1.959963984540054],
    [0.999999, 4.753424308817087],
  ])('has the quantile of %d', (u, x) => {
    expectClose(normalQuantile(u), x, 1e-14);
  });

  it.each([
    [-10, 7.61985302416047e-24],
    [-3.5, 0.00023262907903552502],
    [-1, 0.15865525393145707],
    [0.5, 0.6914624612740131],
    [2.9, 0.998134186699616],
    [3.1, 0.9990323967867817],
    [6, 0.9999999990134123],
  ])('has the share below %d', (x, u) => {
    expectClose(normalCdf(x), u, 5e-14);
  });

  it('is infinite at its ends, a half in the middle, and NaN outside', () => {
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
    expect([normalQuantile(-0.1), normalQuantile(Number.NaN), normalCdf(Number.NaN)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('comes back from its own quantile', () => {
    fc.assert(fc.property(fc.double({ min: 1e-250, max: 0.5, noNaN: true }), (u) => expectClose(normalCdf(normalQuantile(u)), u, 1e-11)));
  });
});

describe('the beta distribution', () => {
  // scipy 1.17, beta.ppf and beta.cdf
  it.each([
    [2, 5, 0.5, 0.26444998329566005],
    [0.5, 0.5, 0.1, 0.024471741852423214],
    [0.01, 1, 0.5, 7.888609052210105e-31],
    [30, 2, 0.001, 0.7386724011816721],
    [200, 300, 0.9, 0.4281528536351215],
    [1, 1, 0.3, 0.3],
    [0.1, 0.2, 0.7, 0.631351450674716],
    [5, 0.05, 0.2, 0.9985053674485592],
    [1000, 1, 0.5, 0.9993070929904525],
    [3, 3, 1e-12, 4.6416965608476333e-5],
  ])('with a %d, b %d has the quantile of %d', (a, b, u, x) => {
    expectClose(betaQuantile(u, a, b), x, 1e-11);
  });

  it.each([
    [2, 5, 0.3, 0.5798250000000003],
    [0.5, 0.5, 0.1, 0.20483276469913345],
    [0.01, 1, 0.5, 0.9930924954370359],
    [30, 2, 0.9, 0.1695646331008649],
    [200, 300, 0.41, 0.677628164772179],
    [5, 0.05, 0.99, 0.12165506011174185],
    [1000, 1000, 0.5, 0.4999999999999992],
  ])('with a %d, b %d has the share below %d', (a, b, x, u) => {
    expectClose(betaCdf(x, a, b), u, 1e-11);
  });

  it('with a or b of 0 has all its mass at an end', () => {
    expect([betaQuantile(0.3, 0, 2), betaQuantile(0.3, 2, 0), betaQuantile(0.3, 0, 0), betaQuantile(0.7, 0, 0)]).toEqual([0, 1, 0, 1]);
  });

  it('comes back from its own quantile', () => {
    const shape = fc.double({ min: 0.2, max: 50, noNaN: true });
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (a, b, u) => {
        const x = betaQuantile(u, a, b);
        // So near an end a double cannot say where x is.
        if (1 - x > 1e-6) expect(Math.abs(betaCdf(x, a, b) - u)).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('the Sobol sequence', () => {
  const share = (index: number, dimension: number): number => sobolWord(index, dimension) / 2 ** 32;

  it('has the published first points', () => {
    const first = Array.from({ length: 8 }, (_, index) => [0, 1, 2, 3, 4].map((dimension) => share(index, dimension)));
    expect(first).toEqual([
      [0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375],
      [0.875, 0.875, 0.125, 0.375, 0.875],
      [0.625, 0.125, 0.875, 0.625, 0.625],
      [0.125, 0.625, 0.375, 0.125, 0.125],
    ]);
  });

  // scipy 1.17, qmc.Sobol(64, scramble=False)
  it('has the published later points, in the higher dimensions too', () => {
    const at = (index: number): number[] => [0, 1, 2, 10, 33, 63].map((dimension) => share(index, dimension));
    const expected = [0.71972656, 0.59667969, 0.01855469, 0.58496094, 0.09277344, 0.94628906];
    at(1001).forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 7);
    });
    const last = [4.8828125e-4, 0.627441406, 0.931152344, 0.498535156, 0.0815429688, 0.988769531];
    at(2047).forEach((value, index) => {
      expect(value).toBeCloseTo(last[index]!, 7);
    });
  });

  it('has one of its first 2^k points in each of 2^k equal parts, scrambled or not', () => {
    for (const dimension of [0, 1, 17, sobolDimensions - 1]) {
      for (const seed of [undefined, 1, 0xdeadbeef]) {
        const parts = Array.from({ length: 256 }, (_, index) => {
          const word = sobolWord(index, dimension);
          return (seed === undefined ? word : scramble(word, seed)) >>> 24;
        });
        expect(new Set(parts).size).toBe(256);
      }
    }
  });

  it('is scrambled differently by each seed', () => {
    const points = (seed: number): number[] => Array.from({ length: 16 }, (_, index) => scramble(sobolWord(index, 0), seed));
    expect(points(1)).not.toEqual(points(2));
  });
});
