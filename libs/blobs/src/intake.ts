/** Reading a blob's content: digests and size on the way, and the refusals that need no disk. */
import { type BlobHash, Invalid, NotFound, TooLarge } from '@sweep/domain';
import type { Content, Taken } from './blobs.js';
import { type Digester, digestHere } from './hashing/digests.js';

export interface PutOptions {
  readonly expected?: BlobHash;
  readonly maxBytes?: number;
}

/** Hands every chunk to `write`, in order. @throws TooLarge, Invalid, and what the content or `write` throws */
export async function takeIn(
  content: Content,
  { expected, maxBytes }: PutOptions,
  write: (chunk: Uint8Array) => Promise<void>,
  begin: Digester = digestHere,
): Promise<Taken> {
  const digesting = begin();
  let size = 0;
  try {
    for await (const part of content) {
      const chunk: Uint8Array = typeof part === 'string' ? Buffer.from(part) : part;
      size += chunk.byteLength;
      if (maxBytes !== undefined && size > maxBytes) throw new TooLarge(`the file is larger than ${maxBytes} bytes`);
      await digesting.add(chunk);
      await write(chunk);
    }
  } catch (error) {
    digesting.abandon();
    throw error;
  }
  const digests = await digesting.digests();
  const { hash } = digests;
  if (expected !== undefined && expected !== hash) {
    throw new Invalid(`the content has the SHA-256 ${hash}, expected was ${expected}: the upload was cut short, or it is another file`);
  }
  return { ...digests, size };
}

/** Hashes come from requests and become paths: nothing else passes. */
export const isHash = (text: string): text is BlobHash => /^[0-9a-f]{64}$/.test(text);

export const missing = (hash: string): NotFound => new NotFound(`there is no file with the hash "${hash.slice(0, 80)}"`);

/** `start` and `end` inclusive, as in HTTP; cut to what is there. @throws Invalid */
export function cutRange(
  range: { readonly start: number; readonly end: number } | undefined,
  size: number,
): { readonly start: number; readonly end: number } {
  if (range === undefined) return { start: 0, end: size - 1 };
  const { start, end } = range;
  const sane = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start;
  if (!sane || start >= size) throw new Invalid(`the range ${start}-${end} does not lie in the file's ${size} bytes`);
  return { start, end: Math.min(end, size - 1) };
}
