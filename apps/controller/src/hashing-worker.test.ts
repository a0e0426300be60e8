import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Blobs, hashingThread, openFolderBlobs } from '@sweep/blobs';
import { blobsContract } from '@sweep/blobs/testing';
import { blobHash, Invalid } from '@sweep/domain';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashingProgram } from '../testing/thread-programs.js';

const piece = 256 * 1024;
let folder = '';
let program: URL;
const open = (): Promise<Blobs> => openFolderBlobs(folder, hashingThread(program));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-hashing-'));
  program = await hashingProgram();
});
afterAll(() => rm(folder, { recursive: true }));

const digestsOf = (content: Uint8Array) => ({
  hash: createHash('sha256').update(content).digest('hex'),
  md5: createHash('md5').update(content).digest('base64'),
});

async function* inChunks(content: Uint8Array, bytes: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.byteLength; start += bytes) yield content.subarray(start, start + bytes);
}

async function* brokenOff(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
  throw new Error('the line broke');
}

describe('blobs whose digests are made in a thread', () => {
  blobsContract(open);

  it('have the digests of their bytes, however many and in whatever chunks they come, many at once', async () => {
    const blobs = await open();
    const size = fc.oneof(fc.constantFrom(0, 1, piece - 1, piece, piece + 1, 2 * piece, 5 * piece + 7), fc.nat(3 * piece));
    const chunk = fc.constantFrom(1_000, 65_536, piece, piece + 1, 10 * piece);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ size, chunk }), { minLength: 1, maxLength: 6 }), async (wanted) => {
        const contents = wanted.map((one) => ({ ...one, bytes: randomBytes(one.size) }));
        const stored = await Promise.all(contents.map(({ bytes, chunk: bytesEach }) => blobs.put(inChunks(bytes, bytesEach))));
        expect(stored).toEqual(contents.map(({ bytes }) => ({ ...digestsOf(bytes), size: bytes.length })));
      }),
      { numRuns: 20 },
    );
  });

  it('are not mixed with what broke off', async () => {
    const blobs = await open();
    const whole = randomBytes(4 * piece);
    const broken = Array.from({ length: 5 }, () => expect(blobs.put(brokenOff(randomBytes(3 * piece)))).rejects.toThrow('the line broke'));
    expect(await blobs.put(inChunks(whole, 65_536))).toMatchObject(digestsOf(whole));
    await Promise.all(broken);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('are digested by themselves, also after some that were refused once they had been digested', async () => {
    const blobs = await open();
    const expected = blobHash('0'.repeat(64));
    for (const bytes of [10, 4 * piece])
      await expect(blobs.put(inChunks(randomBytes(bytes), 65_536), { expected })).rejects.toThrow(Invalid);
    const contents = Array.from({ length: 4 }, () => randomBytes(3 * piece));
    const stored = await Promise.all(contents.map((bytes) => blobs.put(inChunks(bytes, 1_000))));
    expect(stored).toMatchObject(contents.map(digestsOf));
  });

  it('are refused where the thread dies, and it is started again', async () => {
    const dying = new URL('data:text/javascript,setTimeout(() => process.exit(1), 50)');
    const blobs = await openFolderBlobs(folder, hashingThread(dying));
    for (let time = 0; time < 2; time++)
      await expect(blobs.put(inChunks(randomBytes(4 * piece), 65_536))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await blobs.put(inChunks(Buffer.from('small'), 10))).toMatchObject(digestsOf(Buffer.from('small')));
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });
});
