/**
 * Everything into one file and back: the database (one snapshot) and the files that runs hold.
 *
 * A backup may be made beside a live controller. A restore reads the whole file before it touches anything, and takes an empty database.
 */
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Blobs } from '@sweep/blobs';
import { blobHash, Conflict, Incompatible, Invalid } from '@sweep/domain';
import { type DumpPart, dumpDatabase, restoreDatabase } from '@sweep/store';
import { damaged, encode, type Frame, format, formatVersion, type Note, readFrames } from './frames.js';

export interface Place {
  readonly databaseUrl: string;
  readonly blobs: Blobs;
}

export interface Contents {
  readonly tables: number;
  readonly rows: number;
  readonly blobs: number;
}

/** @throws Conflict when the file is there already, Invalid when none can be made there */
export async function backUp({ databaseUrl, blobs }: Place, path: string): Promise<Contents> {
  const partial = `${path}.partial`;
  await refuseExisting(path);
  const contents = { tables: 0, rows: 0, blobs: 0 };
  try {
    const frames = counted(framesOf(databaseUrl, blobs), contents);
    // It holds hashes of keys and whatever programs logged.
    const file = createWriteStream(partial, { mode: 0o600, flush: true });
    await pipeline(Readable.from(encode(frames)), createGzip({ level: 3 }), file);
    await rename(partial, path);
    return contents;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function refuseExisting(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
    await rm(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Conflict(`${path} is there already: name another file`);
    throw new Invalid(`${path} cannot be written (${(error as Error).message}): name a file in a folder that exists and is yours to write`);
  }
}

async function* framesOf(databaseUrl: string, blobs: Blobs): AsyncGenerator<Frame> {
  yield { note: { kind: 'start', format, version: formatVersion, madeAt: new Date().toISOString() } };
  for await (const part of dumpDatabase(databaseUrl)) yield part.kind === 'rows' ? { data: part.data } : { note: noteOf(part) };
  // After the database: what its snapshot names was stored before it.
  for await (const hash of blobs.list()) {
    if (!(await blobs.has(hash))) continue;
    const { stream, size } = await blobs.open(hash);
    yield { note: { kind: 'blob', hash } };
    for await (const data of stream) yield { data: data as Uint8Array };
    yield { note: { kind: 'blob-end', size } };
  }
}

function noteOf(part: Exclude<DumpPart, { kind: 'rows' }>): Note {
  if (part.kind === 'schema') return { kind: 'schema', migrations: part.migrations.map(({ name, hash }) => ({ name, hash })) };
  return part.kind === 'table' ? { ...part, columns: [...part.columns] } : part;
}

async function* counted(frames: AsyncIterable<Frame>, contents: { tables: number; rows: number; blobs: number }): AsyncGenerator<Frame> {
  for await (const one of frames) {
    if ('note' in one && one.note.kind === 'table') contents.tables++;
    if ('note' in one && one.note.kind === 'table-end') contents.rows += one.note.rows;
    if ('note' in one && one.note.kind === 'blob') contents.blobs++;
    yield one;
  }
}

/**
 * @throws Invalid when the file is no whole backup, Incompatible when it is of a newer version, Conflict when the database is in use;
 *   nothing was changed then
 */
export async function restore({ databaseUrl, blobs }: Place, path: string): Promise<Contents> {
  const contents = await check(path);
  const frames = readFrames(path);
  await restoreDatabase(databaseUrl, partsOf(frames, path));
  await restoreBlobs(path, blobs);
  return contents;
}

/** Reads it from end to end. */
async function check(path: string): Promise<Contents> {
  let first = true;
  let contents: Contents | null = null;
  for await (const one of readFrames(path)) {
    if (first && (!('note' in one) || one.note.kind !== 'start')) throw damaged(path, 'it does not begin as one');
    if (first && 'note' in one && one.note.kind === 'start' && one.note.version > formatVersion)
      throw new Incompatible(`${path} is a backup of version ${one.note.version}, and this program reads ${formatVersion}: upgrade it`);
    first = false;
    if ('note' in one && one.note.kind === 'end') contents = { tables: one.note.tables, rows: one.note.rows, blobs: one.note.blobs };
  }
  if (contents === null) throw damaged(path, 'its end is missing');
  return contents;
}

/** Of the database; the rest is left. */
async function* partsOf(frames: AsyncIterable<Frame>, path: string): AsyncGenerator<DumpPart> {
  for await (const one of frames) {
    if ('data' in one) yield { kind: 'rows', data: one.data };
    else if (one.note.kind === 'blob' || one.note.kind === 'end') return;
    else if (one.note.kind === 'schema' || one.note.kind === 'table' || one.note.kind === 'table-end') yield one.note;
    else if (one.note.kind !== 'start') throw damaged(path, `it has a ${one.note.kind} within its tables`);
  }
}

async function restoreBlobs(path: string, blobs: Blobs): Promise<void> {
  const frames = readFrames(path)[Symbol.asyncIterator]();
  for (let next = await frames.next(); !next.done; next = await frames.next()) {
    if (!('note' in next.value) || next.value.note.kind !== 'blob') continue;
    await blobs.put(Readable.from(contentOf(frames)), { expected: blobHash(next.value.note.hash) });
  }
}

async function* contentOf(frames: AsyncIterator<Frame>): AsyncGenerator<Uint8Array> {
  for (let next = await frames.next(); !next.done && 'data' in next.value; next = await frames.next()) yield next.value.data;
}
