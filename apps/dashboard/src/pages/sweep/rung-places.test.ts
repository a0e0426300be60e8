import { describe, expect, it } from 'vitest';
import { rungPlaces } from './rung-places.js';

const curve = (steps: readonly number[], values = steps) => ({ steps, values });

describe('the places of rungs', () => {
  it('are the steps at which trials have logged so many values', () => {
    const series = [curve([0, 10, 20, 30]), curve([0, 10])];
    expect(rungPlaces([1, 2, 4], { downsampled: false, series })).toEqual([0, 10, 30]);
  });

  it('are none beyond what any trial has reached', () => {
    expect(rungPlaces([2, 9], { downsampled: false, series: [curve([1, 2, 3])] })).toEqual([2]);
    expect(rungPlaces([2, 9], { downsampled: false, series: [] })).toEqual([]);
    expect(rungPlaces([2, 9], { downsampled: true, series: [] })).toEqual([]);
  });

  it('count no value that is not finite, as the rule does not', () => {
    expect(rungPlaces([2], { downsampled: false, series: [curve([1, 2, 3], [5, Number.NaN, 4])] })).toEqual([3]);
  });

  it('are those of most trials where programs differ', () => {
    expect(rungPlaces([2], { downsampled: false, series: [curve([0, 10]), curve([0, 10]), curve([0, 7])] })).toEqual([10]);
  });

  it('are counted from the first step where long curves were thinned', () => {
    const series = [curve([1, 500, 999]), curve([1, 40])];
    expect(rungPlaces([3, 27, 2_187], { downsampled: true, series })).toEqual([3, 27]);
  });
});
