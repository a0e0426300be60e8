import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallest } from './order.js';

const numbers = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }), fc.constant(Number.POSITIVE_INFINITY)), {
  minLength: 1,
  maxLength: 300,
});

describe('the value that so many are not above', () => {
  it('is the one that sorting finds', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), (list, draw) => {
        const values = Float64Array.from(list);
        const rank = 1 + (draw % values.length);
        expect(smallest(values, rank) + 0).toBe(values.toSorted()[rank - 1]! + 0);
        expect([...values]).toEqual(list);
      }),
    );
  });

  it('is found among many alike, ascending and descending ones', () => {
    const count = 20_000;
    for (const make of [() => 1, (i: number) => i, (i: number) => count - i, (i: number) => i % 2])
      expect(
        smallest(
          Float64Array.from({ length: count }, (_, i) => make(i)),
          count / 2,
        ),
      ).toBe(Float64Array.from({ length: count }, (_, i) => make(i)).toSorted()[count / 2 - 1]);
  });
});
