import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonError, parseJson } from './json-read.js';
import { stringifyJson } from './json-write.js';
import { Float, float, type ParamValue } from './value.js';

const bare = (value: unknown): string => stringifyJson(value, { nonFinite: 'bare' });

describe('reading JSON', () => {
  it('keeps ints, floats and big ints apart', () => {
    expect(parseJson('[16, 16.0, 1e3, 0.5, -0, 123456789012345678901]')).toEqual([
      16,
      new Float(16),
      new Float(1000),
      0.5,
      0,
      123456789012345678901n,
    ]);
  });

  it('takes the bare words that Python writes', () => {
    expect(parseJson('{"a": NaN, "b": Infinity, "c": -Infinity}')).toEqual({
      a: Number.NaN,
      b: Number.POSITIVE_INFINITY,
      c: Number.NEGATIVE_INFINITY,
    });
  });

  it('decodes escapes', () => {
    expect(parseJson('"a\\"b\\\\\\u00e9\\ud83d\\ude00\\n"')).toBe('a"b\\é😀\n');
  });

  it.each([
    ['', 0],
    ['[1,]', 3],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ['01', 1],
    ['1 2', 2],
    ['"abc', 0],
    ['"a\\q"', 0],
    ['"a\nb"', 0],
    ['nul', 0],
    ['[1', 2],
    ['+1', 0],
    ['.5', 0],
    ['{"x": {"__proto__": {}}}', 7],
  ])('refuses %j at position %i', (text, offset) => {
    expect(() => parseJson(text)).toThrow(JsonError);
    expect(failure(text).offset).toBe(offset);
  });

  it('refuses nesting beyond 200 levels, and ints that take too long', () => {
    expect(parseJson('['.repeat(200) + ']'.repeat(200))).toBeDefined();
    expect(() => parseJson('['.repeat(201) + ']'.repeat(201))).toThrow(JsonError);
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(JsonError);
    expect(() => parseJson('9'.repeat(5_000))).toThrow(JsonError);
  });

  it('reads long texts with escapes', () => {
    const text = 'line\n'.repeat(200_000);
    expect(parseJson(JSON.stringify(text))).toBe(text);
  });

  it('agrees with JSON.parse on all JSON without whole floats', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!text.includes('__proto__'));
        expect(
          JSON.parse(JSON.stringify(parseJson(text), (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))),
        ).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('writing JSON', () => {
  it('writes whole floats with a point, also before an exponent, so that YAML 1.1 reads numbers too, and ints without', () => {
    expect(bare([16, new Float(16), 2n ** 64n, new Float(1e21), 1e-7, new Float(-0), -0])).toBe(
      '[16,16.0,18446744073709551616,1.0e+21,1.0e-7,-0.0,0]',
    );
  });

  it('writes non-finite numbers bare or as texts', () => {
    const value = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect(bare(value)).toBe('[NaN,Infinity,-Infinity]');
    expect(stringifyJson(value, { nonFinite: 'text' })).toBe('["NaN","Infinity","-Infinity"]');
  });

  it('takes ordinary data too: dates, undefined members, nulls', () => {
    expect(bare({ at: new Date(0), gone: undefined, list: [undefined, null], call: () => 1 })).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","list":[null,null]}',
    );
    expect(bare(undefined)).toBe('null');
  });

  it('indents as JSON.stringify does', () => {
    const value = { a: [1, { b: 'x' }], empty: [], none: {} };
    expect(stringifyJson(value, { nonFinite: 'text', indent: 2 })).toBe(JSON.stringify(value, null, 2));
  });

  it('refuses a cycle', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => bare(cycle)).toThrow(RangeError);
  });

  it('gives back what was read, types included', () => {
    const leaf = fc.oneof(
      fc.integer(),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 80n }),
      fc.double().map(float),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
    );
    const tree = fc.letrec<{ node: ParamValue }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('node')),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('node'),
          { noNullPrototype: true },
        ),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        expect(parseJson(bare(value))).toEqual(value);
      }),
    );
  });
});

function failure(text: string): JsonError {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
  throw new Error('it was read');
}
