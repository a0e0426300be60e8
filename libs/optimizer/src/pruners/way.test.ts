import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pruner } from '../pruner.js';
import { hyperband } from './hyperband.js';
import { median } from './median.js';
import { mostWayPoints, wayOf } from './way.js';

const last = { goal: 'minimize', value: 'last' } as const;
const best = { goal: 'minimize', value: 'best' } as const;
const banded = hyperband.create({ min_iter: 2, eta: 2 }, 'minimize');
const everywhere = median.create({}, 'minimize');

describe('the way of a trial', () => {
  it('is its value where trials are compared, as far as it came', () => {
    expect(wayOf(banded, [9, 8, 7, 6, 5, 4], last)).toEqual([
      [2, 8],
      [4, 6],
    ]);
    expect(wayOf(banded, [9], last)).toEqual([]);
  });

  it('is the best so far when that is what counts', () => {
    expect(wayOf(banded, [3, 8, 7, 6], best)).toEqual([
      [2, 3],
      [4, 3],
    ]);
    expect(wayOf(banded, [3, 2], { goal: 'maximize', value: 'best' })).toEqual([[2, 3]]);
  });

  it('counts finite values alone', () => {
    expect(wayOf(banded, [Number.NaN, 9, Number.POSITIVE_INFINITY, 8], last)).toEqual([[2, 8]]);
  });

  it('has places also under a rule that compares at every value', () => {
    expect(wayOf(everywhere, [10, 11, 12, 13, 14, 15, 16], last).map(([place]) => place)).toEqual([1, 2, 3, 4, 6]);
  });

  it('passes each place once, also where rungs lie closer than a whole value', () => {
    const close = hyperband.create({ min_iter: 1, eta: 1.1 }, 'minimize');
    const places = wayOf(close, [1, 2, 3, 4], last).map(([place]) => place);
    expect(places).toEqual([1, 2, 3, 4]);
  });

  it('is short, ascending, and the beginning of the way of the same trial later on', () => {
    const pruner = fc.constantFrom<Pruner>(banded, everywhere);
    fc.assert(
      fc.property(pruner, fc.array(fc.double()), fc.nat(), fc.constantFrom(last, best), (by, values, cut, counting) => {
        const whole = wayOf(by, values, counting);
        const part = wayOf(by, values.slice(0, cut), counting);
        expect(whole.length).toBeLessThanOrEqual(mostWayPoints);
        expect(whole.map(([place]) => place)).toEqual([...new Set(whole.map(([place]) => place))].sort((a, b) => a - b));
        expect(part).toEqual(whole.slice(0, part.length));
      }),
    );
  });
});
