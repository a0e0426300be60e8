/**
 * Objects as an Apache Parquet file: columns as in CSV, with types.
 *
 * A column is what all of its values are: truth values, whole numbers, numbers, times, else text. A missing value is null.
 */
import { Float } from '@sweep/optimizer';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { cellText, leaves } from './csv.js';

export function parquetBytes(items: readonly unknown[]): Uint8Array {
  const rows = items.map(leaves);
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const columns = names.map((name) =>
    columnOf(
      name,
      rows.map((row) => row.get(name) ?? null),
    ),
  );
  // A file must have a column; without rows nobody knows which.
  return new Uint8Array(parquetWriteBuffer({ columnData: columns.length > 0 ? columns : [{ name: 'number', data: [], type: 'INT64' }] }));
}

const nonFinite: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function columnOf(name: string, values: readonly unknown[]): ColumnSource {
  const there = values.filter((value) => value !== null);
  const all = (is: (value: unknown) => boolean): boolean => there.length > 0 && there.every(is);
  const column = (type: 'BOOLEAN' | 'INT64' | 'DOUBLE' | 'TIMESTAMP' | 'STRING', read: (value: unknown) => unknown): ColumnSource => ({
    name,
    type,
    data: values.map((value) => (value === null ? null : read(value))),
    nullable: true,
  });
  if (all((value) => typeof value === 'boolean')) return column('BOOLEAN', (value) => value);
  if (all(isWhole)) return column('INT64', (value) => BigInt(value as number | bigint));
  // Texts alone are texts, even where each happens to be the word NaN.
  if (there.some(isNumber) && all((value) => isNumber(value) || nonFinite.has(value))) return column('DOUBLE', toNumber);
  if (all((value) => typeof value === 'string' && timeForm.test(value))) return column('TIMESTAMP', (value) => new Date(value as string));
  return column('STRING', cellText);
}

const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;

/** What 64 bits hold; 16.0 is a number that only happens to be whole. */
function isWhole(value: unknown): boolean {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value;
  return typeof value === 'number' && Number.isSafeInteger(value);
}

const toNumber = (value: unknown): number => nonFinite.get(value) ?? (value instanceof Float ? value.value : Number(value));
