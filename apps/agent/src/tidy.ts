/**
 * Keeps the agent's folder from growing for ever: shipped code and checkpoints that nobody used for long, or that are too many.
 *
 * Only caches and leftovers are looked at, never what an attempt in the journal uses. A checkpoint goes to the controller when its
 * attempt fails; the copy here saves the way back, and is the only one where the end was not seen. Hence the long time.
 */
import { renameSync } from 'node:fs';
import { lstat, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Grant } from '@sweep/protocol';
import { isMissing } from './durable-file.js';
import type { Workdir } from './workdir.js';

export interface Entry {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly usedAt: number;
}

export interface Bounds {
  readonly mostAgeMs: number;
  /** Of all entries together. */
  readonly mostBytes: number;
}

const day = 24 * 3_600_000;
const gibibyte = 1024 ** 3;
const codeBounds: Bounds = { mostAgeMs: 30 * day, mostBytes: 20 * gibibyte };
const checkpointBounds: Bounds = { mostAgeMs: 30 * day, mostBytes: 200 * gibibyte };
/** An agent that was killed while it cleared an attempt away leaves its folder. */
const attemptBounds: Bounds = { mostAgeMs: 7 * day, mostBytes: Number.POSITIVE_INFINITY };

/** The names of what may go, the longest unused first. What is in use counts, but stays. */
export function outdated(
  entries: readonly Entry[],
  inUse: (name: string) => boolean,
  { now, bounds }: { now: number; bounds: Bounds },
): readonly string[] {
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const free = entries.filter(({ name }) => !inUse(name)).sort((a, b) => a.usedAt - b.usedAt);
  return free.flatMap(({ name, bytes: own, usedAt }) => {
    if (now - usedAt <= bounds.mostAgeMs && bytes <= bounds.mostBytes) return [];
    bytes -= own;
    return [name];
  });
}

export interface TidyParts {
  readonly workdir: Workdir;
  /** Of all attempts that are not over and done with, asked again before each removal. */
  readonly grants: () => readonly Grant[];
  /** An agent that leaves does not wait for large folders to be measured. */
  readonly signal: AbortSignal;
}

/** For the log. */
export interface Tidied {
  readonly removed: readonly string[];
  /** What could not be measured or removed, and why; the rest was done all the same. */
  readonly failed: readonly string[];
}

export async function tidy({ workdir, grants, signal }: TidyParts, now: number): Promise<Tidied> {
  // `HASH.….new` and `TRIAL.attempt` belong to what is named before the first dot.
  const owner = (name: string): string | undefined => name.split('.')[0];
  const rules = { now, signal };
  const code = await clean(workdir.code, {
    ...rules,
    bounds: codeBounds,
    inUse: (name) => grants().some((grant) => grant.code?.hash === owner(name)),
  });
  const checkpoints = await clean(workdir.checkpoints, {
    ...rules,
    bounds: checkpointBounds,
    inUse: (name) => grants().some(({ trialId }) => trialId === owner(name)),
  });
  const attempts = await clean(workdir.attempts, {
    ...rules,
    bounds: attemptBounds,
    inUse: (name) => grants().some(({ trialId, attempt }) => `${trialId}.${attempt}` === name),
  });
  const all = [code, checkpoints, attempts];
  return { removed: all.flatMap(({ removed }) => removed), failed: all.flatMap(({ failed }) => failed) };
}

interface Rules {
  readonly now: number;
  readonly signal: AbortSignal;
  readonly bounds: Bounds;
  readonly inUse: (name: string) => boolean;
}

/** What is on its way out. A leftover with this ending is of a removal that was cut short: nobody uses it. */
const aside = '.old';

async function clean(folder: string, { now, signal, bounds, inUse }: Rules): Promise<Tidied> {
  const { entries, failed } = await list(folder, signal);
  const mayGo = outdated(
    entries.filter(({ name }) => !name.endsWith(aside)),
    inUse,
    { now, bounds },
  );
  const leftovers = entries.filter(({ name }) => name.endsWith(aside)).map(({ name }) => name);
  const removed: string[] = [];
  for (const name of [...leftovers, ...mayGo]) {
    const isLeftover = name.endsWith(aside);
    // A grant may have come since: no wait between this look and the removal.
    if (signal.aborted || (!isLeftover && inUse(name))) continue;
    const path = join(folder, name);
    try {
      if (!isLeftover) renameSync(path, `${path}${aside}`);
      await rm(isLeftover ? path : `${path}${aside}`, { recursive: true, force: true });
      removed.push(path);
    } catch (error) {
      failed.push(reasonOf(path, error));
    }
  }
  return { removed, failed };
}

async function list(folder: string, signal: AbortSignal): Promise<{ readonly entries: readonly Entry[]; readonly failed: string[] }> {
  const entries: Entry[] = [];
  const failed: string[] = [];
  // One after the other: there is time, and a trial may need the disk.
  for (const name of (await unlessMissing(readdir(folder))) ?? []) {
    const path = join(folder, name);
    try {
      const found = await unlessMissing(stat(path));
      if (found !== null) entries.push({ name, bytes: await sizeOf(path, signal), usedAt: found.mtimeMs });
    } catch (error) {
      failed.push(reasonOf(path, error));
    }
  }
  return { entries, failed };
}

/** Links are not followed. What disappears meanwhile is nothing. */
async function sizeOf(path: string, signal: AbortSignal): Promise<number> {
  const found = await unlessMissing(lstat(path));
  if (found === null || signal.aborted) return 0;
  if (!found.isDirectory()) return found.size;
  let bytes = 0;
  for (const name of (await unlessMissing(readdir(path))) ?? []) bytes += await sizeOf(join(path, name), signal);
  return bytes;
}

async function unlessMissing<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const reasonOf = (path: string, error: unknown): string => `${path}: ${error instanceof Error ? error.message : String(error)}`;
