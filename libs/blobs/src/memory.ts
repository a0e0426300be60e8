/** The in-memory twin of the folder: passes the same contract suite. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { blobHash, Invalid, NotFound, TooLarge } from '@sweep/domain';
import type { Blobs } from './blobs.js';

export function openMemoryBlobs(): Blobs {
  const blobs = new Map<string, Buffer>();
  return {
    async put(content, { expected, maxBytes } = {}) {
      const pieces: Buffer[] = [];
      let size = 0;
      for await (const piece of content) {
        size += (piece as Buffer).length;
        if (size > (maxBytes ?? Number.POSITIVE_INFINITY)) throw new TooLarge(`larger than the limit of ${maxBytes} bytes`);
        pieces.push(Buffer.from(piece as Buffer));
      }
      const bytes = Buffer.concat(pieces);
      const hash = blobHash(createHash('sha256').update(bytes).digest('hex'));
      if (expected !== undefined && expected !== hash) throw new Invalid(`the content has the SHA-256 ${hash}, expected was ${expected}`);
      blobs.set(hash, bytes);
      return { hash, size };
    },
    async open(hash, range) {
      const bytes = blobs.get(known(hash));
      if (bytes === undefined) throw new NotFound(`there is no blob ${hash}`);
      const part = range === undefined ? bytes : bytes.subarray(range.start, range.end + 1);
      return { stream: Readable.from(part.length === 0 ? [] : [part]), size: bytes.length };
    },
    has: async (hash) => blobs.has(known(hash)),
    remove: async (hash) => blobs.delete(known(hash)),
    sweepTemporary: async () => 0,
  };
}

function known(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new Invalid(`"${hash}" is not a blob: expected 64 hex digits`);
  return hash;
}
