import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arm, judge } from './acquisition.js';

const arms: readonly Arm[] = [{ kind: 'improve' }, { kind: 'bound', beta: 1.8 }, { kind: 'explore' }];
const mean = fc.double({ min: -5, max: 5, noNaN: true });
const deviation = fc.double({ min: 0.01, max: 3, noNaN: true });

describe.each(arms)('the judgement by $kind', (arm) => {
  it('has the slopes of its value', () => {
    fc.assert(
      fc.property(mean, deviation, mean, (m, s, incumbent) => {
        // The promising region has an edge, where there is no slope.
        if (Math.abs(m - 0.5 * s - incumbent) < 1e-4) return;
        const at = (x: number, spread: number): number => judge(arm, x, spread * spread, incumbent).value;
        const { byMean, byDeviation } = judge(arm, m, s * s, incumbent);
        const h = 1e-6 * s;
        const slopes = [(at(m + h, s) - at(m - h, s)) / (2 * h), (at(m, s + h) - at(m, s - h)) / (2 * h)] as const;
        expect(Math.abs(byMean - slopes[0])).toBeLessThan(1e-4 * Math.max(1, Math.abs(slopes[0])));
        expect(Math.abs(byDeviation - slopes[1])).toBeLessThan(1e-4 * Math.max(1, Math.abs(slopes[1])));
      }),
    );
  });

  it('prefers the lower of two means, or is indifferent', () => {
    fc.assert(
      fc.property(mean, mean, deviation, mean, (a, b, s, incumbent) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        return judge(arm, low, s * s, incumbent).value >= judge(arm, high, s * s, incumbent).value;
      }),
    );
  });

  it('has a value where nothing is left to learn', () => {
    for (const variance of [0, 1e-300, 1e-18]) {
      const { value, byMean, byDeviation } = judge(arm, 3, variance, 0);
      expect([value, byMean, byDeviation].every((number) => Number.isFinite(number))).toBe(true);
    }
  });
});

describe('the arms', () => {
  it('expect of a certain improvement what it is', () => {
    expect(Math.exp(judge({ kind: 'improve' }, -3, 1e-16, 0).value)).toBeCloseTo(3, 9);
  });

  it('explore where least is known among what may be better, and nowhere else', () => {
    const value = (m: number, s: number): number => judge({ kind: 'explore' }, m, s * s, 0).value;
    expect(value(0, 2)).toBeGreaterThan(value(-1, 1));
    expect(value(3, 2)).toBeLessThan(value(0, 0.01));
  });

  it('add so many deviations of optimism', () => {
    expect(judge({ kind: 'bound', beta: 2 }, 1, 9, 0).value).toBe(5);
  });
});
