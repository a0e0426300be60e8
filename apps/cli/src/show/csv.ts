/** Objects as CSV (RFC 4180): nested members become columns such as `params.lr`; lists and empty objects stay JSON. */
import { Float, type ParamValue, stringifyJson } from '@sweep/optimizer';

type Flat = ReadonlyMap<string, string>;

export function csvText(items: readonly unknown[]): string {
  const rows = items.map(flatten);
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  if (columns.length === 0) return '';
  const lines = [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ''))];
  return `${lines.map((cells) => cells.map(quote).join(',')).join('\n')}\n`;
}

export const flatten = (item: unknown): Flat => new Map([...leaves(item)].map(([path, value]) => [path, cellText(value)]));

/** By path; lists and empty objects are leaves. */
export function leaves(item: unknown): ReadonlyMap<string, unknown> {
  const cells = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (isObject(value) && Object.keys(value).length > 0) {
      for (const [name, member] of Object.entries(value)) walk(member, path === '' ? name : `${path}.${name}`);
    } else cells.set(path === '' ? 'value' : path, value);
  };
  walk(item, '');
  return cells;
}

const isObject = (value: unknown): value is Record<string, ParamValue> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);

export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return stringifyJson(value, { nonFinite: 'text' });
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
