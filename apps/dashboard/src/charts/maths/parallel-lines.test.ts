import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParallelColumn } from '../chart-data.js';
import {
  axesOf,
  canBeLog,
  drawingOrder,
  emptyView,
  goodnessOf,
  isLogAxis,
  lineAt,
  moved,
  nudged,
  ordered,
  passing,
  toggled,
} from './parallel-lines.js';

const lr: ParallelColumn = { name: 'lr', kind: 'number', log: true, values: [0.001, 0.01, 1, Number.NaN] };
const opt: ParallelColumn = { name: 'opt', kind: 'category', levels: ['adam', 'sgd'], values: [0, 1, 1, -1] };
const loss: ParallelColumn = { name: 'loss', kind: 'number', log: false, values: [3, 2, 1, Number.NaN] };
const columns = [lr, opt, loss];
const box = { left: 0, right: 200, top: 0, bottom: 100 };

describe('axes', () => {
  it('stand in the chosen order, the rest after them', () => {
    expect(ordered(columns, ['loss', 'gone']).map(({ name }) => name)).toEqual(['loss', 'lr', 'opt']);
    expect(moved(['a', 'b', 'c'], 'a', 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 'c', -5)).toEqual(['c', 'a', 'b']);
  });

  it('place each value, a missing one nowhere', () => {
    const [first, second, third] = axesOf(columns, emptyView, box);
    expect([...first!.ys].map(Math.round)).toEqual([100, 67, 0, Number.NaN]);
    expect([...second!.ys]).toEqual([75, 25, 25, Number.NaN]);
    expect(third!.x).toBe(200);
  });

  it('are turned over, and made logarithmic or linear, as the person wants', () => {
    const view = { ...emptyView, flipped: ['loss'], log: ['lr'] };
    expect([...axesOf(columns, view, box)[2]!.ys].slice(0, 3)).toEqual([100, 50, 0]);
    expect(isLogAxis(lr, emptyView)).toBe(true);
    expect(isLogAxis(lr, view)).toBe(false);
    expect(canBeLog({ ...lr, values: [0, 1] })).toBe(false);
    expect(toggled(['a'], 'a')).toEqual([]);
    expect(toggled([], 'a')).toEqual(['a']);
  });

  it('show infinity at their end', () => {
    const [axis] = axesOf([{ ...loss, values: [1, 2, Number.POSITIVE_INFINITY] }], emptyView, box);
    expect([...axis!.ys]).toEqual([100, 0, 0]);
  });

  it('of one value only have a place for it', () => {
    expect([...axesOf([{ ...loss, values: [5, 5] }], emptyView, box)[0]!.ys]).toEqual([50, 50]);
  });
});

describe('brushes', () => {
  it('let pass what is in all of them', () => {
    expect([...passing(columns, { lr: [0.005, 1], opt: [0.6, 1.4] }, 4)]).toEqual([0, 1, 1, 0]);
    expect([...passing(columns, {}, 4)]).toEqual([1, 1, 1, 1]);
  });

  it('are moved by keys and stay on the axis', () => {
    const [, , axis] = axesOf(columns, emptyView, box);
    expect(nudged(axis!, undefined, { by: 0.05, grow: 0 })).toEqual([2, 3]);
    expect(nudged(axis!, undefined, { by: -0.05, grow: 0 })).toEqual([1, 2]);
    fc.assert(
      fc.property(
        fc.array(fc.record({ by: fc.constantFrom(-0.3, 0, 0.3), grow: fc.constantFrom(-0.2, 0, 0.2) }), { maxLength: 20 }),
        (steps) => {
          let brush = nudged(axis!, undefined, { by: 1, grow: 0 });
          for (const one of steps) brush = nudged(axis!, brush, one);
          expect(brush[0]).toBeGreaterThanOrEqual(1 - 1e-9);
          expect(brush[1]).toBeLessThanOrEqual(3 + 1e-9);
          expect(brush[0]).toBeLessThan(brush[1]);
        },
      ),
    );
  });
});

describe('lines', () => {
  it('are as good as their result, the best drawn last', () => {
    const goodness = goodnessOf(loss.values, 'minimize');
    expect([...goodness]).toEqual([0, 0.5, 1, Number.NaN]);
    expect([...drawingOrder(goodness)]).toEqual([3, 0, 1, 2]);
    expect([...goodnessOf(loss.values, 'maximize')].slice(0, 3)).toEqual([1, 0.5, 0]);
  });

  it('are hit where they pass, unless a brush hides them', () => {
    const axes = axesOf(columns, emptyView, box);
    const order = drawingOrder(goodnessOf(loss.values, 'minimize'));
    const all = new Uint8Array(4).fill(1);
    expect(lineAt(axes, order, all, [198, 1])).toBe(0);
    expect(lineAt(axes, order, Uint8Array.of(0, 1, 1, 1), [198, 1])).toBe(-1);
    expect(lineAt(axes, order, all, [150, 95])).toBe(-1);
  });
});
