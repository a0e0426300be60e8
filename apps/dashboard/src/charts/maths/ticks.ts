/** Where the ticks of an axis stand and what is written at them: steps of 1, 2 and 5, decades on log axes, whole units on axes of time. */
import type { AxisLook } from '../chart-data.js';

export interface Tick {
  readonly value: number;
  /** Empty for a tick that only helps the eye. */
  readonly label: string;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000],
  ...[minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute],
  ...[hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day, 28 * day, 91 * day, 365 * day],
];

/** The smallest of 1, 2, 5 times a power of ten that is not below. */
export function roundStep(atLeast: number): number {
  const decade = 10 ** Math.floor(Math.log10(atLeast));
  const factor = atLeast / decade;
  // A hair of slack: 0.1 + 0.2 must not become the next step.
  return (factor <= 1.0001 ? 1 : factor <= 2.0001 ? 2 : factor <= 5.0001 ? 5 : 10) * decade;
}

function multiples(low: number, high: number, step: number, offset = 0): number[] {
  const first = Math.ceil((low - offset) / step - 1e-9);
  const last = Math.floor((high - offset) / step + 1e-9);
  if (last - first > 1000) return [];
  // By multiplication: sums of steps drift, and -0 would be written "-0".
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step + offset + 0);
}

/** @param most about so many, at least two */
export function numberTicks(low: number, high: number, most: number): readonly Tick[] {
  if (!(high > low) || !Number.isFinite(high - low)) return Number.isFinite(low) ? [{ value: low, label: axisNumber(low, 0) }] : [];
  const step = roundStep((high - low) / Math.max(1, most));
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const label = labelsFor(largest, step);
  return multiples(low, high, step).map((value) => ({ value, label: label(value) }));
}

/** All labels of an axis in one form: plain, with one SI prefix, or with one exponent. */
function labelsFor(largest: number, step: number): (value: number) => string {
  if (largest >= 1e15 || largest < 1e-3) return (value) => (value === 0 ? '0' : scientific(value));
  const [factor, prefix] = largest >= 1e4 ? siPrefix(largest) : ([1, ''] as const);
  const digits = Math.max(0, -Math.floor(Math.log10(step / factor) + 1e-9));
  return (value) => (value === 0 ? '0' : (value / factor).toFixed(Math.min(digits, 12)) + prefix);
}

function siPrefix(size: number): readonly [number, string] {
  if (size >= 1e12) return [1e12, 'T'];
  if (size >= 1e9) return [1e9, 'G'];
  return size >= 1e6 ? [1e6, 'M'] : [1e3, 'k'];
}

/** `3e-4`, `2.5e6`. */
export function scientific(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
  return `${mantissa.replace(/\.?0+$/, '')}e${exponent.replace('+', '')}`;
}

/** One number by itself, as an axis would write it. @param step that it must be told apart at; 0 = as it is, with four digits */
export function axisNumber(value: number, step: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e15)) return scientific(value);
  if (step > 0) return labelsFor(size, step)(value);
  const [factor, prefix] = size >= 1e4 ? siPrefix(size) : ([1, ''] as const);
  return String(Number((value / factor).toPrecision(4))) + prefix;
}

/** Decades where there are enough of them, every n-th where there are many; else 1, 2 and 5 of each, else round steps. */
export function logTicks(low: number, high: number, most: number): readonly Tick[] {
  if (!(low > 0) || !(high > low)) return low > 0 ? [{ value: low, label: axisNumber(low, 0) }] : [];
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const decades = last - first;
  const within = (value: number) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const exponents = Array.from({ length: decades + 1 }, (_, i) => first + i);
  if (decades > 2) {
    const every = Math.max(1, Math.ceil(decades / Math.max(1, most)));
    return exponents
      .map((exponent) => ({ value: powerOfTen(exponent), label: exponent % every === 0 ? decade(exponent) : '' }))
      .filter(({ value }) => within(value));
  }
  const fine = exponents.flatMap((exponent) => [1, 2, 5].map((factor) => factor * powerOfTen(exponent))).filter(within);
  if (fine.length < 2) return numberTicks(low, high, most);
  return fine.map((value) => ({ value, label: axisNumber(value, 0) }));
}

/** 10 ** -3 is not 0.001 to the last digit; the text is. */
const powerOfTen = (exponent: number): number => Number(`1e${exponent}`);

function decade(exponent: number): string {
  if (exponent < -3 || exponent > 4) return `1e${exponent}`;
  return String(powerOfTen(exponent));
}

export function durationTicks(low: number, high: number, most: number): readonly Tick[] {
  if (!(high > low)) return [];
  const step = timeStep(high - low, most);
  return multiples(low, high, step).map((value) => ({ value, label: durationLabel(value, step) }));
}

function timeStep(span: number, most: number): number {
  const atLeast = span / Math.max(1, most);
  return timeSteps.find((step) => step >= atLeast) ?? roundStep(atLeast / (365 * day)) * 365 * day;
}

function durationLabel(ms: number, step: number): string {
  if (ms === 0) return '0';
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  if (step < 1000) return `${sign}${Math.round(size)} ms`;
  if (size < minute && step < minute) return `${sign}${Math.round(size / 1000)} s`;
  if (step < minute) return `${sign}${Math.floor(size / minute)} m ${pad(Math.round((size % minute) / 1000))} s`;
  if (size < hour && step < hour) return `${sign}${Math.round(size / minute)} m`;
  if (step < hour) return `${sign}${Math.floor(size / hour)} h ${pad(Math.round((size % hour) / minute))} m`;
  if (step < day) return `${sign}${Math.round(size / hour)} h`;
  return `${sign}${Math.round(size / day)} d`;
}

/** In local time. @param zoneMinutes what `Date.getTimezoneOffset` says there */
export function dateTicks(low: number, high: number, most: number, zoneMinutes: number): readonly Tick[] {
  if (!(high > low)) return [];
  const step = timeStep(high - low, most);
  const days = high - low > day * 0.9;
  return multiples(low, high, step, zoneMinutes * minute).map((value) => ({
    value,
    label: dateLabel(new Date(value - zoneMinutes * minute), step, days),
  }));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number): string => String(value).padStart(2, '0');

/** @param at shifted, so that its UTC fields are the local ones */
function dateLabel(at: Date, step: number, days: boolean): string {
  const date = `${at.getUTCDate()} ${months[at.getUTCMonth()]}`;
  if (step >= 365 * day) return String(at.getUTCFullYear());
  if (step >= day) return date;
  const clock = `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
  if (step < 1000) return `${clock}:${pad(at.getUTCSeconds())}.${String(at.getUTCMilliseconds()).padStart(3, '0')}`;
  if (step < minute) return `${clock}:${pad(at.getUTCSeconds())}`;
  return days && at.getUTCHours() === 0 && at.getUTCMinutes() === 0 ? date : clock;
}

export function ticksFor(look: Pick<AxisLook, 'kind' | 'log'>, range: readonly [number, number], most: number): readonly Tick[] {
  const [low, high] = range;
  if (look.kind === 'date') return dateTicks(low, high, most, new Date(low).getTimezoneOffset());
  if (look.kind === 'duration') return durationTicks(low, high, most);
  return look.log ? logTicks(low, high, most) : numberTicks(low, high, most);
}
