import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisNumber, dateTicks, durationTicks, logTicks, numberTicks, roundStep, scientific, ticksFor } from './ticks.js';

const labels = (ticks: readonly { readonly label: string }[]) => ticks.map(({ label }) => label);

describe('ticks of numbers', () => {
  it('stand at 1, 2 or 5 times a power of ten, inside the range, about as many as asked for', () => {
    const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(finite, fc.double({ min: 1e-6, max: 1e9, noNaN: true }), fc.integer({ min: 2, max: 12 }), (low, width, most) => {
        fc.pre(low + width > low && width > Math.abs(low) * 1e-6);
        const ticks = numberTicks(low, low + width, most);
        const step = roundStep(width / most);
        expect(['1', '2', '5']).toContain(step.toExponential(6)[0]);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        for (const { value } of ticks) {
          expect(value).toBeGreaterThanOrEqual(low - step * 1e-6);
          expect(value).toBeLessThanOrEqual(low + width + step * 1e-6);
        }
      }),
    );
  });

  it('are written in one form', () => {
    expect(labels(numberTicks(0, 1, 5))).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(labels(numberTicks(-1, 1, 4))).toEqual(['-1.0', '-0.5', '0', '0.5', '1.0']);
    expect(labels(numberTicks(0, 50_000, 5))).toEqual(['0', '10k', '20k', '30k', '40k', '50k']);
    expect(labels(numberTicks(0, 2.5e6, 5))).toEqual(['0', '0.5M', '1.0M', '1.5M', '2.0M', '2.5M']);
    expect(labels(numberTicks(0, 4e-4, 4))).toEqual(['0', '1e-4', '2e-4', '3e-4', '4e-4']);
  });

  it('tell neighbours apart, however far from zero', () => {
    const written = labels(numberTicks(0.98121, 0.98124, 3));
    expect(new Set(written).size).toBe(written.length);
  });

  it('of a range without width are that number; of no number none', () => {
    expect(numberTicks(3, 3, 5)).toEqual([{ value: 3, label: '3' }]);
    expect(numberTicks(Number.NaN, Number.NaN, 5)).toEqual([]);
    expect(numberTicks(Number.NEGATIVE_INFINITY, 1, 5)).toEqual([]);
  });
});

describe('ticks of a log axis', () => {
  it('are decades, thinned where there are many', () => {
    expect(labels(logTicks(1e-5, 1, 10))).toEqual(['1e-5', '1e-4', '0.001', '0.01', '0.1', '1']);
    expect(labels(logTicks(1e-9, 1e3, 4)).filter((label) => label !== '')).toEqual(['1e-9', '1e-6', '0.001', '1', '1000']);
  });

  it('are 1, 2 and 5 within a decade or two, round steps within less', () => {
    expect(labels(logTicks(1, 100, 8))).toEqual(['1', '2', '5', '10', '20', '50', '100']);
    expect(labels(logTicks(0.3, 0.4, 4))).toEqual(['0.30', '0.35', '0.40']);
  });

  it('are none where the axis cannot be', () => {
    expect(logTicks(0, 10, 5)).toEqual([]);
    expect(logTicks(-1, 10, 5)).toEqual([]);
  });
});

describe('ticks of time', () => {
  const minute = 60_000;
  it('are whole units', () => {
    expect(labels(durationTicks(0, 10 * minute, 5))).toEqual(['0', '2 m', '4 m', '6 m', '8 m', '10 m']);
    expect(labels(durationTicks(0, 150 * minute, 5))).toEqual(['0', '30 m', '1 h 00 m', '1 h 30 m', '2 h 00 m', '2 h 30 m']);
    expect(labels(durationTicks(0, 90_000, 3))).toEqual(['0', '30 s', '1 m 00 s', '1 m 30 s']);
    expect(labels(durationTicks(0, 5, 5))).toEqual(['0', '1 ms', '2 ms', '3 ms', '4 ms', '5 ms']);
  });

  it('of dates are local, and name the day where one begins', () => {
    const midnightUtc = Date.UTC(2026, 2, 1);
    // Berlin in winter: the local day began an hour earlier.
    const ticks = dateTicks(midnightUtc - 7 * 60 * minute, midnightUtc + 17 * 60 * minute, 5, -60);
    expect(labels(ticks)).toContain('1 Mar');
    expect(ticks.find(({ label }) => label === '1 Mar')!.value).toBe(midnightUtc - 60 * minute);
    expect(labels(dateTicks(midnightUtc, midnightUtc + 2000, 3, 0))).toEqual(['00:00:00', '00:00:01', '00:00:02']);
  });
});

it('an axis takes the ticks of its kind', () => {
  expect(labels(ticksFor({ kind: 'number', log: true }, [1, 1000], 5))).toEqual(['1', '10', '100', '1000']);
  expect(labels(ticksFor({ kind: 'duration', log: false }, [0, 2000], 3))).toEqual(['0', '1 s', '2 s']);
});

it('single numbers are short', () => {
  expect([0.00031, 1234.5678, 12_345, 0, -0.5, 1e18].map((value) => axisNumber(value, 0))).toEqual([
    '3.1e-4',
    '1235',
    '12.35k',
    '0',
    '-0.5',
    '1e18',
  ]);
  expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => axisNumber(value, 0))).toEqual(['NaN', '∞', '-∞']);
  expect(scientific(-2.5e-7)).toBe('-2.5e-7');
});
