import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, mentioned } from './constraint.js';
import { type ParsedConstraint, parseConstraint } from './constraint-parse.js';
import { Float, type ParamValue } from './value.js';

const names = new Set(['a', 'b', 'c', 'model.lr', 'weight-decay', 'min', 'text']);
const parse = (text: string): ParsedConstraint => parseConstraint(text, (name) => (names.has(name) ? `key of ${name}` : undefined));

function check(text: string, params: Readonly<Record<string, ParamValue>> = {}): boolean {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message}`);
  return holds(parsed.expression, (key) => params[key.replace('key of ', '')]);
}

describe('a constraint', () => {
  it.each([
    ['1 + 2 * 3 == 7'],
    ['(1 + 2) * 3 == 9'],
    ['10 - 4 - 3 == 3'],
    ['2 ** 3 ** 2 == 512'],
    ['3 ** 33 == 5559060566555523 and 10 ** 22 == 1e22 and 2 ** 1000 / 2 ** 999 == 2'],
    ['(-3) ** 3 == -27 and (-3) ** 4 == 81 and (-1) ** 100001 == -1 and 0 ** 0 == 1'],
    ['2 ** (-3) == 0.125 and 9 ** 0.5 == 3 and 1e300 ** 1 == 1e300'],
    ['-2 ** 2 == 4'],
    ['7 % 3 == 1 and -7 % 3 == 2'],
    ['8 / 4 / 2 == 1'],
    ['not 1 > 2 and 2 > 1'],
    ['1 > 2 and 1 > 2 or 2 > 1'],
    ['not not true'],
    ['min(3, 1, 2) == 1 and max(3, 1, 2) == 3'],
    ['abs(-3) == 3 and log(1) == 0'],
    ["'a' == \"a\" and 'a' != 'b'"],
    ["'it\\'s' == \"it's\""],
    ['1e3 == 1000 and .5 == 5e-1 and 5. == 5'],
    ['true == true and true != false'],
    ['(1 < 2) == true'],
  ])('%s holds', (text) => {
    expect(check(text)).toBe(true);
  });

  it.each([
    ['1 / 0 > 0'],
    ['0 / 0 == 0 / 0'],
    ['log(-1) < 1'],
    ['log(0) < 1'],
    ['(-8) ** 0.5 != 0'],
    ['1 == "1"'],
    ['1 != "1"'],
    ['true == 1'],
    ['"a" < "b"'],
    ['"a" + "b" == "ab"'],
    ['not 1 / 0 > 0'],
    ['1 / 0 > 0 and true'],
    ['10 ** 400 > 1'],
  ])('%s has no value or is false, so it does not hold', (text) => {
    expect(check(text)).toBe(false);
  });

  it('is decided by one side alone if that side decides it', () => {
    expect(check('1 / 0 > 0 or 2 > 1')).toBe(true);
    expect(check('not (1 / 0 > 0 and 1 > 2)')).toBe(true);
  });

  it('reads parameters of every kind', () => {
    expect(check('a * b <= 4096', { a: 4, b: new Float(1024) })).toBe(true);
    expect(check('a > 1', { a: 2n ** 70n })).toBe(true);
    expect(check('text == "adam"', { text: 'adam' })).toBe(true);
    expect(check('a', { a: true })).toBe(true);
    expect(check('a', { a: 1 })).toBe(false);
    expect(check('a == 1', { a: null })).toBe(false);
    expect(check('a == 1', { a: [1] })).toBe(false);
    expect(check('a == a', { a: Number.NaN })).toBe(false);
  });

  it('names parameters with dots, with hyphens in back-quotes, and even those called like functions', () => {
    expect(check('model.lr < `weight-decay`', { 'model.lr': 1, 'weight-decay': 2 })).toBe(true);
    expect(check('min < 3 and min(min, 5) == 2', { min: 2 })).toBe(true);
  });

  it('holds as soon as it mentions an inactive parameter', () => {
    expect(check('a > 1 and b > 1', { a: 0 })).toBe(true);
    expect(check('1 > 2 or c > 1')).toBe(true);
  });

  it('lists what it mentions once', () => {
    const parsed = parse('a + b > a or not (max(c, 1) == -a)');
    expect(parsed.ok && mentioned(parsed.expression)).toEqual(['key of a', 'key of b', 'key of c']);
  });

  it.each([
    ['a <', 3, 0],
    ['a < d', 4, 1],
    ['a < b < c', 6, 1],
    ['a = b', 2, 1],
    ['a + b', 0, 1],
    ['min(a) < 1', 0, 3],
    ['log(a, b) < 1', 0, 3],
    ['sqrt(a) < 1', 0, 4],
    ['(a < b', 6, 0],
    ['a < "b', 4, 1],
    ['a < b)', 5, 1],
    ['a + 1 and b', 0, 1],
    ['a and b + 1', 6, 1],
    ['a < 1 $ 2', 6, 1],
    ['and a', 0, 3],
    ['', 0, 0],
    ['a < 1x', 4, 1],
    ['a; b', 1, 1],
    ['not 3', 4, 1],
  ])('%j is refused at %i', (text, offset, length) => {
    expect(parse(text)).toMatchObject({ ok: false, offset, length });
  });

  it('has a bounded cost', () => {
    expect(parse(`${'('.repeat(5000)}a`).ok).toBe(false);
    expect(parse(`${'-'.repeat(5000)}1 < 2`).ok).toBe(false);
    expect(parse(`${'not '.repeat(2000)}a`).ok).toBe(false);
    expect(parse(`a < ${'1+'.repeat(4000)}1`).ok).toBe(false);
    expect(parse(`a < ${'x'.repeat(20_000)}`).ok).toBe(false);
    expect(parse(`a < ${'1+'.repeat(300)}1`).ok).toBe(true);
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '1',
      '"x"',
      '(',
      ')',
      ',',
      '<',
      '==',
      '+',
      '**',
      '-',
      'and',
      'or',
      'not',
      'min(',
      '`',
      "'",
      '$',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join(' ');
        const parsed = parse(text);
        if (parsed.ok) expect(typeof holds(parsed.expression, () => 1)).toBe('boolean');
        else expect(parsed.offset + parsed.length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });
});
