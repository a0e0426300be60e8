/** Values as short text for tables: numbers to a few digits, params on one line, bytes in binary units. */
import { Float, isDict, isList, numeric, type ParamValue } from '@sweep/optimizer';

/** Up to `digits` significant digits; `1.2e-5` below 0.001 and above 10 million. */
export function number(value: number, digits = 5): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : value < 0 ? '-inf' : 'nan';
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7)
    return value
      .toExponential(Math.max(0, digits - 2))
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  return String(Number(value.toPrecision(digits)));
}

/** What the API calls numeric: a number, or the text of one that is not finite. */
export function asNumber(value: unknown): number | null {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  return numeric(value as ParamValue) ?? null;
}

export function metric(value: unknown): string {
  if (Array.isArray(value)) return value.map(metric).join(' ');
  const found = asNumber(value);
  return found === null ? '' : number(found);
}

export function paramText(value: ParamValue): string {
  if (value instanceof Float) return Math.abs(value.value) < 1e7 ? `${value.value}.0` : number(value.value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return value;
  if (isList(value)) return `[${value.map(paramText).join(', ')}]`;
  if (value !== null && isDict(value)) return `{${paramsText(value)}}`;
  return String(value);
}

/** `lr=0.01 opt=adam` */
export function paramsText(params: { readonly [name: string]: ParamValue }): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${paramText(value)}`)
    .join(' ');
}

export function bytes(count: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = count;
  let unit = 0;
  while (size >= 1024 && unit < names.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${names[unit]}`;
}
