/**
 * Readers of single values: a node in, a typed value or what was expected out.
 *
 * Owns durations, sizes and the like. Which key takes which reader is the blocks'.
 */
import { numberOf } from './numbers.js';
import type { Node, Place } from './yaml-dialect/tree.js';

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected: string; readonly hint?: string; readonly at?: Place };
export type Reader<T> = (node: Node) => Read<T>;

export function wholeNumber(minimum?: number): Reader<number> {
  const expected = minimum === undefined ? 'a whole number' : `a whole number of at least ${minimum}`;
  return (node) => {
    const read = numberOf(node);
    const fits = read !== null && Number.isSafeInteger(read.value) && (minimum === undefined || read.value >= minimum);
    return fits ? yes(read.value) : no(expected);
  };
}

export const bigWholeNumber: Reader<bigint> = (node) => {
  if (node.kind === 'scalar' && typeof node.value === 'bigint') return yes(node.value);
  const read = numberOf(node);
  return read !== null && Number.isSafeInteger(read.value) ? yes(BigInt(read.value)) : no('a whole number');
};

export const positiveNumber: Reader<number> = (node) => {
  const read = numberOf(node);
  return read !== null && read.value > 0 && Number.isFinite(read.value) ? yes(read.value) : no('a number above 0');
};

export const text: Reader<string> = (node) => {
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '') return yes(node.value);
  return no('text');
};

/** Any scalar as it is written: `gpu: 3090` is the label `3090`. */
export const writtenText: Reader<string> = (node) => (node.kind === 'scalar' && node.value !== null ? yes(node.source) : no('text'));

export const truth: Reader<boolean> = (node) =>
  node.kind === 'scalar' && typeof node.value === 'boolean' ? yes(node.value) : no('true or false');

export function choice<const T extends string>(words: readonly T[]): Reader<T> {
  return (node) => {
    const word = node.kind === 'scalar' ? words.find((known) => known === node.source) : undefined;
    return word === undefined ? no(`one of ${words.join(', ')}`) : yes(word);
  };
}

/** A list; one value alone is a list of one. */
export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (node) => {
    const values: T[] = [];
    for (const item of node.kind === 'list' ? node.items : [node]) {
      const read = reader(item);
      if (!read.ok) return { ...read, at: read.at ?? item.at };
      values.push(read.value);
    }
    return yes(values);
  };
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds, from `30s`, `10m`, `2h`, `1d` or a number of seconds. */
export const duration: Reader<number> = (node) => {
  const expected = 'a duration such as 30s, 10m, 2h, 1d, or a number of seconds';
  if (node.kind === 'scalar' && node.plain && node.source.includes(':')) {
    return { ok: false, expected, hint: 'YAML reads 1:30 as the number 90; write 90s or 90m' };
  }
  const seconds = numberOf(node);
  const [, amount, unit] = (node.kind === 'scalar' ? /^([0-9]+(?:\.[0-9]+)?)([smhd])$/.exec(node.source) : null) ?? [];
  const ms = seconds !== null ? seconds.value * 1_000 : Number(amount) * (unitMs[unit ?? ''] ?? Number.NaN);
  return ms > 0 && Number.isSafeInteger(Math.round(ms)) ? yes(Math.round(ms)) : no(expected);
};

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** Bytes, from `10GB`, `512MB`, `8GiB` or a number of bytes. */
export const size: Reader<number> = (node) => {
  const plain = numberOf(node);
  const [, amount, unit] = (node.kind === 'scalar' ? /^([0-9]+(?:\.[0-9]+)?) ?([KMGT]?i?B)$/.exec(node.source) : null) ?? [];
  const bytes = plain !== null ? plain.value : Number(amount) * (unitBytes[unit ?? ''] ?? Number.NaN);
  return bytes >= 0 && Number.isSafeInteger(Math.round(bytes))
    ? yes(Math.round(bytes))
    : no('a size such as 10GB, 512MB, 8GiB, or a number of bytes');
};

export function yes<T>(value: T): Read<T> {
  return { ok: true, value };
}

export function no(expected: string): Read<never> {
  return { ok: false, expected };
}
