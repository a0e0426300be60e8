/**
 * JSON text as a value inside an answer, written out exactly as it is, and the writer of answers that honours it.
 *
 * For GraphQL's `JSON` fields: rows of history go out digit for digit. Numbers that JSON lacks become the texts "NaN", "Infinity" and
 * "-Infinity" there, since the client reads answers with a strict reader; in `JSONString` fields they stay as they are.
 */
import { endOfString, readRaw } from './raw.js';

export class JsonText {
  private constructor(readonly text: string) {}

  /** undefined when the text is not JSON, NaN and Infinity allowed. */
  static of(text: string): JsonText | undefined {
    return readRaw(text) === undefined ? undefined : JsonText.ofRead(text);
  }

  /** Of a text that was read as JSON already, or put together from such. */
  static ofRead(text: string): JsonText {
    return new JsonText(withoutBareWords(text));
  }
}

/** For text that is known to be JSON: outside strings only these words hold a capital N or I. */
function withoutBareWords(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  const parts: string[] = [];
  let written = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') {
      at = endOfString(text, at) - 1;
      continue;
    }
    if (text[at] !== 'N' && text[at] !== 'I') continue;
    const start = text[at - 1] === '-' ? at - 1 : at;
    const end = at + (text[at] === 'N' ? 'NaN' : 'Infinity').length;
    parts.push(text.slice(written, start), `"${text.slice(start, end)}"`);
    written = end;
    at = end - 1;
  }
  return parts.join('') + text.slice(written);
}

/** JSON of an answer: plain values, and `JsonText` as it stands. */
export function writeJson(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`).join(',')}}`;
}
