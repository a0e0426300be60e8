import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineRaster } from './line-raster.js';

const white = 0xffffffff | 0;
const black = 0xff000000 | 0;
const [width, height] = [12, 10];

const sheet = (thickness = 1) => new LineRaster(width, new Int32Array(width * height).fill(white), thickness);
const red = (raster: LineRaster, x: number, y: number): number => raster.pixels[y * width + x]! & 0xff;
/** Rows as texts: `#` is black, `.` is white, `+` something between. */
const rows = (raster: LineRaster): readonly string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (red(raster, x, y) === 255 ? '.' : red(raster, x, y) < 8 ? '#' : '+')).join(''),
  );

describe('a line in pixels', () => {
  const ink = { colour: black, alpha: 256 };

  it('goes along its row from column to column', () => {
    const raster = sheet();
    raster.smooth([2, 10], [4.5, 4.5], ink);
    expect(rows(raster)[4]).toBe('..########..');
    expect(rows(raster).filter((row) => row.includes('#'))).toHaveLength(1);
  });

  it('shares each step between two pixels', () => {
    const raster = sheet();
    raster.smooth([2, 10], [4.75, 4.75], ink);
    expect([red(raster, 5, 3), red(raster, 5, 4), red(raster, 5, 5)].map((value) => Math.round(value / 64))).toEqual([4, 1, 3]);
  });

  it('is as steep as its ends say, up or down, without gaps', () => {
    const [down, up] = [sheet(), sheet()];
    down.plain([5, 7], [2, 8], ink);
    up.plain([5, 7], [8, 2], ink);
    const column = (raster: LineRaster) => rows(raster).map((row) => row.indexOf('#'));
    expect(column(down)).toEqual([-1, -1, 5, 5, 5, 6, 6, 6, -1, -1]);
    expect(column(up)).toEqual([-1, -1, 6, 6, 6, 5, 5, 5, -1, -1]);
  });

  it('is broken where a point has no place', () => {
    const raster = sheet();
    raster.plain([1, 4, 7, 10], [3, Number.NaN, 3, 3], ink);
    expect(rows(raster)[3]).toBe('.......###..');
  });

  it('is as thick as it is told', () => {
    const [smooth, plain] = [sheet(3), sheet(3)];
    smooth.smooth([2, 10], [5.5, 5.5], ink);
    plain.plain([2, 10], [5.5, 5.5], ink);
    expect(rows(smooth).map((row) => row[5])).toEqual([...'....###...']);
    expect(rows(plain)).toEqual(rows(smooth));
  });

  it('lets through what is behind by as much as its ink is thin, in every colour alike', () => {
    const raster = new LineRaster(width, new Int32Array(width * height).fill(0xff204060 | 0), 1);
    raster.smooth([2, 10], [4.5, 4.5], { colour: 0xff60a0e0 | 0, alpha: 128 });
    expect((raster.pixels[4 * width + 5]! >>> 0).toString(16)).toBe('ff4070a0');
  });

  it('stays within a pixel of the true line, wherever it goes', () => {
    const place = fc.double({ min: 2, max: 8, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: 2, max: 5, noNaN: true }),
        fc.double({ min: 5.5, max: 10, noNaN: true }),
        place,
        place,
        (x0, x1, y0, y1) => {
          for (const way of ['smooth', 'plain'] as const) {
            const raster = sheet();
            raster[way]([x0, x1], [y0, y1], ink);
            for (let y = 0; y < height; y++)
              for (let x = 0; x < width; x++)
                if (red(raster, x, y) < 255) expect(distance([x + 0.5, y + 0.5], [x0, y0, x1, y1])).toBeLessThan(1.01);
          }
        },
      ),
    );
  });
});

/** Of a point from the endless line. */
function distance([px, py]: readonly [number, number], [x0, y0, x1, y1]: readonly [number, number, number, number]): number {
  return Math.abs((x1 - x0) * (y0 - py) - (x0 - px) * (y1 - y0)) / Math.hypot(x1 - x0, y1 - y0);
}
