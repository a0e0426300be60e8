/** Bytes that come in: stored under their SHA-256, with the MD5 by which W&B's clients know them. */
import type { Readable } from 'node:stream';
import type { Blobs } from '@sweep/blobs';
import { type BlobHash, Invalid } from '@sweep/domain';

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
  const { hash, size, md5 } = await blobs.put(content, maxBytes === undefined ? {} : { maxBytes });
  if (expected !== null && expected !== md5)
    throw new Invalid(
      `the bytes of ${name} have the MD5 ${md5}, expected was ${expected}: the upload was cut short, or it is another file`,
    );
  return { blob: hash, size, md5 };
}
