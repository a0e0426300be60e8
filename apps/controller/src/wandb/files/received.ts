/** Bytes that come in: stored under their SHA-256, with the MD5 by which W&B's clients know them. */
import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Blobs } from '@sweep/blobs';
import { type BlobHash, blobHash, Invalid } from '@sweep/domain';

export interface Received {
  readonly blob: BlobHash;
  readonly size: number;
  /** In base64. */
  readonly md5: string;
}

export interface Expected {
  /** For people. */
  readonly name: string;
  /** In base64; null: nobody said. */
  readonly md5: string | null;
  readonly maxBytes?: number;
}

/** @throws Invalid where the MD5 is another one, TooLarge */
export async function receive(blobs: Blobs, content: Readable, { name, md5: expected, maxBytes }: Expected): Promise<Received> {
  const digest = createHash('md5');
  const { hash, size } = await blobs.put(through(content, digest), maxBytes === undefined ? {} : { maxBytes });
  const md5 = digest.digest('base64');
  if (expected !== null && expected !== md5)
    throw new Invalid(
      `the bytes of ${name} have the MD5 ${md5}, expected was ${expected}: the upload was cut short, or it is another file`,
    );
  return { blob: blobHash(hash), size, md5 };
}

async function* through(content: Readable, digest: Hash): AsyncGenerator<Buffer> {
  for await (const part of content) {
    digest.update(part as Buffer);
    yield part as Buffer;
  }
}
