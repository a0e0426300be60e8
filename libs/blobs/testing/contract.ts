/** What every `Blobs` promises. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Blobs } from '@sweep/blobs';
import { type BlobHash, blobHash, Invalid, NotFound, TooLarge } from '@sweep/domain';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const hashOf = (content: Uint8Array): BlobHash => blobHash(createHash('sha256').update(content).digest('hex'));
const nowhere = blobHash('0'.repeat(64));

/** An opened stream holds a file: it is read to its end or destroyed. */
async function sizeOf(blobs: Blobs, hash: BlobHash, range?: { start: number; end: number }): Promise<number> {
  const { stream, size } = await blobs.open(hash, range);
  stream.destroy();
  return size;
}

async function read(blobs: Blobs, hash: BlobHash, range?: { start: number; end: number }): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of (await blobs.open(hash, range)).stream) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}

/** A stream that breaks after the given content. */
async function* broken(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
  throw new Error('the line broke');
}

export function blobsContract(open: () => Promise<Blobs>): void {
  it('lists what was put and is still there', async () => {
    const blobs = await open();
    const [kept, gone] = [await blobs.put(Readable.from([Buffer.from('kept')])), await blobs.put(Readable.from([Buffer.from('gone')]))];
    await blobs.remove(gone.hash);
    const listed: BlobHash[] = [];
    for await (const hash of blobs.list()) listed.push(hash);
    expect(listed).toContain(kept.hash);
    expect(listed).not.toContain(gone.hash);
  });

  it('gives back what was put, under its SHA-256', async () => {
    const blobs = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 5 }), async (chunks) => {
        const content = Buffer.concat(chunks);
        const { hash, size } = await blobs.put(Readable.from(chunks));
        expect([hash, size]).toEqual([hashOf(content), content.byteLength]);
        expect((await read(blobs, hash)).equals(content)).toBe(true);
        expect(await sizeOf(blobs, hash)).toBe(content.byteLength);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps one of equal files, however many put it at once', async () => {
    const blobs = await open();
    const content = Buffer.alloc(300_000, 7);
    const results = await Promise.all(Array.from({ length: 10 }, () => blobs.put(Readable.from([content]))));
    expect(new Set(results.map(({ hash }) => hash))).toEqual(new Set([hashOf(content)]));
    expect((await read(blobs, hashOf(content))).equals(content)).toBe(true);
    expect(await blobs.remove(hashOf(content))).toBe(true);
    expect(await blobs.has(hashOf(content))).toBe(false);
  });

  it('refuses content that is not the expected one, and keeps nothing of it', async () => {
    const blobs = await open();
    const content = Buffer.from('the file');
    await expect(blobs.put(Readable.from([content]), { expected: nowhere })).rejects.toBeInstanceOf(Invalid);
    expect(await blobs.has(hashOf(content))).toBe(false);
    expect((await blobs.put(Readable.from([content]), { expected: hashOf(content) })).hash).toBe(hashOf(content));
  });

  it('refuses a file over the limit, takes one at the limit, and stops reading early', async () => {
    const blobs = await open();
    let read = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        read++;
        yield Buffer.alloc(1_000);
      }
    }
    await expect(blobs.put(Readable.from(endless()), { maxBytes: 10_000 })).rejects.toBeInstanceOf(TooLarge);
    expect(read).toBeLessThan(100);
    expect((await blobs.put(Readable.from([Buffer.alloc(10_000)]), { maxBytes: 10_000 })).size).toBe(10_000);
  });

  it('keeps nothing of an upload that breaks', async () => {
    const blobs = await open();
    const content = Buffer.from('the first half');
    await expect(blobs.put(Readable.from(broken(content)))).rejects.toThrow('the line broke');
    expect(await blobs.has(hashOf(content))).toBe(false);
  });

  it('reads ranges, both ends included and cut at the end of the file', async () => {
    const blobs = await open();
    const { hash } = await blobs.put(Readable.from([Buffer.from('0123456789')]));
    expect((await read(blobs, hash, { start: 2, end: 4 })).toString()).toBe('234');
    expect((await read(blobs, hash, { start: 9, end: 9 })).toString()).toBe('9');
    expect((await read(blobs, hash, { start: 5, end: 1_000 })).toString()).toBe('56789');
    expect(await sizeOf(blobs, hash, { start: 2, end: 4 })).toBe(10);
    for (const range of [
      { start: 10, end: 12 },
      { start: 4, end: 2 },
      { start: -1, end: 2 },
      { start: 0.5, end: 2 },
    ]) {
      await expect(blobs.open(hash, range)).rejects.toBeInstanceOf(Invalid);
    }
  });

  it('says when there is no such file', async () => {
    const blobs = await open();
    await expect(blobs.open(nowhere)).rejects.toBeInstanceOf(NotFound);
    expect(await blobs.has(nowhere)).toBe(false);
    expect(await blobs.remove(nowhere)).toBe(false);
  });

  it.each(['', '..', '../../../etc/passwd', `${'a'.repeat(62)}/.`, 'A'.repeat(64), 'a'.repeat(65), `${'a'.repeat(64)}\n`, '\0'.repeat(64)])(
    'knows nothing of %j, which is no hash',
    async (text) => {
      const blobs = await open();
      await expect(blobs.open(blobHash(text))).rejects.toBeInstanceOf(NotFound);
      expect(await blobs.has(blobHash(text))).toBe(false);
      expect(await blobs.remove(blobHash(text))).toBe(false);
    },
  );

  it('lets a reader finish that began before the file was removed', async () => {
    const blobs = await open();
    const content = Buffer.alloc(500_000, 3);
    const { hash } = await blobs.put(Readable.from([content]));
    const { stream } = await blobs.open(hash);
    await blobs.remove(hash);
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part as Uint8Array);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });
}
