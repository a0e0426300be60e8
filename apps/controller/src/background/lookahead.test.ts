import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookahead } from './lookahead.js';

describe('the look-ahead', () => {
  it('of a sampler that learns is one trial a slot, and at most four', () => {
    expect([0, 1, 4, 5, 16].map((slots) => lookahead({ learns: true, slots, queued: 0 }))).toEqual([1, 1, 4, 4, 4]);
  });

  it('of any other is one trial a slot, and at least eight', () => {
    expect([0, 1, 8, 16].map((slots) => lookahead({ learns: false, slots, queued: 0 }))).toEqual([8, 8, 8, 16]);
  });

  it('is filled up in one step when half of it is used, and not before', () => {
    expect([8, 6, 5, 4, 0].map((queued) => Math.max(0, lookahead({ learns: false, slots: 1, queued }) - queued))).toEqual([0, 0, 0, 4, 8]);
  });

  it('never leaves the queue empty', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.nat(2_000), (learns, slots) => {
        expect(lookahead({ learns, slots, queued: 0 })).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
