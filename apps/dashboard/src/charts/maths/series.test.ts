/** What is done to series before they are drawn: smoothing, ranges, fewer points, bands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandOf, between, spread } from './band.js';
import { decimate } from './decimate.js';
import { robustRange } from './robust-range.js';
import { extent, levelRange, padded, scaleOf } from './scale.js';
import { smooth } from './smoothing.js';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('smoothing', () => {
  it('leaves a constant as it is, from the first point on', () => {
    fc.assert(
      fc.property(finite, fc.double({ min: 0, max: 0.999, noNaN: true }), (value, weight) => {
        for (const smoothed of smooth([value, value, value, value], weight)) expect(smoothed).toBeCloseTo(value, 6);
      }),
    );
  });

  it('weighs what came before', () => {
    const [first, second] = smooth([0, 1], 0.5);
    expect(first).toBe(0);
    // (0 · 0.25 + 1 · 0.5) / 0.75
    expect(second).toBeCloseTo(2 / 3, 12);
  });

  it('keeps gaps and does not let them spread', () => {
    const smoothed = smooth([1, Number.NaN, Number.POSITIVE_INFINITY, 1], 0.9);
    expect([...smoothed]).toEqual([1, Number.NaN, Number.POSITIVE_INFINITY, expect.closeTo(1, 12)]);
  });

  it('of weight 0 is what was logged', () => {
    expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]);
  });
});

describe('the range of an axis', () => {
  const crowd = Array.from({ length: 1000 }, (_, i) => i / 1000);

  it('leaves out single far points, and says how many', () => {
    const range = robustRange([crowd, [1e6, -1e6, Number.NaN]], false, false)!;
    expect(range.range[0]).toBeGreaterThan(-1);
    expect(range.range[1]).toBeLessThan(1.1);
    expect(range.above).toBeGreaterThanOrEqual(1);
    expect(range.below).toBeGreaterThanOrEqual(1);
    expect(range.unshowable).toBe(1);
  });

  it('is everything where nothing lies far out, or where that is wanted', () => {
    expect(robustRange([crowd], false, false)).toEqual({ range: [0, 0.999], below: 0, above: 0, unshowable: 0 });
    expect(robustRange([crowd, [1e6]], false, true)!.range).toEqual([0, 1e6]);
  });

  it('of a log axis counts what it cannot show', () => {
    expect(robustRange([[1, 10, 0, -5]], true, false)).toEqual({ range: [1, 10], below: 0, above: 0, unshowable: 2 });
    expect(robustRange([[0, -5]], true, false)).toBeNull();
  });

  it('of a few values leaves out what lies far from them', () => {
    const values = Array.from({ length: 60 }, (_, i) => 0.2 + i / 100);
    expect(robustRange([[...values, 50, 51]], false, false)).toMatchObject({ above: 2, below: 0, range: [0.2, 0.79] });
    expect(robustRange([[1, 2, 4, 8]], false, false)).toMatchObject({ above: 0, below: 0, range: [1, 8] });
  });

  it('cuts no side where that gains nothing', () => {
    const { range, below } = robustRange([crowd, [1e6, -0.1]], false, false)!;
    expect(range[0]).toBe(-0.1);
    expect(below).toBe(0);
  });

  it('never loses a point: inside, below, above and unshowable are all of them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(finite, fc.constant(Number.NaN)), { minLength: 1, maxLength: 400 }), (values) => {
        const found = robustRange([values], false, false);
        fc.pre(found !== null);
        const inside = values.filter((value) => value >= found!.range[0] && value <= found!.range[1]).length;
        expect(inside + found!.below + found!.above + found!.unshowable).toBe(values.length);
      }),
    );
  });
});

describe('fewer points', () => {
  const n = 20_000;
  const x = Float64Array.from({ length: n }, (_, i) => i);
  const noise = Float64Array.from({ length: n }, (_, i) => (Math.sin(i * 12.9898) * 43_758.5453) % 1);

  it('keep first, last and the extremes of what is seen', () => {
    const kept = decimate(x, noise, [0, n], 100);
    expect(kept.x.length).toBeLessThanOrEqual(500);
    expect(kept.x[0]).toBe(0);
    expect(kept.x.at(-1)).toBe(n - 1);
    expect(Math.max(...kept.y)).toBe(Math.max(...noise));
    expect(Math.min(...kept.y)).toBe(Math.min(...noise));
    expect([...kept.x]).toEqual([...kept.x].sort((a, b) => a - b));
  });

  it('are the points themselves where there are few, one beyond either end included', () => {
    expect([...decimate([0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [1.5, 2.5], 100).x]).toEqual([1, 2, 3]);
  });

  it('keep a gap as wide as a stretch', () => {
    const gappy = noise.map((value, i) => (i >= 5000 && i < 10_000 ? Number.NaN : value));
    const kept = decimate(x, gappy, [0, n], 100);
    expect(kept.y.some(Number.isNaN)).toBe(true);
  });

  it('of points at one x do not run for ever', () => {
    const same = new Float64Array(1000);
    expect(decimate(same, noise.subarray(0, 1000), [0, 0], 10).x.length).toBeLessThanOrEqual(4);
  });
});

describe('a band', () => {
  it('holds every curve', () => {
    const curves = [
      { x: [0, 1, 2, 3, 4], y: [0, 3, 1, 2, 0] },
      { x: [0, 2, 4], y: [5, -5, 5] },
    ];
    const { low, high } = bandOf(curves, spread([0, 4], 5));
    expect([...low]).toEqual([0, 0, -5, 0, 0]);
    expect([...high]).toEqual([5, 3, 1, 2, 5]);
  });

  it('has a gap where no curve is', () => {
    expect([...bandOf([{ x: [0, 1], y: [1, 1] }], spread([0, 3], 4)).low]).toEqual([1, 1, Number.NaN, Number.NaN]);
  });

  it('reads curves between their points, not outside', () => {
    expect(between([0, 10], [0, 100], 2.5)).toBe(25);
    expect(between([0, 10], [0, 100], 11)).toBeNaN();
    expect(between([], [], 0)).toBeNaN();
  });
});

describe('a scale', () => {
  it('leads there and back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 100, noNaN: true }), fc.boolean(), (value, log) => {
        const scale = scaleOf([0.001, 100], [300, 10], log);
        expect(scale.toValue(scale.toPixel(value))).toBeCloseTo(value, 6);
      }),
    );
  });

  it('puts a single value into the middle', () => {
    expect(scaleOf([5, 5], [0, 100]).toPixel(5)).toBe(50);
  });

  it('knows the extent of what it can show', () => {
    expect(extent([3, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 3]);
    expect(extent([3, -1, 0], true)).toEqual([3, 3]);
    expect(extent([Number.NaN])).toBeNull();
  });

  it('has room around values, and width where they are all the same', () => {
    expect(padded([0, 100], false)).toEqual([-4, 104]);
    expect(padded([5, 5], false)).toEqual([4.5, 5.5]);
    expect(padded([0, 0], false)).toEqual([-1, 1]);
    expect(padded([10, 10], true)).toEqual([5, 20]);
    expect(levelRange(3)).toEqual([-0.5, 2.5]);
  });
});
