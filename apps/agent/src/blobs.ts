/**
 * Files of attempts, to and from the controller: shipped code, checkpoints, outputs. Content is named by its SHA-256 and checked.
 *
 * Owns the transfers and the cache of code; when they happen is `execution.ts`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Invalid, TooLarge, Unavailable } from '@sweep/domain';
import type { AgentChannel, Blob, Stored } from '@sweep/protocol';
import type { Clock } from '@sweep/runtime';
import { listFolder, packFolder, type UnpackLimits, unpack } from './archive.js';

const mostTries = 5;
const codeLimits: UnpackLimits = { bytes: 4 * 1024 ** 3, entries: 200_000 };
const checkpointLimits: UnpackLimits = { bytes: 256 * 1024 ** 3, entries: 200_000 };

export class AttemptBlobs {
  private readonly fetching = new Map<string, Promise<string>>();

  constructor(
    private readonly channel: () => Pick<AgentChannel, 'putBlob' | 'getBlob'>,
    private readonly codeFolder: string,
  ) {}

  /** The folder with this code, fetched once for all trials that run it. */
  code(leaseId: string, blob: Blob): Promise<string> {
    const fetched = this.fetching.get(blob.hash) ?? this.fetchCode(leaseId, blob);
    this.fetching.set(blob.hash, fetched);
    // The next trial looks for itself: the folder may have been cleared away, or it was never fetched whole.
    return fetched.finally(() => this.fetching.delete(blob.hash));
  }

  private async fetchCode(leaseId: string, blob: Blob): Promise<string> {
    if (!/^[0-9a-f]{64}$/.test(blob.hash)) throw new Invalid(`${JSON.stringify(blob.hash)} is not a SHA-256`);
    const folder = join(this.codeFolder, blob.hash);
    if (await isFolder(folder)) {
      await touch(folder);
      return folder;
    }
    await this.unpackInto(leaseId, blob, { folder, limits: codeLimits });
    return folder;
  }

  /** What an attempt on another machine left, in place of whatever is in the folder. */
  async restoreCheckpoint(leaseId: string, blob: Blob, folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await this.unpackInto(leaseId, blob, { folder, limits: checkpointLimits });
  }

  /** Null when there is nothing to keep. */
  async storeCheckpoint(leaseId: string, folder: string): Promise<Stored | null> {
    if (await isEmpty(folder)) return null;
    const archive = `${folder}.${randomBytes(4).toString('hex')}.tar.gz`;
    try {
      await packFolder(folder, archive);
      return { leaseId, kind: 'checkpoint', path: 'checkpoint.tar.gz', blob: await this.put(leaseId, archive) };
    } finally {
      await rm(archive, { force: true });
    }
  }

  /** One after the other; links are not followed, so that nothing outside is uploaded. */
  async *storeOutputs(leaseId: string, folder: string): AsyncGenerator<Stored> {
    for (const path of await listFolder(folder)) {
      if (!(await lstat(path)).isFile()) continue;
      yield { leaseId, kind: 'output', path: relative(folder, path).split(sep).join('/'), blob: await this.put(leaseId, path) };
    }
  }

  /** Null when the work is done, else why it was given up: refused, or the controller stayed away. */
  async withRetries(work: () => Promise<void>, clock: Clock): Promise<unknown> {
    for (let tries = 1; ; tries++) {
      try {
        await work();
        return null;
      } catch (error) {
        if (!(error instanceof Unavailable) || tries === mostTries) return error;
        await clock.sleep(1_000 * 2 ** (tries - 1));
      }
    }
  }

  private async put(leaseId: string, path: string): Promise<Blob> {
    const { size } = await stat(path);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return this.channel().putBlob({ leaseId, hash: hash.digest('hex'), size }, createReadStream(path));
  }

  /** Under another name first: the folder is there whole or not at all. */
  private async unpackInto(
    leaseId: string,
    { hash, size }: Blob,
    { folder, limits }: { folder: string; limits: UnpackLimits },
  ): Promise<void> {
    const temporary = `${folder}.${randomBytes(4).toString('hex')}.new`;
    try {
      await mkdir(temporary, { recursive: true, mode: 0o700 });
      await unpack(checked(this.channel().getBlob({ leaseId, hash }), { hash, size }), temporary, limits);
      await rename(temporary, folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }
}

/** @throws Invalid at the end when the content is not what its name says */
async function* checked(content: AsyncIterable<Uint8Array>, { hash, size }: Blob): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (size > 0 && bytes > size) throw new TooLarge(`blob ${hash} is longer than its ${size} bytes`);
    digest.update(chunk);
    yield chunk;
  }
  if (digest.digest('hex') !== hash) throw new Invalid(`blob ${hash} arrived with another content`);
}

/** The time of its last use, by which old folders are cleared away. */
async function touch(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now);
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isEmpty = (folder: string): Promise<boolean> =>
  listFolder(folder).then(
    (paths) => paths.length === 0,
    () => true,
  );
