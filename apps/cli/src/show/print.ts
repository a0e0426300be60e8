/**
 * Results on stdout in the form asked for; notices on stderr.
 *
 * JSON, JSON lines, YAML and CSV show the data as the API has it; the table is the command's own view for people.
 */
import { stringifyJson } from '@sweep/optimizer';
import { UsageError } from '../exit.js';
import type { Column } from './table.js';

export const formats = ['table', 'json', 'jsonl', 'yaml', 'csv'] as const;
export type Format = (typeof formats)[number];

export function formatOf(text: string | undefined, json: boolean): Format {
  if (json) return 'json';
  if (text === undefined) return 'table';
  const found = formats.find((format) => format === text);
  if (found === undefined) throw new UsageError(`-o ${text}: one of ${formats.join(', ')} (of \`sweep export\`: csv, jsonl, parquet)`);
  return found;
}

export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Printer {
  readonly format: Format;
  /** Many things: a table of one line each. */
  list<T>(items: readonly T[], columns: readonly Column<T>[]): Promise<void>;
  /** One thing; `table` is its view for people. */
  one(value: unknown, table: () => string | Promise<string>): Promise<void>;
}

export function createPrinter(sink: Sink, format: Format): Printer {
  const data = async (value: unknown): Promise<void> => void sink.write(await dataText(value, format));
  return {
    format,
    async list(items, columns) {
      if (format !== 'table') return data(items);
      const { renderTable } = await import('./table.js');
      sink.write(`${renderTable(columns, items, sink.isTTY ? (sink.columns ?? 80) : Number.POSITIVE_INFINITY)}\n`);
    },
    async one(value, table) {
      if (format !== 'table') return data(value);
      sink.write(`${await table()}\n`);
    },
  };
}

export async function dataText(value: unknown, format: Exclude<Format, 'table'> | Format): Promise<string> {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  switch (format) {
    case 'jsonl':
      return items.map((item) => `${stringifyJson(item, { nonFinite: 'text' })}\n`).join('');
    case 'yaml':
      return (await import('./yaml.js')).yamlText(value);
    case 'csv':
      return (await import('./csv.js')).csvText(items);
    case 'json':
    case 'table':
      return `${stringifyJson(value, { nonFinite: 'text', indent: 2 })}\n`;
  }
}
