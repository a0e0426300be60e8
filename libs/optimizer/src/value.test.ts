import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Float, float, int, isInt, numeric, type ParamValue, sameValue, valueKey } from './value.js';

describe('a number', () => {
  it('is an int or a float by how it was written, not by its value', () => {
    expect(isInt(16)).toBe(true);
    expect(isInt(2n ** 70n)).toBe(true);
    expect(isInt(new Float(16))).toBe(false);
    expect(isInt(0.5)).toBe(false);
    expect(isInt(true)).toBe(false);
  });

  it('is read from every numeric form, and from nothing else', () => {
    expect([numeric(3), numeric(new Float(3)), numeric(3n), numeric(0.5)]).toEqual([3, 3, 3, 0.5]);
    expect([numeric(true), numeric('3'), numeric(null), numeric([3]), numeric(undefined)]).toEqual(Array(5).fill(undefined));
  });

  it('is wrapped as a float only if it would read as an int', () => {
    expect(float(16)).toEqual(new Float(16));
    expect(float(0.5)).toBe(0.5);
    expect(float(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });

  it('becomes a bigint beyond 2^53, and never -0', () => {
    expect(int(2 ** 60)).toBe(2n ** 60n);
    expect(Object.is(int(-0), 0)).toBe(true);
  });
});

describe('two values are the same grid point', () => {
  const same: readonly (readonly [ParamValue, ParamValue])[] = [
    [1, new Float(1)],
    [3_000_000, float(3.0e6)],
    [1e21, 10n ** 21n],
    [new Float(1e21), 10n ** 21n],
    [0, new Float(-0)],
    [Number.NaN, Number.NaN],
    [
      { a: 1, b: 2 },
      { b: new Float(2), a: 1 },
    ],
    [
      [1, [2]],
      [new Float(1), [2]],
    ],
  ];
  it.each(same)('pair %#', (a, b) => {
    expect(sameValue(a, b)).toBe(true);
    expect(valueKey(a)).toBe(valueKey(b));
  });

  const different: readonly (readonly [ParamValue, ParamValue])[] = [
    [1, true],
    [0, false],
    ['1', 1],
    [null, 'null'],
    [null, 0],
    [null, false],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: 1 }],
    [[], {}],
    ['NaN', Number.NaN],
    [0.1, 0.1 + Number.EPSILON],
    [['a', 'b'], ['a,b']],
  ];
  it.each(different)('but not pair %#', (a, b) => {
    expect(sameValue(a, b)).toBe(false);
    expect(valueKey(a)).not.toBe(valueKey(b));
  });

  it('whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (dict) => {
        expect(sameValue(dict, Object.fromEntries(Object.entries(dict).reverse()))).toBe(true);
      }),
    );
  });
});
