/** One line of `output.log`: JSON with time and level where the client was told to send it so, else text with a time in front. */
import { type RawObject, readRawObject, stringOf } from '../json/raw.js';

export interface ConsoleLine {
  /** ISO 8601 as the client wrote it. */
  readonly timestamp: string | null;
  readonly level: string | null;
  /** Who wrote it, where several write one run. */
  readonly label: string | null;
  /** May hold ANSI colours. */
  readonly line: string;
}

const stamped = /^(ERROR )?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?) (.*)$/s;

export function consoleLine(text: string): ConsoleLine {
  const structured = text.startsWith('{') ? readRawObject(text) : undefined;
  const content = structured === undefined ? null : member(structured, 'content');
  // A program may itself print JSON: only the client's has both.
  if (structured !== undefined && content !== null && structured.members.has('ts')) {
    const [timestamp, level, label] = [member(structured, 'ts'), member(structured, 'level'), member(structured, 'label')];
    return { timestamp, level, label, line: content };
  }
  const [, error, timestamp, line] = stamped.exec(text) ?? [];
  if (line !== undefined) return { timestamp: timestamp ?? null, level: error === undefined ? null : 'error', label: null, line };
  const isError = text.startsWith('ERROR ');
  return { timestamp: null, level: isError ? 'error' : null, label: null, line: isError ? text.slice('ERROR '.length) : text };
}

function member(line: RawObject, name: string): string | null {
  const value = line.members.get(name);
  return value?.kind === 'string' ? stringOf(value) : null;
}
