import { describe, expect, it } from 'vitest';
import type { ParallelColumn } from '../../charts/chart-data.js';
import { gridOf, modelOf } from './model-cut.js';

const lr: ParallelColumn = { name: 'lr', kind: 'number', log: true, values: [] };
const opt: ParallelColumn = { name: 'opt', kind: 'category', levels: ['adam', 'sgd'], values: [] };
const axis = (param: string, values: readonly (number | string | null)[]) => ({ param, scale: 'linear' as const, values: [...values] });
const cut = { y: null, low: [0, 1], mean: [1, null], high: [2, 3], through: {} };

describe('a cut through the model', () => {
  it('along a number stands where its numbers are', () => {
    expect(modelOf({ ...cut, x: axis('lr', [0.1, 0.2]) }, lr)).toEqual({ x: [0.1, 0.2], mean: [1, Number.NaN], low: [0, 1], high: [2, 3] });
  });

  it('along levels stands at their places; what no trial has had has none', () => {
    expect(modelOf({ ...cut, x: axis('opt', ['sgd', 'lion']) }, opt).x).toEqual([1, Number.NaN]);
  });

  it('over two has a deviation from its range', () => {
    const grid = gridOf({ ...cut, x: axis('lr', [1, 2]), y: axis('opt', ['adam']), low: [0, -1.96], high: [3.92, 1.96] }, lr, opt)!;
    expect(grid.ys).toEqual([0]);
    expect(Array.from(grid.deviation)).toEqual([1, 1]);
  });

  it('along one is no grid', () => expect(gridOf({ ...cut, x: axis('lr', [1]) }, lr, opt)).toBeNull());
});
