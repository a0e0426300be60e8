/**
 * Values to JSON text, so that an int reads back as an int and a float as a float.
 *
 * Takes what JSON.stringify takes as well (nested objects and lists, dates, undefined members), since replies mix parameter values
 * with ordinary data. Reading is json-read's.
 */
import { Float } from './value.js';

export interface JsonForm {
  /** How NaN and the infinities are written: as bare words, as Python does, or as texts ("NaN"), which is valid JSON. */
  readonly nonFinite: 'bare' | 'text';
  /** Spaces per level; on one line without it. */
  readonly indent?: number;
}

/** Far above what json-read takes, and far below what the stack takes; also ends cycles. */
const maxDepth = 1000;

/** @throws RangeError for a cycle or for nesting beyond 1,000 levels. */
export function stringifyJson(value: unknown, form: JsonForm): string {
  return write(value, form, 0) ?? 'null';
}

/** undefined for what JSON cannot hold (undefined, functions, symbols). */
function write(value: unknown, form: JsonForm, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
    case 'bigint':
      return value.toString();
    case 'number':
      return writeNumber(value, form);
    case 'object':
      return value === null ? 'null' : writeObject(value, form, depth);
    default:
      return undefined;
  }
}

function writeNumber(value: number, form: JsonForm): string {
  if (Number.isInteger(value)) return Number.isSafeInteger(value) ? (value + 0).toString() : BigInt(value).toString();
  return Number.isFinite(value) ? dotted(value.toString()) : nonFinite(value, form);
}

/** `1e-7` is a number in JSON and a text in YAML 1.1, which also reads our output; `1.0e-7` is a number in both. */
const dotted = (text: string): string => (text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text);

function writeFloat(value: number, form: JsonForm): string {
  if (!Number.isFinite(value)) return nonFinite(value, form);
  const text = Object.is(value, -0) ? '-0' : value.toString();
  return /[.e]/.test(text) ? dotted(text) : `${text}.0`;
}

function nonFinite(value: number, form: JsonForm): string {
  return form.nonFinite === 'bare' ? value.toString() : `"${value.toString()}"`;
}

function writeObject(value: object, form: JsonForm, depth: number): string | undefined {
  if (value instanceof Float) return writeFloat(value.value, form);
  if (depth >= maxDepth) throw new RangeError(`a value nested in itself, or deeper than ${maxDepth} levels, has no JSON text`);
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), form, depth + 1);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => write(item, form, depth + 1) ?? 'null');
    return enclose('[', items, ']', { form, depth });
  }
  const colon = form.indent === undefined ? ':' : ': ';
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    const text = write(member, form, depth + 1);
    if (text !== undefined) members.push(`${JSON.stringify(key)}${colon}${text}`);
  }
  return enclose('{', members, '}', { form, depth });
}

function enclose(open: string, parts: readonly string[], close: string, place: { form: JsonForm; depth: number }): string {
  const { indent } = place.form;
  if (indent === undefined || parts.length === 0) return open + parts.join(',') + close;
  const outer = `\n${' '.repeat(indent * place.depth)}`;
  const inner = outer + ' '.repeat(indent);
  return open + inner + parts.join(`,${inner}`) + outer + close;
}
