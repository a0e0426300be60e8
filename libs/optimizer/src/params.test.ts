import { describe, expect, it } from 'vitest';
import { assign, paramAt } from './params.js';
import { Float } from './value.js';

describe('params', () => {
  it('are a tree whose flat and nested names stay apart', () => {
    const params = assign([
      [['a.b'], 1],
      [['a', 'b'], 2],
      [['a', 'c', 'd'], new Float(3)],
    ]);
    expect(params).toEqual({ 'a.b': 1, a: { b: 2, c: { d: new Float(3) } } });
    expect([paramAt(params, ['a.b']), paramAt(params, ['a', 'b']), paramAt(params, ['a', 'c', 'd'])]).toEqual([1, 2, new Float(3)]);
  });

  it('have nothing where a path leads nowhere, through a leaf, or into a prototype', () => {
    const params = { a: 1, l: [1], f: new Float(2) };
    for (const path of [['b'], ['a', 'b'], ['l', '0'], ['f', 'value'], ['toString'], ['__proto__']])
      expect(paramAt(params, path)).toBeUndefined();
  });

  it('never touch a prototype, whatever a parameter is called', () => {
    const params = assign([[['__proto__', 'polluted'], true]]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
  });

  it('refuse a name that is both a value and a group', () => {
    expect(() =>
      assign([
        [['a'], { b: 1 }],
        [['a', 'c'], 2],
      ]),
    ).toThrow(RangeError);
    expect(() =>
      assign([
        [['a', 'c'], 2],
        [['a'], 1],
      ]),
    ).toThrow(RangeError);
  });
});
