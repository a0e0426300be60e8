/**
 * Points from TensorBoard event files below a folder, followed as they grow.
 *
 * Several trials may write below one folder at the same time. A file is this attempt's when it appeared after the attempt's start and
 * the process that its name gives is not another attempt's.
 */
import { type FileHandle, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isMissing } from './durable-file.js';
import { readIfThere } from './lines.js';
import type { Point } from './points.js';
import type { Source, SourceRead } from './source.js';
import { readScalars } from './tensorboard-events.js';
import { neededBytes, readRecords } from './tensorboard-records.js';

interface FilePosition {
  readonly offset: number;
  /** Not ours, or its checksums are wrong: never read again. */
  readonly passed: boolean;
}
type FolderPosition = Readonly<Record<string, FilePosition>>;

interface Events {
  readonly points: readonly Point[];
  readonly position: FilePosition;
  readonly more: boolean;
}

export interface TensorboardOptions {
  readonly folder: string;
  /** Milliseconds since the epoch: older files belong to somebody else. */
  readonly since: number;
  /** Whether the process with this pid, which may have ended, is one of the attempt's. */
  readonly isOurs: (pid: number) => boolean;
}

const chunkBytes = 256 * 1024;
/** Below `runs/2026/…`: deeper trees are no event folders but somebody's data. */
const maxDepth = 8;

export function tensorboard(options: TensorboardOptions): Source {
  return {
    name: 'tensorboard',
    async read(stored, _last): Promise<SourceRead> {
      const before = (stored as FolderPosition | undefined) ?? {};
      const position: Record<string, FilePosition> = {};
      const points: Point[] = [];
      let more = false;
      for (const path of await eventFiles(options.folder, 0)) {
        const name = relative(options.folder, path);
        const from = before[name] ?? { offset: 0, passed: !(await belongs(path, options)) };
        const read = from.passed ? nothingNew(from) : await readEvents(path, from);
        points.push(...read.points);
        position[name] = read.position;
        more ||= read.more;
      }
      return { points, position, more };
    },
  };
}

async function eventFiles(folder: string, depth: number): Promise<string[]> {
  if (depth > maxDepth) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const found = entries.map(async (entry): Promise<string[]> => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return eventFiles(path, depth + 1);
    return entry.isFile() && entry.name.includes('tfevents') ? [path] : [];
  });
  return (await Promise.all(found)).flat().sort();
}

/** File names: `events.out.tfevents.SECONDS.HOST[.PID…]`; host names may have dots, so the pid is the first number after them. */
async function belongs(path: string, { since, isOurs }: TensorboardOptions): Promise<boolean> {
  const stats = await readIfThere(path, (file) => file.stat());
  if (stats === null) return false;
  const { birthtimeMs, mtimeMs } = stats;
  // File systems without a time of birth report 0, or the last change.
  if ((birthtimeMs > 0 ? birthtimeMs : mtimeMs) < since) return false;
  const pid = /tfevents\.\d+\..*?\.(\d+)\.\d+(?:\.|$)/.exec(path)?.[1];
  return pid === undefined || isOurs(Number(pid));
}

async function readEvents(path: string, from: FilePosition): Promise<Events> {
  return (await readIfThere(path, (file) => readEventsOf(file, from))) ?? nothingNew(from);
}

async function readEventsOf(file: FileHandle, from: FilePosition): Promise<Events> {
  const { size } = await file.stat();
  const read = async (bytes: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, from.offset);
    return buffer.subarray(0, bytesRead);
  };
  const available = size - from.offset;
  if (available <= 0) return nothingNew(from);
  let chunk = await read(Math.min(chunkBytes, available));
  let found = readRecords(chunk);
  if (found.used === 0 && !found.broken && neededBytes(chunk) > chunk.length && neededBytes(chunk) <= available) {
    chunk = await read(neededBytes(chunk));
    found = readRecords(chunk);
  }
  const offset = from.offset + found.used;
  return {
    points: found.records.flatMap(readScalars),
    position: { offset, passed: found.broken },
    more: found.used > 0 && offset < size,
  };
}

const nothingNew = (position: FilePosition): Events => ({ points: [], position, more: false });
