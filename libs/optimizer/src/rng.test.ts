import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random, threefry } from './rng.js';

describe('threefry-2x32-20', () => {
  // The known answers of Random123 (kat_vectors, "threefry2x32 20").
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x243f6a88, 0x85a308d3],
      [0x13198a2e, 0x03707344],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)('answers as published, case %#', (counter, key, expected) => {
    expect(threefry(counter, key)).toEqual(expected);
  });
});

describe('a draw', () => {
  it('is in [0, 1) and depends on seed, index, stream and draw', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.nat(2 ** 31),
        fc.nat(4095),
        fc.nat(2 ** 20 - 1),
        (seed, index, stream, draw) => {
          const u = random(seed).uniform(index, stream, draw);
          expect(u >= 0 && u < 1).toBe(true);
          expect(random(seed).uniform(index, stream, draw)).toBe(u);
          expect(random(seed + 1n).uniform(index, stream, draw)).not.toBe(u);
          expect(random(seed).uniform(index + 1, stream, draw)).not.toBe(u);
          expect(random(seed).uniform(index, stream ^ 1, draw)).not.toBe(u);
          expect(random(seed).uniform(index, stream, draw ^ 1)).not.toBe(u);
        },
      ),
    );
  });

  it('is uniform: a tenth of many in each tenth', () => {
    const numbers = random(1n);
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 100_000; index += 1) counts[Math.floor(numbers.uniform(index, 0, 0) * 10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('refuses a stream or draw that would run into another', () => {
    expect(() => random(1n).uniform(0, 4096, 0)).toThrow(RangeError);
    expect(() => random(1n).uniform(0, 0, 2 ** 20)).toThrow(RangeError);
    expect(() => random(1n).uniform(0, -1, 0)).toThrow(RangeError);
  });
});
