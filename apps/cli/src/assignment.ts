/** `K=V` arguments: V is a JSON value if it reads as one (16.0 stays a float), else a text. */
import { type ParamValue, parseJson } from '@sweep/optimizer';
import { UsageError } from './exit.js';

export function parseAssignment(text: string): readonly [name: string, value: ParamValue] {
  const at = text.indexOf('=');
  if (at <= 0) throw new UsageError(`${text}: expected NAME=VALUE`);
  return [text.slice(0, at), readValue(text.slice(at + 1))];
}

export function readValue(text: string): ParamValue {
  try {
    return parseJson(text);
  } catch (error) {
    // Not JSON, so it is a text; anything else is a mistake of ours.
    if (error instanceof Error && error.name === 'JsonError') return text;
    throw error;
  }
}

/** @throws UsageError unless every value is a number (or nan, inf). */
export function parseMetrics(texts: readonly string[]): Record<string, number | 'NaN' | 'Infinity' | '-Infinity'> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at <= 0) throw new UsageError(`${text}: expected NAME=NUMBER`);
      return [text.slice(0, at), readNumeric(text.slice(at + 1), text.slice(0, at))];
    }),
  );
}

export function readNumeric(text: string, name: string): number | 'NaN' | 'Infinity' | '-Infinity' {
  const word = nonFinite[text.toLowerCase()];
  if (word !== undefined) return word;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${name}: "${text}" is not a number`);
  return value;
}

const nonFinite: Readonly<Record<string, 'NaN' | 'Infinity' | '-Infinity'>> = {
  nan: 'NaN',
  inf: 'Infinity',
  infinity: 'Infinity',
  '+inf': 'Infinity',
  '-inf': '-Infinity',
  '-infinity': '-Infinity',
};

/** For options that are whole numbers. */
export function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < least || !Number.isSafeInteger(value))
      throw new UsageError(`${name} ${text}: a whole number${least > Number.MIN_SAFE_INTEGER ? `, at least ${least}` : ''}`);
    return value;
  };
}

/** For options that are seeds: unsigned, of 64 bits. */
export function readSeed(name: string): (text: string) => bigint {
  return (text) => {
    if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 2n ** 64n) throw new UsageError(`${name} ${text}: a whole number from 0 to 2^64 - 1`);
    return BigInt(text);
  };
}
