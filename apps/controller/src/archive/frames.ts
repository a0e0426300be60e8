/**
 * The file of a backup: gzip over frames, each one byte of kind, four of length, and its content; a frame of JSON says what follows. The
 * last one seals the file with the SHA-256 of everything before it, so that half a file, or a damaged one, is known before it is used.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { Invalid } from '@sweep/domain';
import { z } from 'zod';

const kinds = { json: 1, data: 2 } as const;
const headBytes = 5;
/** No frame of ours is larger; a length beyond comes from a damaged file. */
const mostBytes = 256 * 1024 * 1024;
export const format = 'sweep-backup';
export const formatVersion = 1;

const note = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), format: z.literal(format), version: z.number(), madeAt: z.string() }),
  z.object({ kind: z.literal('schema'), migrations: z.array(z.object({ name: z.string(), hash: z.string() })) }),
  z.object({ kind: z.literal('table'), name: z.string(), columns: z.array(z.string()) }),
  z.object({ kind: z.literal('table-end'), rows: z.number() }),
  z.object({ kind: z.literal('blob'), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ kind: z.literal('blob-end'), size: z.number() }),
  z.object({ kind: z.literal('end'), tables: z.number(), rows: z.number(), blobs: z.number(), sha256: z.string() }),
]);
export type Note = z.infer<typeof note>;
export type Frame = { readonly note: Note } | { readonly data: Uint8Array };

function frame(kind: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(content.byteLength, 1);
  return Buffer.concat([head, content]);
}

/** Frames to bytes, sealed at the end. */
export async function* encode(frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const counted = { tables: 0, rows: 0, blobs: 0 };
  for await (const one of frames) {
    const bytes = 'data' in one ? frame(kinds.data, one.data) : frame(kinds.json, Buffer.from(JSON.stringify(one.note)));
    if ('note' in one) count(counted, one.note);
    hash.update(bytes);
    yield bytes;
  }
  const end: Note = { kind: 'end', ...counted, sha256: hash.digest('hex') };
  yield frame(kinds.json, Buffer.from(JSON.stringify(end)));
}

function count(counted: { tables: number; rows: number; blobs: number }, one: Note): void {
  if (one.kind === 'table') counted.tables++;
  if (one.kind === 'table-end') counted.rows += one.rows;
  if (one.kind === 'blob') counted.blobs++;
}

/** @throws Invalid for a file that is no backup, was cut off or is damaged: at the latest when its end is reached */
export async function* readFrames(path: string): AsyncGenerator<Frame> {
  const hash = createHash('sha256');
  let sealed = false;
  for await (const { kind, content, bytes } of raw(path)) {
    if (sealed) throw damaged(path, 'something follows its end');
    if (kind === kinds.data) {
      hash.update(bytes);
      yield { data: content };
      continue;
    }
    const one = readNote(path, content);
    if (one.kind !== 'end') hash.update(bytes);
    else if (one.sha256 !== hash.digest('hex')) throw damaged(path, 'its content is not what was written');
    else sealed = true;
    yield { note: one };
  }
  if (!sealed) throw damaged(path, 'its end is missing');
}

async function* raw(path: string): AsyncGenerator<{ readonly kind: number; readonly content: Buffer; readonly bytes: Buffer }> {
  let held: Buffer = Buffer.alloc(0);
  const file = createReadStream(path);
  const plain = file.pipe(createGunzip());
  file.on('error', (error) => plain.destroy(error));
  try {
    for await (const piece of plain) {
      held = held.byteLength === 0 ? (piece as Buffer) : Buffer.concat([held, piece as Buffer]);
      for (let whole = wholeFrame(path, held); whole > 0; whole = wholeFrame(path, held)) {
        yield { kind: held.readUInt8(0), content: held.subarray(headBytes, whole), bytes: held.subarray(0, whole) };
        held = held.subarray(whole);
      }
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'EACCES') throw new Invalid(`cannot read ${path}: ${code}`);
    throw code.startsWith('Z_') ? damaged(path, 'it is no gzip, or was cut off') : error;
  } finally {
    // Whoever reads only the beginning leaves it open otherwise.
    file.destroy();
  }
  if (held.byteLength > 0) throw damaged(path, 'it was cut off');
}

/** Length of the first frame with its head; 0 while it is not whole. */
function wholeFrame(path: string, held: Buffer): number {
  if (held.byteLength < headBytes) return 0;
  const length = held.readUInt32BE(1);
  if (length > mostBytes) throw damaged(path, 'a part of it claims to be larger than any');
  return held.byteLength >= headBytes + length ? headBytes + length : 0;
}

function readNote(path: string, content: Buffer): Note {
  try {
    return note.parse(JSON.parse(content.toString('utf8')));
  } catch {
    throw damaged(path, 'a part of it cannot be read; it may be of a newer version');
  }
}

export const damaged = (path: string, what: string): Invalid => new Invalid(`${path} is no whole backup: ${what}`);
