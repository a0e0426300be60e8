import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packPoints, unpackPoints } from './codec.js';

const anyDouble = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 2 ** 53, 5e-324),
);
const column = (element: fc.Arbitrary<number>, n: number) =>
  fc.array(element, { minLength: n, maxLength: n }).map((list) => Float64Array.from(list));

const anyPoints = fc.nat({ max: 60 }).chain((n) =>
  fc.record({
    steps: fc.oneof(
      column(anyDouble, n),
      fc.tuple(anyDouble, anyDouble).map(([first, stride]) => Float64Array.from({ length: n }, (_, i) => first + i * stride)),
    ),
    values: fc.oneof(column(anyDouble, n), column(fc.float(), n)),
    times: fc.oneof(
      column(anyDouble, n),
      fc
        .tuple(fc.integer({ min: 0, max: 2 ** 41 }), fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: n, maxLength: n }))
        .map(([first, gaps]) => Float64Array.from(gaps.keys(), (i) => first + gaps.slice(0, i).reduce((a, b) => a + b, 0))),
    ),
  }),
);

describe('packed points', () => {
  it('give back every number, whatever it is', () => {
    fc.assert(
      fc.property(anyPoints, (points) => {
        expect(unpackPoints(packPoints(points))).toEqual(points);
      }),
    );
  });

  it('tell -0 from 0', () => {
    const points = { steps: Float64Array.of(-0, 0, 0), values: Float64Array.of(-0, 0, 1), times: Float64Array.of(-0, 0, 1) };
    const back = unpackPoints(packPoints(points));
    expect([back.steps[0], back.values[0], back.times[0]].every((value) => Object.is(value, -0))).toBe(true);
  });

  it('need about ten bytes a point for regular steps and millisecond times', () => {
    const steps = Float64Array.from({ length: 1000 }, (_, i) => i * 10);
    const points = { steps, values: steps.map((step) => Math.sin(step)), times: steps.map((step) => 1.79e12 + step * 3) };
    expect(packPoints(points).byteLength).toBeLessThan(10_100);
  });

  it('are read from any place in a larger buffer', () => {
    const points = { steps: Float64Array.of(1, 2, 3), values: Float64Array.of(0.1, 0.2, 0.3), times: Float64Array.of(5, 6, 7) };
    const packed = packPoints(points);
    const shifted = Buffer.concat([Buffer.from([9, 9, 9]), packed]).subarray(3);
    expect(unpackPoints(shifted)).toEqual(points);
  });

  it('of a damaged chunk are refused', () => {
    expect(() => unpackPoints(Buffer.from([7, 0, 0, 0, 0, 0, 0, 0]))).toThrow('damaged');
    expect(() => unpackPoints(Buffer.alloc(3))).toThrow('damaged');
  });
});
