/** Lines of a stream in packed form: UTF-8, joined by newlines. Pure. */
import { Invalid } from '@sweep/domain';

/** Lines of one chunk at most: the first lines of a chunk are rewritten with it. */
const linesAtOnce = 512;

export interface LineChunk {
  readonly firstLine: number;
  readonly n: number;
  readonly lines: Buffer;
}

export function packLines(firstLine: number, lines: readonly string[]): readonly LineChunk[] {
  const chunks: LineChunk[] = [];
  for (let from = 0; from < lines.length; from += linesAtOnce) {
    const part = lines.slice(from, from + linesAtOnce);
    chunks.push({ firstLine: firstLine + from, n: part.length, lines: Buffer.from(part.join('\n')) });
  }
  return chunks;
}

export const unpackLines = (chunk: Pick<LineChunk, 'lines'>): readonly string[] => chunk.lines.toString('utf8').split('\n');

/** What replaces `overlapped` chunks when lines are written at `offset`: their ends outside, with the new lines between. */
export function replaceLines(overlapped: readonly LineChunk[], offset: number, lines: readonly string[]): readonly LineChunk[] {
  const end = offset + lines.length;
  const result: LineChunk[] = [];
  for (const chunk of overlapped) {
    const old = unpackLines(chunk);
    if (chunk.firstLine < offset) result.push(...packLines(chunk.firstLine, old.slice(0, offset - chunk.firstLine)));
  }
  result.push(...packLines(offset, lines));
  for (const chunk of overlapped) {
    if (chunk.firstLine + chunk.n > end) result.push(...packLines(end, unpackLines(chunk).slice(end - chunk.firstLine)));
  }
  return result;
}

/** Lines `offset` to `offset + limit`; one that was never written, below one that was, reads as an empty line. */
export function linesBetween(chunks: readonly LineChunk[], offset: number, limit: number): readonly string[] {
  const end = Math.min(offset + limit, Math.max(0, ...chunks.map((chunk) => chunk.firstLine + chunk.n)));
  const result = new Array<string>(Math.max(0, end - offset)).fill('');
  for (const chunk of chunks) {
    unpackLines(chunk).forEach((line, i) => {
      const at = chunk.firstLine + i - offset;
      if (at >= 0 && at < result.length) result[at] = line;
    });
  }
  return result;
}

export function checkLines(offset: number, lines: readonly string[]): void {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new Invalid(`lines of a run cannot start at number ${offset}: count from 0`);
  if (lines.some((line) => line.includes('\n'))) throw new Invalid('a line of a run holds a newline: send it as two');
}

/** What is new in a block, given the lines that stand where it goes: what was sent before is sent again after a lost answer. */
export function placeBlock({
  offset,
  lines,
  count,
  there,
}: {
  readonly offset: number;
  readonly lines: readonly string[];
  /** Of the stream. */
  readonly count: number;
  readonly there: readonly string[];
}): { readonly offset: number; readonly lines: readonly string[]; readonly rewrites: boolean } {
  const same = there.every((line, i) => line === lines[i]);
  if (!same) return { offset, lines, rewrites: true };
  const known = Math.min(lines.length, Math.max(0, count - offset));
  return { offset: offset + known, lines: lines.slice(known), rewrites: false };
}
