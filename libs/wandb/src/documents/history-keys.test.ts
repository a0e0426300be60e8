import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRawObject } from '../json/raw.js';
import { HistoryKeys, lastStepOf } from './history-keys.js';

interface Document {
  readonly sets: readonly never[];
  readonly keys: Readonly<
    Record<
      string,
      { readonly typeCounts: readonly { type: string; count: number }[]; readonly monotonic: boolean; readonly previousValue?: unknown }
    >
  >;
  readonly lastStep: number;
}

function grown(lines: readonly string[], from: string | null = null): string | null {
  const keys = new HistoryKeys(from);
  for (const line of lines) {
    const read = readRawObject(line);
    if (read !== undefined) keys.add(read);
  }
  return keys.document();
}

const of = (...lines: readonly string[]): Document => JSON.parse(grown(lines) ?? 'null') as Document;

describe('what a run has logged', () => {
  it('is nothing before the first line', () => {
    expect(grown([])).toBeNull();
  });

  it('lists every metric with its kinds, its last value and the last step', () => {
    expect(of('{"_step":0,"loss":2}', '{"_step":3,"loss":1,"note":"x"}')).toEqual({
      sets: [],
      keys: {
        _step: { typeCounts: [{ type: 'number', count: 2 }], monotonic: true, previousValue: 3 },
        loss: { typeCounts: [{ type: 'number', count: 2 }], monotonic: false, previousValue: 1 },
        note: { typeCounts: [{ type: 'string', count: 1 }], monotonic: false, previousValue: 'x' },
      },
      lastStep: 3,
    });
  });

  it('names what lies inside dicts with dots, and keeps media whole', () => {
    const { keys } = of('{"dict":{"val1":1,"deep":{"a.b":2}},"image":{"_type":"image-file","path":"x"},"list":[1],"empty":{}}');
    expect(Object.keys(keys)).toEqual(['dict.val1', 'dict.deep.a.b', 'image', 'list']);
    expect(keys['image']?.typeCounts).toEqual([{ type: 'image-file', count: 1 }]);
    expect(keys['list']?.typeCounts).toEqual([{ type: 'list', count: 1 }]);
  });

  it('counts kinds apart when a metric changes its kind', () => {
    expect(of('{"a":1}', '{"a":null}', '{"a":true}', '{"a":2}').keys['a']).toEqual({
      typeCounts: [
        { type: 'number', count: 2 },
        { type: 'nil', count: 1 },
        { type: 'boolean', count: 1 },
      ],
      monotonic: false,
      previousValue: 2,
    });
  });

  it('is JSON although values may be none', () => {
    expect(of('{"a":NaN}').keys['a']?.previousValue).toBe('NaN');
    expect(of('{"a":1}', '{"a":NaN}', '{"a":2}').keys['a']?.monotonic).toBe(false);
  });

  it('keeps long integers', () => {
    expect(grown(['{"n":1152921504606846977}'])).toContain('"previousValue":1152921504606846977');
  });

  it('does not repeat long texts', () => {
    expect(of(JSON.stringify({ a: 'x'.repeat(5_000) })).keys['a']?.previousValue).toBeUndefined();
  });

  it('stays bounded when a program logs under ever new names', () => {
    const lines = Array.from({ length: 21_000 }, (_, i) => `{"m${i}":1}`);
    expect(Object.keys(of(...lines).keys)).toHaveLength(20_000);
  });

  it('can be stored between any two lines and goes on the same', () => {
    const value = fc.oneof(fc.integer(), fc.constantFrom(null, true, 'x', [1], { _type: 'histogram' }, { inner: 1 }));
    const line = fc.dictionary(fc.constantFrom('a', 'b', '__proto__x', '_step'), value).map((one) => JSON.stringify(one));
    fc.assert(
      fc.property(fc.array(line), fc.nat(20), (lines, cut) => {
        expect(grown(lines.slice(cut), grown(lines.slice(0, cut)))).toBe(grown(lines));
      }),
    );
  });

  it('says its last step without being read', () => {
    expect(lastStepOf(grown(['{"_step":7,"lastStep":9}', '{"_step":12}'])!)).toBe(12);
    expect(lastStepOf(grown(['{"a":"lastStep"}'])!)).toBe(0);
    expect(lastStepOf('{"keys":{}}')).toBeNull();
  });

  it('begins anew from a text that is none of its documents', () => {
    expect(grown(['{"a":1}'], '{"keys":[]}')).toBe(grown(['{"a":1}']));
  });
});
