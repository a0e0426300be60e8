/**
 * Blobs in a folder: `ab/cd/abcd…` for the content, `tmp/` for what is still arriving.
 *
 * A blob is whole once it has its name: content goes to a temporary name, is fsynced, renamed, and the folder fsynced. Renaming over
 * an equal file is harmless, so concurrent puts of one content need no lock.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { Unavailable } from '@sweep/domain';
import type { Blobs, Content, Taken } from './blobs.js';
import { type Digester, digestHere } from './hashing/digests.js';
import { cutRange, isHash, missing, type PutOptions, takeIn } from './intake.js';

/** What is read or written at once; so much is held for each file that comes or goes. */
const pieceBytes = 512 * 1024;

/** Makes the folder when there is none. @throws Unavailable when it cannot be written */
export async function openFolderBlobs(folder: string, digester: Digester = digestHere): Promise<Blobs> {
  const temporary = join(folder, 'tmp');
  try {
    // Whatever programs and people upload is for the controller to give out, not for other users of this machine.
    await mkdir(temporary, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Unavailable(`cannot keep files in ${folder}: ${String(error)}`);
  }
  const pathOf = (hash: string): string => join(folder, hash.slice(0, 2), hash.slice(2, 4), hash);

  return {
    async put(content, options = {}) {
      const path = join(temporary, randomUUID());
      try {
        const taken = await write(path, content, options, digester);
        await moveInto(path, pathOf(taken.hash));
        return taken;
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },
    async open(hash, range) {
      const file = isHash(hash) ? await openFile(pathOf(hash)) : null;
      if (file === null) throw missing(hash);
      return read(file, range);
    },
    async has(hash) {
      return isHash(hash) && (await sizeOf(pathOf(hash))) !== null;
    },
    async remove(hash) {
      return isHash(hash) && removed(pathOf(hash));
    },
    async *list() {
      for await (const entry of await opendir(folder, { recursive: true })) {
        if (entry.isFile() && entry.parentPath !== temporary && isHash(entry.name)) yield entry.name;
      }
    },
    async sweepTemporary(olderThanMs) {
      const names = await readdir(temporary);
      const gone = await Promise.all(names.map((name) => removeOld(join(temporary, name), Date.now() - olderThanMs)));
      return gone.filter(Boolean).length;
    },
  };
}

/** Under a name of its own, on the disk when it answers. */
export async function write(path: string, content: Content, options: PutOptions, digester: Digester): Promise<Taken> {
  const file = await open(path, 'wx', 0o600);
  try {
    const gathered = new Gathered(file);
    const taken = await takeIn(content, options, (chunk) => gathered.add(chunk), digester);
    await gathered.flush();
    await file.sync();
    return taken;
  } catch (error) {
    throw isNoSpace(error) ? new Unavailable('the disk of the controller is full') : error;
  } finally {
    await file.close();
  }
}

/** Each write is a trip to another thread, and networks deliver small pieces: they go together. */
class Gathered {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(private readonly file: FileHandle) {}

  async add(chunk: Uint8Array): Promise<void> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes >= pieceBytes) await this.flush();
  }

  async flush(): Promise<void> {
    const [chunks, bytes] = [this.#chunks, this.#bytes];
    if (bytes === 0) return;
    [this.#chunks, this.#bytes] = [[], 0];
    const { bytesWritten } = await this.file.writev(chunks);
    if (bytesWritten < bytes) await writeAll(this.file, Buffer.concat(chunks).subarray(bytesWritten));
  }
}

/** One `write` may take only a part. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.byteLength; ) {
    const { bytesWritten } = await file.write(chunk, written);
    written += bytesWritten;
  }
}

async function moveInto(from: string, to: string): Promise<void> {
  const parent = dirname(to);
  const made = await mkdir(parent, { recursive: true, mode: 0o700 });
  await rename(from, to);
  await Promise.all(changedBy(parent, made).map(syncFolder));
}

/** New folders are names in the folders above, which a power cut would forget. @param made the uppermost that is new */
function changedBy(folder: string, made: string | undefined): readonly string[] {
  const above = dirname(folder);
  if (made === undefined || above === folder) return [folder];
  return folder === made ? [folder, above] : [folder, ...changedBy(above, made)];
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and needs none of this.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function openFile(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** From an open file, so that one which is removed meanwhile is still read to its end. The stream closes it. */
async function read(file: FileHandle, range: Parameters<Blobs['open']>[1]): ReturnType<Blobs['open']> {
  try {
    const { size } = await file.stat();
    const { start, end } = cutRange(range, size);
    if (end >= start) return { stream: file.createReadStream({ start, end, highWaterMark: pieceBytes }), size };
    await file.close();
    return { stream: Readable.from([]), size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function removed(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** False where it is younger, or gone. @param before milliseconds since the epoch */
export async function removeOld(path: string, before: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < before && (await removed(path));
  } catch (error) {
    // Its upload has just ended.
    if (isMissing(error)) return false;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
const isNoSpace = (error: unknown): boolean => codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT';
