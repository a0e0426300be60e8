import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { blobsContract } from '@sweep/blobs/testing';
import { blobHash, Invalid, TooLarge, Unavailable } from '@sweep/domain';
import { afterEach, describe, expect, it } from 'vitest';
import { openFolderBlobs } from './index.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sweep-blobs-'));
  folders.push(folder);
  return folder;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('blobs in a folder', () => {
  blobsContract(async () => openFolderBlobs(await freshFolder()));

  it('lie two levels deep, so that no folder grows large', async () => {
    const folder = await freshFolder();
    const { hash } = await (await openFolderBlobs(folder)).put(Readable.from(['x']));
    expect((await stat(join(folder, hash.slice(0, 2), hash.slice(2, 4), hash))).size).toBe(1);
  });

  it('are there for the next process', async () => {
    const folder = await freshFolder();
    const { hash } = await (await openFolderBlobs(folder)).put(Readable.from(['x']));
    expect(await (await openFolderBlobs(folder)).has(hash)).toBe(true);
  });

  it('leave no file behind when a put fails, whatever the reason', async () => {
    const folder = await freshFolder();
    const blobs = await openFolderBlobs(folder);
    const fails = async function* (): AsyncGenerator<string> {
      yield 'half';
      throw new Error('the line broke');
    };
    await expect(blobs.put(Readable.from(fails()))).rejects.toThrow('the line broke');
    await expect(blobs.put(Readable.from(['x']), { expected: blobHash('0'.repeat(64)) })).rejects.toBeInstanceOf(Invalid);
    await expect(blobs.put(Readable.from(['too long']), { maxBytes: 3 })).rejects.toBeInstanceOf(TooLarge);
    expect(await filesIn(folder)).toEqual([]);
  });

  it('get rid of what a killed process left, and of nothing that is still arriving', async () => {
    const folder = await freshFolder();
    const blobs = await openFolderBlobs(folder);
    const { hash } = await blobs.put(Readable.from(['kept']));
    await writeFile(join(folder, 'tmp', 'old'), 'left');
    await writeFile(join(folder, 'tmp', 'new'), 'arriving');
    const anHourAgo = Date.now() / 1_000 - 3_600;
    await utimes(join(folder, 'tmp', 'old'), anHourAgo, anHourAgo);
    expect(await blobs.sweepTemporary(60_000)).toBe(1);
    expect((await filesIn(folder)).sort()).toEqual([hash, 'new'].sort());
  });

  it('say so when the folder cannot be', async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'other'));
    await expect(openFolderBlobs(join(folder, 'file'))).rejects.toBeInstanceOf(Unavailable);
  });
});
