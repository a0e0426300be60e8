/** The seam to content-addressed files: a folder on disk (default) or S3-compatible storage. One contract suite. */
import type { Readable } from 'node:stream';
import type { BlobHash } from '@sweep/domain';
import type { Digests } from './hashing/digests.js';

/** A stream, or whatever else hands out bytes piece by piece. */
export type Content = AsyncIterable<string | Uint8Array>;

/** SHA-256, MD5 and bytes of what was stored. */
export interface Taken extends Digests {
  readonly size: number;
}

export interface Blobs {
  /**
   * Stores a stream under its SHA-256: temporary name, fsync, rename. Storing the same content twice is one file.
   * @throws TooLarge beyond `maxBytes`; Invalid when `expected` is given and the content differs. Nothing is left behind then.
   */
  put(content: Content, options?: { readonly expected?: BlobHash; readonly maxBytes?: number }): Promise<Taken>;
  /** The stream holds an open file: read it to its end or destroy it. @throws NotFound; Invalid for a range outside the file */
  open(
    hash: BlobHash,
    range?: { readonly start: number; readonly end: number },
  ): Promise<{ readonly stream: Readable; readonly size: number }>;
  has(hash: BlobHash): Promise<boolean>;
  remove(hash: BlobHash): Promise<boolean>;
  /** All that are whole, in no order; those that come or go meanwhile may be missing. */
  list(): AsyncIterable<BlobHash>;
  /** Removes temporary files that a killed process left, older than `olderThanMs`. */
  sweepTemporary(olderThanMs: number): Promise<number>;
}
