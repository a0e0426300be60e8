import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Expression, parseExpression } from './expression.js';

function parsed(text: string): Expression {
  const result = parseExpression(text);
  if (!result.ok) throw new Error(`${result.message} at ${result.offset}`);
  return result.expression;
}
const mistake = (text: string) => {
  const result = parseExpression(text);
  return result.ok ? null : [result.offset, result.message];
};

describe('an expression', () => {
  it.each<readonly [string, object]>([
    ['lr < 0.01', { name: 'lr', op: 'lt', value: 0.01 }],
    ['lr<=1e-3', { name: 'lr', op: 'lte', value: 0.001 }],
    ['config.opt.lr >= -.5', { name: 'config.opt.lr', op: 'gte', value: -0.5 }],
    ['n > +3', { name: 'n', op: 'gt', value: 3 }],
    ['state = failed', { name: 'state', op: 'eq', value: 'failed' }],
    ['state == "failed"', { name: 'state', op: 'eq', value: 'failed' }],
    ["name = 'it is \\'so\\' \\\\ \\d'", { name: 'name', op: 'eq', value: "it is 'so' \\ \\d" }],
    ['use_amp = TRUE', { name: 'use_amp', op: 'eq', value: true }],
    ['notes = null', { name: 'notes', op: 'eq', value: null }],
    ['summary.loss = NaN', { name: 'summary.loss', op: 'eq', value: 'NaN' }],
    ['summary.loss = -Infinity', { name: 'summary.loss', op: 'eq', value: '-Infinity' }],
    ['`my metric (%)` > 3', { name: 'my metric (%)', op: 'gt', value: 3 }],
    ['val/acc-top:5 > 3', { name: 'val/acc-top:5', op: 'gt', value: 3 }],
    ['model = resnet-50', { name: 'model', op: 'eq', value: 'resnet-50' }],
    ['name ~ "^run \\d+$"', { name: 'name', op: 'regex', pattern: '^run \\d+$' }],
    ['opt in (adam, "sgd", 3)', { name: 'opt', op: 'in', values: ['adam', 'sgd', 3] }],
  ])('reads %s', (text, expected) => {
    expect(parsed(text)).toEqual({ at: 0, ...expected });
  });

  it.each(['a != 1', 'not a = 1', 'NOT (a == 1)'])('takes %s for the opposite of a = 1', (text) => {
    expect(parsed(text)).toMatchObject({ op: 'not', of: { name: 'a', op: 'eq', value: 1 } });
  });

  it.each(['a not in (1)', 'not a in (1)'])('takes %s for the opposite of a in (1)', (text) => {
    expect(parsed(text)).toMatchObject({ op: 'not', of: { name: 'a', op: 'in', values: [1] } });
  });

  it('binds "not" before "and", and "and" before "or"', () => {
    const eq = (name: string) => expect.objectContaining({ name, op: 'eq' });
    expect(parsed('a = 1 or b = 2 and not c = 3 and (d = 4 or e = 5)')).toEqual({
      op: 'or',
      of: [eq('a'), { op: 'and', of: [eq('b'), { op: 'not', of: eq('c') }, { op: 'or', of: [eq('d'), eq('e')] }] }],
    });
  });

  it('knows where each name stands', () => {
    expect(parsed('a = 1 and  b = 2')).toMatchObject({ of: [{ at: 0 }, { at: 11 }] });
  });

  it.each<readonly [string, number, RegExp]>([
    ['', 0, /expected a name/],
    ['lr', 2, /expected a comparison/],
    ['lr <', 4, /expected a value/],
    ['lr 3', 3, /expected a comparison/],
    ['lr < 3 x', 7, /expected "and" or "or" before x/],
    ['lr < 3 and', 10, /expected a name/],
    ['(lr < 3', 7, /expected "\)"/],
    ['lr < 3)', 6, /expected "and" or "or"/],
    ['3 < lr', 0, /expected a name and not 3/],
    ['lr in 3', 6, /expected "\("/],
    ['lr in ()', 7, /expected a value/],
    ['lr not 3', 7, /expected "in"/],
    ['a = "b', 4, /never closed/],
    ['a ; b', 2, /";" does not belong/],
    ['a = 1 \u{1f600}', 6, /"\u{1f600}" does not belong/u],
    ['a ~ 3', 4, /regular expression/],
    ['a = <', 4, /expected a value/],
  ])('%j is refused at the place of the mistake', (text, offset, message) => {
    expect(mistake(text)).toEqual([offset, expect.stringMatching(message)]);
  });

  it('is neither too deep nor too long', () => {
    expect(mistake(`${'('.repeat(10_001)}`)).toEqual([10_000, expect.stringMatching(/10000 characters/)]);
    expect(mistake(`${'('.repeat(4_000)}a = 1`)).toEqual([expect.any(Number), expect.stringMatching(/deep/)]);
    expect(mistake(`${'not '.repeat(2_000)}a = 1`)).toEqual([expect.any(Number), expect.stringMatching(/deep/)]);
  });

  it('of any text is read or refused within the text, never thrown at', () => {
    const piece = fc.constantFrom(
      'a',
      'and',
      'or',
      'not',
      'in',
      '(',
      ')',
      ',',
      '=',
      '<',
      '~',
      '"',
      "'",
      '`',
      '1',
      '-',
      '\\',
      ' ',
      '\n',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const result = parseExpression(text);
        if (!result.ok) expect(result.offset).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
