/**
 * Lines of a growing file, read from a position that can be stored: a reader made later with the same position goes on without
 * a gap or a repeat.
 *
 * Never holds more than a chunk and one line: a line that is longer than the limit is passed over. Owns no meaning of the lines.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { isMissing } from './durable-file.js';

export interface LinePosition {
  /** Where the next unread line begins, in bytes. */
  readonly offset: number;
  /** The bytes from here to the next line end belong to a line that is passed over. */
  readonly skipping: boolean;
}

export const fileStart: LinePosition = { offset: 0, skipping: false };

export interface LineOptions {
  readonly maxLineBytes: number;
  /** Progress bars end their lines with a carriage return. */
  readonly carriageReturns: boolean;
}

export interface Lines {
  readonly lines: readonly string[];
  readonly position: LinePosition;
  /** There is more to read at once. */
  readonly more: boolean;
}

const chunkBytes = 256 * 1024;
const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * At most one chunk's lines. An unfinished last line is left for later, unless `last` says that nobody writes any more.
 * A file that is not there yet has no lines; one that became shorter is read from its beginning.
 */
export async function readLines(path: string, from: LinePosition, options: LineOptions, last: boolean): Promise<Lines> {
  const read = await readIfThere(path, async (file) => {
    const { size } = await file.stat();
    const start = size < from.offset ? fileStart : from;
    const length = Math.min(Math.max(chunkBytes, options.maxLineBytes), size - start.offset);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, null, start.offset);
    const atEnd = start.offset + bytesRead >= size;
    return cut(buffer.subarray(0, bytesRead), start, options, { atEnd, last });
  });
  return read ?? { lines: [], position: from, more: false };
}

interface Where {
  readonly atEnd: boolean;
  readonly last: boolean;
}

function cut(bytes: Buffer, start: LinePosition, options: LineOptions, { atEnd, last }: Where): Lines {
  const lines: string[] = [];
  let from = 0;
  let skipping = start.skipping;
  for (let end = lineEnd(bytes, from, options); end >= 0; end = lineEnd(bytes, from, options)) {
    if (!skipping && end - from <= options.maxLineBytes) lines.push(bytes.toString('utf8', from, end));
    skipping = false;
    from = end + 1;
  }
  const rest = bytes.length - from;
  if (rest > 0 && atEnd && last) {
    if (!skipping && rest <= options.maxLineBytes) lines.push(bytes.toString('utf8', from));
    return { lines, position: { offset: start.offset + bytes.length, skipping: false }, more: false };
  }
  // Only a line that can no longer fit is passed over before its end is seen.
  if (rest > 0 && (skipping || rest >= options.maxLineBytes)) {
    return { lines, position: { offset: start.offset + bytes.length, skipping: true }, more: !atEnd };
  }
  return { lines, position: { offset: start.offset + from, skipping }, more: !atEnd };
}

function lineEnd(bytes: Buffer, from: number, { carriageReturns }: LineOptions): number {
  const feed = bytes.indexOf(newline, from);
  if (!carriageReturns) return feed;
  const back = bytes.subarray(0, feed < 0 ? bytes.length : feed).indexOf(carriageReturn, from);
  return back < 0 ? feed : back;
}

/** What is read from an open file, which is closed after it; null when there is no such file. */
export async function readIfThere<T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T | null> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (file === null) return null;
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}
