/**
 * Blobs in a folder: `ab/cdef…`, written to a temporary name, fsynced, renamed.
 *
 * A reader never sees half a file, and a crash leaves only temporary files, which `sweepTemporary` removes.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BlobHash, blobHash, Invalid, NotFound, TooLarge } from '@sweep/domain';
import type { Blobs } from './blobs.js';

const temporary = 'tmp';
const form = /^[0-9a-f]{64}$/;

export async function openFolderBlobs(folder: string): Promise<Blobs> {
  await mkdir(join(folder, temporary), { recursive: true, mode: 0o700 });
  return new FolderBlobs(folder);
}

class FolderBlobs implements Blobs {
  constructor(private readonly folder: string) {}

  async put(
    content: Readable,
    { expected, maxBytes }: { readonly expected?: BlobHash; readonly maxBytes?: number } = {},
  ): Promise<{ hash: BlobHash; size: number }> {
    const path = join(this.folder, temporary, randomBytes(16).toString('hex'));
    try {
      const meter = new Meter(maxBytes ?? Number.POSITIVE_INFINITY);
      // `flush` syncs the file before it is closed: a rename must never outlive the data.
      await pipeline(content, meter, createWriteStream(path, { mode: 0o600, flush: true }));
      const hash = meter.digest();
      if (expected !== undefined && expected !== hash)
        throw new Invalid(`the content has the SHA-256 ${hash}, expected was ${expected}: it was damaged on the way, or the name is wrong`);
      await this.#place(path, hash);
      return { hash, size: meter.size };
    } finally {
      await rm(path, { force: true });
    }
  }

  async open(hash: BlobHash, range?: { readonly start: number; readonly end: number }): Promise<{ stream: Readable; size: number }> {
    const path = this.#path(hash);
    const size = await sizeOf(path);
    if (size === null) throw new NotFound(`there is no blob ${hash}`);
    return { stream: createReadStream(path, range ?? {}), size };
  }

  async has(hash: BlobHash): Promise<boolean> {
    return (await sizeOf(this.#path(hash))) !== null;
  }

  async remove(hash: BlobHash): Promise<boolean> {
    const path = this.#path(hash);
    if ((await sizeOf(path)) === null) return false;
    await rm(path, { force: true });
    return true;
  }

  async sweepTemporary(olderThanMs: number): Promise<number> {
    const folder = join(this.folder, temporary);
    const oldest = Date.now() - olderThanMs;
    let removed = 0;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const facts = await stat(path).catch(missing);
      if (facts === null || facts.mtimeMs > oldest) continue;
      await rm(path, { force: true });
      removed++;
    }
    return removed;
  }

  /** The same content under the same name: replacing one by the other changes nothing. */
  async #place(path: string, hash: BlobHash): Promise<void> {
    const target = this.#path(hash);
    const parent = join(this.folder, hash.slice(0, 2));
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await rename(path, target);
    await syncFolder(parent);
  }

  /** @throws Invalid for anything but a hash, so that no name leaves the folder */
  #path(hash: BlobHash): string {
    if (!form.test(hash)) throw new Invalid(`"${hash}" is not a blob: expected 64 hex digits`);
    return join(this.folder, hash.slice(0, 2), hash.slice(2));
  }
}

/** Counts and hashes what passes, up to a limit. */
class Meter extends Transform {
  readonly #hash = createHash('sha256');
  size = 0;

  constructor(private readonly maxBytes: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null, data?: Buffer) => void): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) {
      done(new TooLarge(`larger than the limit of ${this.maxBytes} bytes`));
      return;
    }
    this.#hash.update(chunk);
    done(null, chunk);
  }

  digest(): BlobHash {
    return blobHash(this.#hash.digest('hex'));
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return (await stat(path).catch(missing))?.size ?? null;
}

function missing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** The rename itself must survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
