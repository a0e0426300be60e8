import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobsContract } from '../testing/index.js';
import { openFolderBlobs } from './folder.js';
import { openMemoryBlobs } from './memory.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('blobs in a folder', () => {
  blobsContract(() => openFolderBlobs(folder));

  it('leave no temporary file behind, also when refused', async () => {
    const blobs = await openFolderBlobs(folder);
    await blobs.put(Readable.from([Buffer.from('a')]));
    await expect(blobs.put(Readable.from([Buffer.from('too long')]), { maxBytes: 1 })).rejects.toThrow();
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('forget what a killed process left half written, but not what is being written', async () => {
    const blobs = await openFolderBlobs(folder);
    await mkdir(join(folder, 'tmp'), { recursive: true });
    await writeFile(join(folder, 'tmp', 'old'), 'half');
    await utimes(join(folder, 'tmp', 'old'), 0, 0);
    await writeFile(join(folder, 'tmp', 'new'), 'half');
    expect(await blobs.sweepTemporary(3_600_000)).toBe(1);
    expect(await readdir(join(folder, 'tmp'))).toEqual(['new']);
  });
});

describe('blobs in memory', () => {
  blobsContract(async () => openMemoryBlobs());
});
