import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLast, extremes, summarise, thin } from './points.js';

const series = (values: readonly number[]) => ({
  name: 'loss',
  steps: Float64Array.from(values.keys()),
  values: Float64Array.from(values),
  times: Float64Array.from(values.keys(), (i) => 1000 + i),
});
const someValues = fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(Number.NaN)), {
  minLength: 1,
  maxLength: 300,
});

describe('a thinned series', () => {
  it('has at most as many points as asked for, in order, with the extremes and the last point', () => {
    fc.assert(
      fc.property(someValues, fc.integer({ min: 3, max: 50 }), (values, samples) => {
        const { steps, values: kept } = thin(series(values), samples);
        expect(steps.length).toBeLessThanOrEqual(samples);
        expect([...steps]).toEqual([...new Set(steps)].sort((a, b) => a - b));
        expect(steps.at(-1)).toBe(values.length - 1);
        const finite = values.filter(Number.isFinite);
        if (finite.length === 0) return;
        expect(Math.min(...[...kept].filter(Number.isFinite))).toBe(Math.min(...finite));
        expect(Math.max(...[...kept].filter(Number.isFinite))).toBe(Math.max(...finite));
      }),
    );
  });

  it('is the series itself when that is short', () => {
    expect(thin(series([1, 2, 3]), 3)).toEqual(series([1, 2, 3]));
  });

  it('can be a single point, or none', () => {
    expect([...thin(series([1, 2, 3]), 1).values]).toEqual([3]);
    expect([...thin(series([1, 2, 3]), 0).values]).toEqual([]);
  });
});

describe('the extremes of stretches', () => {
  it('keep minimum and maximum of each, in the order they came', () => {
    expect([...extremes(series([5, 1, 9, 2, 2, 2, Number.NaN, 4]), 3).values]).toEqual([1, 9, 2, 4]);
  });

  it('keep one point of a stretch without any finite value', () => {
    expect([...extremes(series([Number.NaN, Number.NaN, 1]), 2).values]).toEqual([Number.NaN, 1]);
  });
});

describe('a last value', () => {
  it('of two stretches is that of the joined stretch', () => {
    fc.assert(
      fc.property(someValues, someValues, (first, second) => {
        const whole = { ...series([...first, ...second]) };
        const tail = {
          ...whole,
          steps: whole.steps.slice(first.length),
          values: whole.values.slice(first.length),
          times: whole.times.slice(first.length),
        };
        expect(addLast(summarise(series(first)), summarise(tail))).toEqual(summarise(whole));
      }),
    );
  });
});
