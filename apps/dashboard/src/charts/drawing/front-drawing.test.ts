import { describe, expect, it } from 'vitest';
import { scaleOf } from '../maths/scale.js';
import { drawFront } from './front-drawing.js';
import { svgPainter } from './svg-painter.js';

/** 0 … 10 over 100 pixels, upwards from below. */
const plot = { x: scaleOf([0, 10], [0, 100]), y: scaleOf([0, 10], [100, 0]) };

/** Paths and middles of rings, in the order in which they are drawn. */
function drawn(front: readonly (readonly (number | null)[])[], [across, up]: readonly [number, number] = [0, 1]) {
  const painter = svgPainter({ width: 100, height: 100 }, '#ffffff', () => 0);
  drawFront(painter, front, { across, up, plot, colour: '#123456' });
  const file = painter.finish();
  return {
    lines: [...file.matchAll(/ d="([^"]*)"/g)].map(([, path]) => path),
    rings: [...file.matchAll(/cx="([^"]*)" cy="([^"]*)"/g)].map(([, x, y]) => `${x} ${y}`),
  };
}

describe('the front of trials that no other beats', () => {
  it('is joined from left to right, in whatever order the trials come, with a ring around each', () => {
    expect(
      drawn([
        [8, 1],
        [2, 9],
        [5, 4],
      ]),
    ).toEqual({ lines: ['M20 10L50 60L80 90'], rings: ['20 10', '50 60', '80 90'] });
  });

  it('of one trial is a ring alone', () => {
    expect(drawn([[5, 5]])).toEqual({ lines: ['M50 50'], rings: ['50 50'] });
  });

  it('of three objectives is no line: two of them are shown, as chosen', () => {
    const front = [
      [1, 2, 9],
      [3, 4, 5],
    ];
    expect(drawn(front)).toEqual({ lines: [], rings: ['10 80', '30 60'] });
    expect(drawn(front, [2, 0])).toEqual({ lines: [], rings: ['50 70', '90 90'] });
  });

  it('leaves out what has not logged one of those shown', () => {
    expect(
      drawn([
        [5, null],
        [2, 9],
      ]),
    ).toEqual({ lines: ['M20 10'], rings: ['20 10'] });
    expect(drawn([])).toEqual({ lines: [''], rings: [] });
  });
});
