import { Invalid } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { fieldNamed, filterIn, ordersIn } from './run-names.js';

describe('a name', () => {
  it.each<readonly [string, object]>([
    ['state', { kind: 'column', column: 'ownState' }],
    ['user', { kind: 'column', column: 'username' }],
    ['config.state', { kind: 'config', path: 'state' }],
    ['params.opt.lr', { kind: 'config', path: 'opt.lr' }],
    ['metrics.val/acc', { kind: 'summary', path: 'val/acc' }],
    ['summary.', { kind: 'either', path: 'summary.' }],
    ['lr', { kind: 'either', path: 'lr' }],
    ['__proto__', { kind: 'either', path: '__proto__' }],
    ['constructor', { kind: 'either', path: 'constructor' }],
  ])('%s is what it says', (name, field) => {
    expect(fieldNamed(name)).toEqual(field);
  });
});

describe('an expression', () => {
  it('becomes a search', () => {
    expect(filterIn('lr < 0.01 and not (state in (failed, killed) or name ~ "^a")')).toEqual({
      op: 'and',
      of: [
        { op: 'lt', field: { kind: 'either', path: 'lr' }, value: 0.01 },
        {
          op: 'not',
          of: {
            op: 'or',
            of: [
              { op: 'in', field: { kind: 'column', column: 'ownState' }, values: ['failed', 'killed'] },
              { op: 'regex', field: { kind: 'column', column: 'displayName' }, pattern: '^a' },
            ],
          },
        },
      ],
    });
  });

  it('compares ids and names as texts, and numbers as numbers', () => {
    expect(filterIn('id = 12345678')).toMatchObject({ value: '12345678' });
    expect(filterIn('tags in (1, two)')).toMatchObject({ values: ['1', 'two'] });
    expect(filterIn('notes = null')).toMatchObject({ value: null });
    expect(filterIn('number = 7')).toMatchObject({ value: 7 });
  });

  it('is refused with line and column', () => {
    try {
      filterIn('lr < 1\nand state =');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Invalid);
      expect((error as Invalid).details).toEqual([{ path: 'where', message: 'expected a value', line: 2, column: 12 }]);
    }
  });
});

describe('an order', () => {
  it('is by one name after another, the largest first after a minus', () => {
    expect(ordersIn(['-summary.loss', 'name'])).toEqual([
      { field: { kind: 'summary', path: 'loss' }, descending: true },
      { field: { kind: 'column', column: 'displayName' }, descending: false },
    ]);
  });
});
