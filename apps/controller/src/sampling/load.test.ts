import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Load, thoroughnessAt } from './load.js';

/** Asked every `everyMs`, answered after `tookMs`, for a minute. */
function after({ everyMs, tookMs }: { everyMs: number; tookMs: number }): number {
  const load = new Load(0);
  for (let at = 0; at < 60_000; at += everyMs) {
    load.asked(at);
    load.answered(at + tookMs);
  }
  return load.share(60_000);
}

describe('the load of a sampling thread', () => {
  it('is the share of time in which it had a question', () => {
    expect(after({ everyMs: 1_000, tookMs: 30 })).toBeCloseTo(0.03, 2);
    expect(after({ everyMs: 100, tookMs: 80 })).toBeCloseTo(0.8, 2);
    expect(after({ everyMs: 100, tookMs: 100 })).toBeGreaterThan(0.99);
  });

  it('falls when there is nothing to do', () => {
    const load = new Load(0);
    load.asked(0);
    expect(load.share(60_000)).toBeGreaterThan(0.95);
    load.answered(60_000);
    expect(load.share(90_000)).toBeLessThan(0.1);
  });

  it('stays between 0 and 1, whatever the clock does', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.boolean()), { maxLength: 50 });
    fc.assert(
      fc.property(steps, (all) => {
        const load = new Load(0);
        let [now, open] = [0, 0];
        for (const [step, asks] of all) {
          now += step;
          if (asks) load.asked(now);
          else if (open > 0) load.answered(now);
          open = Math.max(0, open + (asks ? 1 : -1));
          expect(load.share(now)).toBeGreaterThanOrEqual(0);
          expect(load.share(now)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('what may be done then', () => {
  it('is everything up to 70 %, and less and less above', () => {
    expect([0, 0.69, 0.7, 0.85, 0.95, 1].map(thoroughnessAt)).toEqual(['full', 'full', 'warm', 'short', 'least', 'least']);
  });
});
