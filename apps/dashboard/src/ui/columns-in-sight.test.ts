import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsInSight } from './columns-in-sight.js';

const hundred = Array.from({ length: 100 }, () => 100);

describe('columns in sight', () => {
  it('are those of the window and some beside it', () => {
    expect(columnsInSight(hundred, 2, 0, 1_000)).toEqual({ from: 2, to: 16 });
    expect(columnsInSight(hundred, 2, 5_000, 1_000)).toEqual({ from: 44, to: 68 });
    expect(columnsInSight(hundred, 2, 9_000, 1_000)).toEqual({ from: 84, to: 100 });
  });

  it('are none but the pinned ones of a table that has no others', () => {
    expect(columnsInSight([100, 100], 2, 0, 1_000)).toEqual({ from: 2, to: 2 });
    expect(columnsInSight([], 0, 0, 1_000)).toEqual({ from: 0, to: 0 });
  });

  it('never leave a place in the window without its column', () => {
    const widths = fc.array(fc.integer({ min: 20, max: 400 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(widths, fc.nat(3), fc.nat(20_000), fc.integer({ min: 100, max: 2_000 }), (wide, pins, left, room) => {
        const pinned = Math.min(pins, wide.length);
        const { from, to } = columnsInSight(wide, pinned, left, room);
        let edge = 0;
        for (const [place, width] of wide.entries()) {
          const seen = place >= pinned && edge < left + room && edge + width > left;
          if (seen) expect(place >= from && place < to).toBe(true);
          edge += width;
        }
      }),
    );
  });
});
