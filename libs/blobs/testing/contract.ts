/** What callers of `Blobs` rely on; runs on every implementation. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type BlobHash, blobHash, Invalid, NotFound, TooLarge } from '@sweep/domain';
import { expect, it } from 'vitest';
import type { Blobs } from '../src/blobs.js';

const hashOf = (text: string): BlobHash => blobHash(createHash('sha256').update(text).digest('hex'));
const stream = (text: string): Readable => Readable.from([Buffer.from(text)]);

async function textOf(blobs: Blobs, hash: BlobHash, range?: { start: number; end: number }): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of (await blobs.open(hash, range)).stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

export function blobsContract(open: () => Promise<Blobs>): void {
  it('gives back what was stored, under its SHA-256', async () => {
    const blobs = await open();
    expect(await blobs.put(stream('weights'))).toEqual({ hash: hashOf('weights'), size: 7 });
    expect(await textOf(blobs, hashOf('weights'))).toBe('weights');
    expect((await blobs.open(hashOf('weights'))).size).toBe(7);
  });

  it('stores an empty file', async () => {
    const blobs = await open();
    const { hash } = await blobs.put(Readable.from([]));
    expect(await textOf(blobs, hash)).toBe('');
  });

  it('reads a range, both ends included', async () => {
    const blobs = await open();
    const { hash } = await blobs.put(stream('0123456789'));
    expect(await textOf(blobs, hash, { start: 2, end: 4 })).toBe('234');
  });

  it('takes the same content from many at once', async () => {
    const blobs = await open();
    const results = await Promise.all(Array.from({ length: 10 }, () => blobs.put(stream('same'))));
    expect(new Set(results.map(({ hash }) => hash)).size).toBe(1);
    expect(await textOf(blobs, hashOf('same'))).toBe('same');
  });

  it('refuses content that is not what its name says, and keeps nothing of it', async () => {
    const blobs = await open();
    await expect(blobs.put(stream('damaged'), { expected: hashOf('whole') })).rejects.toThrow(Invalid);
    expect(await blobs.has(hashOf('whole'))).toBe(false);
    expect(await blobs.has(hashOf('damaged'))).toBe(false);
  });

  it('refuses content beyond the limit, and keeps nothing of it', async () => {
    const blobs = await open();
    await expect(blobs.put(stream('too long'), { maxBytes: 7 })).rejects.toThrow(TooLarge);
    expect(await blobs.has(hashOf('too long'))).toBe(false);
  });

  it('keeps nothing of a stream that breaks', async () => {
    const blobs = await open();
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('cut off');
      })(),
    );
    await expect(blobs.put(broken)).rejects.toThrow('cut off');
    expect(await blobs.has(hashOf('half'))).toBe(false);
  });

  it('forgets what is removed, once', async () => {
    const blobs = await open();
    const { hash } = await blobs.put(stream('old'));
    expect(await blobs.remove(hash)).toBe(true);
    expect(await blobs.remove(hash)).toBe(false);
    await expect(blobs.open(hash)).rejects.toThrow(NotFound);
  });

  it('takes no name that is not a hash', async () => {
    const blobs = await open();
    for (const name of ['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(63)}/`])
      await expect(blobs.has(blobHash(name))).rejects.toThrow(Invalid);
  });
}
