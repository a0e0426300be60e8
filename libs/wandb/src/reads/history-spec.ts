/** What `sampledHistory` is asked for: metrics, a range of steps and how many rows. */
import { type RawObject, readRawObject, stringOf } from '../json/raw.js';
import { valueAt } from './run-fields.js';

export interface HistorySpec {
  /** A row must hold all of these, each once; empty for whole rows. */
  readonly keys: readonly string[];
  readonly minStep: number | null;
  /** Inclusive. */
  readonly maxStep: number | null;
  readonly samples: number;
}

/** The client's own. */
const defaultSamples = 500;

/** Whole rows for a text that is no spec, such as the "{}" that agents send. */
export function historySpec(text: string): HistorySpec {
  const spec = readRawObject(text);
  const keys = spec?.members.get('keys');
  const texts = keys?.kind === 'list' ? keys.items.flatMap((key) => (key.kind === 'string' ? [stringOf(key)] : [])) : [];
  const samples = integer(spec, 'samples') ?? defaultSamples;
  return {
    keys: [...new Set(texts)],
    minStep: integer(spec, 'minStep'),
    maxStep: integer(spec, 'maxStep'),
    samples: Math.max(0, samples),
  };
}

/** The row of an answer, as JSON text: the asked keys of a history line; undefined when it lacks one. Nested values by dotted names. */
export function specRow(line: RawObject, keys: readonly string[]): string | undefined {
  if (keys.length === 0) return line.text;
  const members: string[] = [];
  for (const key of keys) {
    const value = valueAt(line, key);
    if (value === undefined) return undefined;
    members.push(`${JSON.stringify(key)}:${value.text}`);
  }
  return `{${members.join(',')}}`;
}

/** `count` of `length` places, evenly spread, the first and the last among them. */
export function evenlySpread(length: number, count: number): readonly number[] {
  if (count <= 0 || length <= 0) return [];
  if (count >= length) return Array.from({ length }, (_, i) => i);
  if (count === 1) return [length - 1];
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / (count - 1)));
}

function integer(spec: RawObject | undefined, name: string): number | null {
  const value = spec?.members.get(name);
  const number = value?.kind === 'number' ? Math.trunc(Number(value.text)) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}
