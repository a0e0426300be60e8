import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAbsolute,
  formatBytes,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRelative,
  formatValue,
  fullNumber,
} from './format.js';

describe('a number', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.5, '0.5'],
    [0.98123456, '0.9812'],
    [-0.98125, '-0.9812'],
    [123.456, '123.5'],
    [9_999, '9999'],
    [9_999.4, '9999'],
    [9_999.96, '10,000'],
    [12_345.67, '12,346'],
    [1_234_567, '1,234,567'],
    [0.001, '0.001'],
    [0.00031, '3.1e-4'],
    [-0.000123456, '-1.235e-4'],
    [0.00099999, '1e-3'],
    [2.5e9, '2.5e9'],
    [1.23456e-310, '1.235e-310'],
  ] as const)('%d reads %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it.each([
    ['NaN', 'NaN'],
    ['Infinity', '∞'],
    ['-Infinity', '-∞'],
    [Number.NaN, 'NaN'],
  ] as const)('that is not finite is a word: %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('keeps four digits of what it was, whatever its size', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
        const read = Number(formatNumber(value).replaceAll(',', ''));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 5.01e-4);
      }),
    );
  });

  it('is copied with every digit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(Number(fullNumber(value))).toBe(value + 0);
      }),
    );
  });
});

describe('a ratio', () => {
  it.each([
    [0.5, '50 %'],
    [0.12345, '12.3 %'],
    [1, '100 %'],
    [Number.NaN, 'NaN'],
  ])('%d is %s', (ratio, text) => expect(formatPercent(ratio)).toBe(text));
});

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [830, '830 ms'],
    [999.7, '1 s'],
    [4_240, '4.2 s'],
    [41_000, '41 s'],
    [59_600, '1 m 00 s'],
    [187_000, '3 m 07 s'],
    [7_500_000, '2 h 05 m'],
    [3_599_600, '1 h 00 m'],
    [273_600_000, '3 d 04 h'],
    [-41_000, '-41 s'],
    [Number.NaN, '–'],
  ])('of %d ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('a size', () => {
  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_536, '1.5 KiB'],
    [85_899_345_920, '80 GiB'],
    [Number.NaN, '–'],
  ])('of %d bytes reads %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('a time', () => {
  const noon = new Date(2026, 2, 5, 12, 0, 0).getTime();
  it.each([
    [0, 'just now'],
    [-41_000, '41 s ago'],
    [-5 * 60_000, '5 min ago'],
    [-3 * 3_600_000, '3 h ago'],
    [-5 * 86_400_000, '5 d ago'],
    [5 * 60_000, 'in 5 min'],
    [-40 * 86_400_000, '2026-01-24'],
  ])('%d ms from now reads %s', (away, text) => expect(formatRelative(noon + away, noon)).toBe(text));

  it('is whole on hover', () => expect(formatAbsolute(noon)).toBe('2026-03-05 12:00:00'));
});

describe('a value of a config', () => {
  it.each([
    ['adam', 'adam'],
    [true, 'true'],
    [0.00031, '3.1e-4'],
    [null, '–'],
    [[1, 2], '[1,2]'],
  ])('%j reads %s', (value, text) => expect(formatValue(value)).toBe(text));
});
