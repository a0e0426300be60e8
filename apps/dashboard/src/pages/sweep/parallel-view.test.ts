import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParallelColumn } from '../../charts/chart-data.js';
import { filterOf, readView, viewOf, writeView } from './parallel-view.js';

const columns: readonly ParallelColumn[] = [
  { name: 'lr', kind: 'number', log: true, values: [] },
  { name: 'opt', kind: 'category', levels: ['adam'], values: [] },
  { name: 'loss', kind: 'number', log: false, values: [] },
];

describe('the arrangement in the address', () => {
  it('is nothing while nobody has changed anything', () => {
    expect(writeView(viewOf(columns), columns)).toBeUndefined();
    expect(readView('', columns)).toEqual({ order: ['lr', 'opt', 'loss'], flipped: [], log: [], brushes: {} });
  });

  it('comes back as it was', () => {
    const names = fc.shuffledSubarray(['lr', 'opt', 'loss']);
    const brushes = fc.dictionary(
      fc.constantFrom('lr', 'loss'),
      fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(['lr', 'opt', 'loss'], { minLength: 3 }), names, names, brushes, (order, flipped, log, ranges) => {
        const view = { order, flipped, log, brushes: ranges };
        expect(readView(writeView(view, columns) ?? '', columns)).toEqual(JSON.parse(JSON.stringify(view)));
      }),
    );
  });

  it('has no range for an axis with the name of something that every object has', () => {
    const odd: readonly ParallelColumn[] = [{ name: 'constructor', kind: 'number', log: false, values: [] }];
    expect(readView('', odd).brushes['constructor']).toBeUndefined();
    expect(readView('{"flipped":["constructor"]}', odd).brushes['constructor']).toBeUndefined();
  });

  it('drops axes that are gone and adds those that are new', () => {
    expect(readView('{"order":["gone","loss"],"brushes":{"gone":[0,1],"lr":[1]}}', columns)).toEqual({
      order: ['loss', 'lr', 'opt'],
      flipped: [],
      log: [],
      brushes: {},
    });
  });

  it.each(['{', '1', 'null', '[]', '{"order":7,"flipped":{},"brushes":"x"}'])('is the usual one for %s', (text) => {
    expect(readView(text, columns).order).toEqual(['lr', 'opt', 'loss']);
  });
});

describe('the filter that says what brushes do', () => {
  const view = (brushes: Readonly<Record<string, readonly [number, number]>>) => ({ ...viewOf(columns), brushes });

  it('names ranges of params and of the objective', () => {
    expect(filterOf(view({ lr: [0.00123456789, 0.1], loss: [-1, 2] }), columns, 'loss')).toBe(
      'params.lr >= 0.00123457 and params.lr <= 0.1 and objective >= -1 and objective <= 2',
    );
    expect(filterOf(view({}), columns, 'loss')).toBe('');
  });

  it('names levels, also of numbers and with quotes in them', () => {
    const levels: readonly ParallelColumn[] = [{ name: 'a b', kind: 'category', levels: ['say "x"', '3', 'z'], values: [] }];
    expect(filterOf({ ...viewOf(levels), brushes: { 'a b': [-0.5, 1.2] } }, levels, null)).toBe('`params.a b` in ("say \\"x\\"","3", 3)');
  });

  it('leaves out a name that cannot be quoted', () => {
    const odd: readonly ParallelColumn[] = [{ name: 'a`b', kind: 'number', log: false, values: [] }];
    expect(filterOf({ ...viewOf(odd), brushes: { 'a`b': [0, 1] } }, odd, null)).toBe('');
  });
});
