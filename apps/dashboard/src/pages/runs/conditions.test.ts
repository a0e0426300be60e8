import { parseExpression } from '@sweep/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { both, condition, equality } from './conditions.js';

const parsed = (text: string) => {
  const result = parseExpression(text);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return result.expression;
};

describe('a condition that was picked', () => {
  it.each([
    ['config.lr', '<', '0.01', { name: 'config.lr', op: 'lt', value: 0.01 }],
    ['state', '=', 'failed', { name: 'state', op: 'eq', value: 'failed' }],
    ['config.my key', '>=', '1e-3', { name: 'config.my key', op: 'gte', value: 0.001 }],
    ['config.amp', '=', 'true', { name: 'config.amp', op: 'eq', value: true }],
    ['not', '=', 'a b', { name: 'not', op: 'eq', value: 'a b' }],
    ['name', '~', '^a\\d+"', { name: 'name', op: 'regex', pattern: '^a\\d+"' }],
  ] as const)('%s %s %s says what was meant', (name, sign, value, expected) => {
    expect(parsed(condition(name, sign, value))).toMatchObject(expected);
  });

  it('of any name and text is an expression', () => {
    const text = fc.string({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, (name, value) => {
        expect(parsed(equality(name, value))).toEqual({ name, at: 0, op: 'eq', value });
        parsed(condition(name, '~', value));
        parsed(condition(name, '=', value));
      }),
    );
  });

  it('is added to what was there, which keeps its meaning', () => {
    expect(both(' ', 'b = 2')).toBe('b = 2');
    expect(parsed(both('a = 1', 'b = 2'))).toMatchObject({ op: 'and' });
    expect(parsed(both('a = 1 or c = 3', 'b = 2'))).toMatchObject({ op: 'and', of: [{ op: 'or' }, { name: 'b' }] });
  });

  it('of a group holds for its runs', () => {
    expect(parsed(equality('config.opt', null))).toMatchObject({ op: 'eq', value: null });
    expect(parsed(equality('config.lr', 0.5))).toMatchObject({ value: 0.5 });
  });
});
