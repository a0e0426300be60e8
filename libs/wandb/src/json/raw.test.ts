import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonText, writeJson } from './json-text.js';
import { maxRawDepth, type Raw, readRaw, readRawObject, stringOf, writeMembers } from './raw.js';

/** The value as JSON.parse gives it, from the pieces alone. */
function rebuilt(raw: Raw): unknown {
  switch (raw.kind) {
    case 'object':
      return Object.fromEntries([...raw.members].map(([key, value]) => [key, rebuilt(value)]));
    case 'list':
      return raw.items.map(rebuilt);
    default:
      return JSON.parse(raw.text);
  }
}

describe('JSON cut into pieces', () => {
  it('keeps every number as it was written', () => {
    const line = readRawObject('{"big": 1152921504606846977, "whole": 1.0, "one": 1, "small": 1e-07}');
    expect([...(line?.members ?? [])].map(([, { text }]) => text)).toEqual(['1152921504606846977', '1.0', '1', '1e-07']);
  });

  it.each(['NaN', 'Infinity', '-Infinity'])('takes %s as a number, as Python writes it', (word) => {
    expect(readRaw(`[${word}]`)).toMatchObject({ items: [{ kind: 'number', text: word }] });
  });

  it('keeps the text of inner values, spaces and order included', () => {
    expect(readRawObject('{"a": { "y" : [1,  2], "x":{}}}')?.members.get('a')?.text).toBe('{ "y" : [1,  2], "x":{}}');
  });

  it('counts the later of two values for one key', () => {
    expect(readRawObject('{"a":1,"a":2}')?.members.get('a')?.text).toBe('2');
  });

  it('takes any key, those of every object included', () => {
    expect([...(readRawObject('{"__proto__":1,"constructor":2,"":3}')?.members.keys() ?? [])]).toEqual(['__proto__', 'constructor', '']);
  });

  it.each([
    '',
    '{',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '[1,]',
    '[1 2]',
    '01',
    '1.',
    '.5',
    '+1',
    '-NaN',
    'nul',
    '"a',
    '"\n"',
    '"\\x"',
    '{a:1}',
    '1 1',
    "'a'",
  ])('refuses %j', (text) => {
    expect(readRaw(text)).toBeUndefined();
  });

  it('refuses what nests too deeply instead of running out of stack', () => {
    expect(readRaw('['.repeat(maxRawDepth) + ']'.repeat(maxRawDepth))).toBeDefined();
    expect(readRaw('['.repeat(1_000_000))).toBeUndefined();
  });

  it('takes values of many megabytes', () => {
    const text = JSON.stringify({ a: 'x\n'.repeat(8_000_000) });
    expect(readRawObject(text)?.text).toHaveLength(text.length);
    expect(JsonText.of(`[NaN,${text}]`)?.text).toBe(`["NaN",${text}]`);
  });

  it('reads whatever JSON.stringify writes, and means the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, spaced) => {
        const text = JSON.stringify(value, null, spaced ? 2 : undefined);
        const raw = readRaw(text);
        expect(raw?.text).toBe(text);
        expect(raw === undefined ? undefined : rebuilt(raw)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses exactly the texts that JSON.parse refuses, save for the words for what JSON lacks', () => {
    const near = fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', '1', '-', '.', 'e', '0', ' ', 'true', 'null', '\\'), {
      maxLength: 12,
    });
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch (error) {
        if (error instanceof SyntaxError) return false;
        throw error;
      }
    };
    fc.assert(
      fc.property(near, (parts) => {
        const text = parts.join('');
        expect(readRaw(text) !== undefined, text).toBe(parses(text));
      }),
    );
  });

  it('writes and reads keys with any character', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.constant('1')), (members) => {
        const read = readRawObject(writeMembers(Object.entries(members)));
        expect([...(read?.members.keys() ?? [])]).toEqual(Object.keys(members));
      }),
    );
  });

  it('gives strings without their escapes', () => {
    const raw = readRaw('"a\\u00e9\\n\\"b"');
    expect(raw?.kind === 'string' ? stringOf(raw) : undefined).toBe('aé\n"b');
  });
});

describe('JSON text inside an answer', () => {
  it('goes out as it stands, digit for digit', () => {
    expect(writeJson({ rows: [JsonText.of('{"n":1152921504606846977,"f":1.0}'), null] })).toBe(
      '{"rows":[{"n":1152921504606846977,"f":1.0},null]}',
    );
  });

  it('has texts for the numbers that JSON lacks, and leaves the same words inside texts alone', () => {
    expect(JsonText.of('{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN \\" Infinity"}')?.text).toBe(
      '{"a":"NaN","b":["-Infinity","Infinity"],"c":"NaN \\" Infinity"}',
    );
  });

  it('is none when the text is no JSON', () => {
    expect(JsonText.of('{oops')).toBeUndefined();
  });

  it('stands among plain values, which are written as ever', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(writeJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(writeJson({ left: undefined, big: 2n ** 64n, lost: [undefined] })).toBe('{"big":18446744073709551616,"lost":[null]}');
  });
});
