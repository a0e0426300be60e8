/** The digests of a content, made while it passes: SHA-256 by which it is kept, MD5 by which W&B's clients know it. */
import { createHash, type Hash } from 'node:crypto';
import { type BlobHash, blobHash } from '@sweep/domain';

export interface Digests {
  readonly hash: BlobHash;
  /** In base64. */
  readonly md5: string;
}

/** Ends once: by `digests`, whatever comes of it, or by `abandon`. */
export interface Digesting {
  /** The bytes may be used again once it has answered. */
  add(chunk: Uint8Array): Promise<void>;
  digests(): Promise<Digests>;
  /** Where the content breaks off. */
  abandon(): void;
}

/** Begins one. */
export type Digester = () => Digesting;

export class Hashes {
  readonly #sha256: Hash = createHash('sha256');
  readonly #md5: Hash = createHash('md5');

  update(chunk: Uint8Array): void {
    this.#sha256.update(chunk);
    this.#md5.update(chunk);
  }

  digests(): Digests {
    return { hash: blobHash(this.#sha256.digest('hex')), md5: this.#md5.digest('base64') };
  }
}

/** Where no thread is worth it. */
export const digestHere: Digester = () => {
  const hashes = new Hashes();
  return { add: async (chunk) => hashes.update(chunk), digests: async () => hashes.digests(), abandon: () => undefined };
};
