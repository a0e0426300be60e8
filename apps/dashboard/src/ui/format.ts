/**
 * How numbers, durations and times read everywhere: four significant digits at a glance, everything on hover and copy.
 *
 * Owns text only. That what is not finite stands out in red is the cell's affair (value.tsx).
 */

/** As the API sends numbers: those that are not finite as texts. */
export type Numeric = number | 'NaN' | 'Infinity' | '-Infinity';

export const missing = '–';

export const numberOf = (value: Numeric): number => Number(value);

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const significant = 4;
/** From here on a number reads better by its exponent than by its digits. */
const huge = 1e9;

export function formatNumber(value: Numeric): string {
  const number = numberOf(value);
  if (!Number.isFinite(number)) return word(number);
  const size = Math.abs(number);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= huge) return exponential(number);
  // Whole digits are never rounded away: 12345.6 is 12,346 and not 12,350.
  if (Number.isInteger(number) || size >= 9_999.5) return size > 9_999 ? grouped.format(number) : String(number);
  return trimmed(number.toPrecision(significant));
}

/** Every digit, for hover and copy; `Number()` reads it back. */
export const fullNumber = (value: Numeric): string => String(value);

/** Of a ratio that is known to be one. */
export const formatPercent = (ratio: number): string =>
  Number.isFinite(ratio) ? `${trimmed((ratio * 100).toPrecision(3))} %` : word(ratio);

const word = (number: number): string => (Number.isNaN(number) ? 'NaN' : number > 0 ? '∞' : '-∞');

function exponential(number: number): string {
  const [digits = '', exponent = ''] = number.toExponential(significant - 1).split('e');
  return `${trimmed(digits)}e${exponent.replace('+', '')}`;
}

/** Without zeros that only fill. */
function trimmed(digits: string): string {
  if (digits.includes('e')) return String(Number(digits));
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

/** `830 ms`, `4.2 s`, `41 s`, `3 m 07 s`, `2 h 05 m`, `3 d 04 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return missing;
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 999.5) return ms === 0 ? '0 s' : `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${trimmed((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(seconds, [60, 'm'], [1, 's']);
  if (seconds < 86_400) return pair(seconds, [3600, 'h'], [60, 'm']);
  return pair(seconds, [86_400, 'd'], [3600, 'h']);
}

type Unit = readonly [seconds: number, name: string];

function pair(seconds: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeName} ${String(rest).padStart(2, '0')} ${smallName}`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return missing;
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), byteUnits.length - 1);
  const count = bytes / 1024 ** power;
  return `${trimmed(power === 0 ? String(count) : count.toFixed(count < 10 ? 1 : 0))} ${byteUnits[power]}`;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `just now`, `41 s ago`, `5 min ago`, `3 h ago`, `2 d ago`; the date for what is further away than a month. Milliseconds since the epoch. */
export function formatRelative(at: number, now: number): string {
  const away = Math.abs(now - at);
  if (away < 2_000) return 'just now';
  if (away >= 30 * dayMs) return formatAbsolute(at).slice(0, 10);
  const text = coarse(away);
  return at <= now ? `${text} ago` : `in ${text}`;
}

/** One unit only: how long something takes, roughly. */
export function coarse(ms: number): string {
  if (ms < minuteMs) return `${Math.max(1, Math.floor(ms / 1000))} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  return ms < 2 * dayMs ? `${Math.floor(ms / hourMs)} h` : `${Math.floor(ms / dayMs)} d`;
}

/** `2026-03-05 14:07:09`, in the person's own time zone. */
export function formatAbsolute(at: number): string {
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A parameter or any value of a config, as a person would write it. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return missing;
  if (typeof value === 'number') return formatNumber(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
