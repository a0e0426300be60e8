/** The in-memory twin. */
import { Readable } from 'node:stream';
import type { BlobHash } from '@sweep/domain';
import type { Blobs } from './blobs.js';
import { cutRange, missing, takeIn } from './intake.js';

export function openMemoryBlobs(): Blobs {
  const blobs = new Map<BlobHash, Buffer>();
  return {
    async put(content, options = {}) {
      const parts: Uint8Array[] = [];
      const taken = await takeIn(content, options, async (chunk) => void parts.push(Buffer.from(chunk)));
      blobs.set(taken.hash, Buffer.concat(parts));
      return taken;
    },
    async open(hash, range) {
      const content = blobs.get(hash);
      if (content === undefined) throw missing(hash);
      const { start, end } = cutRange(range, content.byteLength);
      return { stream: Readable.from(end < start ? [] : [content.subarray(start, end + 1)]), size: content.byteLength };
    },
    has: async (hash) => blobs.has(hash),
    remove: async (hash) => blobs.delete(hash),
    async *list() {
      yield* [...blobs.keys()];
    },
    // An upload that fails leaves nothing here, and a killed process leaves nothing at all.
    sweepTemporary: async () => 0,
  };
}
