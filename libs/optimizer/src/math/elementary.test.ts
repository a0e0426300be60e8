import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erfcx, exp, expm1, log, log1p, pow } from './elementary.js';
import { logEi, logEiSlope } from './log-ei.js';
import { logNormalCdf, normalCdf, normalPdf } from './normal.js';

/** Each row: the arguments, then the value rounded from 60 digits (mpmath 1.4). */
const oracle = JSON.parse(readFileSync(new URL('../../testing/vectors/elementary.json', import.meta.url), 'utf8')) as Record<
  string,
  number[][]
>;

const functions: Record<string, (x: number, y: number) => number> = {
  exp,
  expm1,
  log,
  log1p,
  pow,
  erfcx,
  normalPdf,
  normalCdf,
  logNormalCdf,
  logEi,
  logEiSlope,
};

const rowsOf = (name: string): { x: number; y: number; expected: number }[] =>
  oracle[name]!.map((row) => ({ x: row[0]!, y: row[1]!, expected: row.at(-1)! }));

/** Units in the last place of the expected value, or of `least` if that is larger. */
function distance(actual: number, expected: number, least: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(expected), least)));
  return Math.abs(actual - expected) / 2 ** Math.max(-1074, exponent - 52);
}

describe('the elementary functions', () => {
  it.each([
    { name: 'exp', limit: 1.5 },
    { name: 'expm1', limit: 2 },
    { name: 'log', limit: 2 },
    { name: 'log1p', limit: 2 },
    { name: 'pow', limit: 2 },
    { name: 'erfcx', limit: 6 },
    { name: 'normalPdf', limit: 3 },
    { name: 'normalCdf', limit: 4 },
    { name: 'logNormalCdf', limit: 4 },
    // Near its root at 0.9 a logarithm can be no better than the number it is taken of.
    { name: 'logEi', limit: 8, least: 1 },
    { name: 'logEiSlope', limit: 8 },
  ])('$name is within $limit units in the last place over its whole range', ({ name, limit, least }) => {
    const wrong = rowsOf(name).filter(({ x, y, expected }) => {
      const off = distance(functions[name]!(x, y), expected, least ?? 0);
      return !(off < limit);
    });
    expect(wrong).toEqual([]);
  });

  it('have the same bits wherever they are computed', () => {
    const names = Object.keys(functions);
    const values = names.flatMap((name) => rowsOf(name).map(({ x, y }) => functions[name]!(x, y)));
    const digest = createHash('sha256')
      .update(new Uint8Array(Float64Array.from(values).buffer))
      .digest('hex');
    expect(digest).toBe('5adea4981a92456457fb20b026c330e11f173dc25c25b659fb8741347a3220e1');
  });

  it('are what they should be where they end', () => {
    const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
    expect([inf, -inf, nan, 709.79, -745.2].map(exp)).toEqual([inf, 0, nan, inf, 0]);
    expect([inf, -inf, nan, 0].map(expm1)).toEqual([inf, -1, nan, 0]);
    expect([inf, 0, -0, -1, nan, 1].map(log)).toEqual([inf, -inf, -inf, nan, nan, 0]);
    expect([inf, -1, -1.5, nan, 0].map(log1p)).toEqual([inf, -inf, nan, nan, 0]);
    expect([inf, -27, nan].map(erfcx)).toEqual([0, inf, nan]);
    expect([inf, -inf, nan, 1e9, -1e9].map(normalCdf)).toEqual([1, 0, nan, 1, 0]);
    expect([inf, nan, 1e200].map(normalPdf)).toEqual([0, nan, 0]);
    expect([nan, inf].map(logEi)).toEqual([nan, inf]);
  });

  it('raise the special bases and exponents as they should', () => {
    const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
    expect([pow(0, 2), pow(0, -2), pow(0, 0), pow(inf, 2), pow(inf, -2), pow(inf, 0)]).toEqual([0, inf, 1, inf, 0, 1]);
    expect([pow(1, inf), pow(2, inf), pow(0.5, inf), pow(2, -inf), pow(0.5, -inf)]).toEqual([1, inf, 0, 0, inf]);
    expect([pow(-2, 3), pow(nan, 1), pow(2, nan), pow(2, 1e300), pow(2, -1e300), pow(2, 1e-300)]).toEqual([nan, nan, nan, inf, 0, 1]);
  });

  it('keep their order: e^x, log x and Φ never fall by more than their error', () => {
    const pair = fc.tuple(fc.double({ min: -700, max: 700, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(pair, ([x, step]) => {
        expect(exp(x + step) / exp(x)).toBeGreaterThanOrEqual(1 - 5e-16);
        expect(normalCdf((x + step) / 20)).toBeGreaterThanOrEqual(normalCdf(x / 20) * (1 - 1e-15));
      }),
    );
  });

  it('take each other back', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(Math.abs(exp(log(x)) / x - 1)).toBeLessThan(2.3e-16 * (2 + Math.abs(log(x))));
        expect(Math.abs(pow(pow(x, 0.25), 4) / x - 1)).toBeLessThan(3e-15);
      }),
    );
  });
});

describe('the logarithm of expected improvement', () => {
  it('has the slope of its own differences', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 6, noNaN: true }), (z) => {
        const step = 1e-5;
        const difference = (logEi(z + step) - logEi(z - step)) / (2 * step);
        expect(Math.abs(difference - logEiSlope(z))).toBeLessThan(1e-7 * (1 + Math.abs(z)));
      }),
    );
  });

  it('has no step where its branches meet', () => {
    expect(Math.abs(logEi(-1) - logEi(-1 + 1e-15))).toBeLessThan(1e-14);
  });
});
