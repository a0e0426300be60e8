import { expect, it } from 'vitest';
import { panned, wholeRange, zoomed } from './time-range.js';

it('everything is shown at first, and something even before anything ran', () => {
  expect(
    wholeRange(
      [
        { start: 0, end: 50 },
        { start: 20, end: null },
      ],
      10_000,
    ),
  ).toEqual([0, 10_200]);
  expect(wholeRange([], 5000)).toEqual([5000, 5020]);
});

it('zooming keeps the place under the pointer, ends at everything, and does not vanish', () => {
  expect(zoomed([0, 100], 50, 0.5, [0, 100])).toEqual([25, 75]);
  expect(zoomed([25, 75], 50, 4, [0, 100])).toBeNull();
  expect(zoomed([0, 12], 6, 0.5, [0, 100])).toEqual([0, 12]);
});

it('moving stops at the ends', () => {
  expect(panned([20, 40], -100, [0, 100])).toEqual([0, 20]);
  expect(panned([20, 40], 100, [0, 100])).toEqual([80, 100]);
});
