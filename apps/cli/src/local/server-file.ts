/**
 * What a running controller leaves in its data folder, and whether its process is still there.
 *
 * Owns reading `server.json` and the files of `sweep up` beside it; the controller writes and removes its own.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../exit.js';
import { trustingFetch } from '../trust.js';
import { isRunning, markOf, type ProcessMark } from './process.js';

export interface ServerFile {
  readonly url: string;
  readonly grpcUrl: string;
  /** Of the controller. */
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
  /** SHA-256 of the certificate that it made for itself, if it has one. */
  readonly fingerprint?: string;
}

/** What `sweep up` has started and still runs. */
export interface Started {
  readonly controller: ProcessMark | null;
  readonly agents: readonly ProcessMark[];
}

/** `sweep up`'s own note: itself, which would start the others again, and the others. */
export interface SupervisorFile extends Started {
  readonly supervisor: ProcessMark;
}

export const serverFilePath = (dataDir: string): string => join(dataDir, 'server.json');
export const supervisorFilePath = (dataDir: string): string => join(dataDir, 'up.json');

export const readServerFile = (dataDir: string): Promise<ServerFile | null> => readJson<ServerFile>(serverFilePath(dataDir));
export const readSupervisorFile = (dataDir: string): Promise<SupervisorFile | null> =>
  readJson<SupervisorFile>(supervisorFilePath(dataDir));

/** Null when there is none, or one that was cut off while it was written. */
async function readJson<T>(path: string): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new CommandError(`${path} cannot be read: ${(cause as Error).message}`);
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}

/** The controller of the data folder, if it lives and answers as itself (a process id may have been given to another program). */
export async function liveServer(dataDir: string): Promise<ServerFile | null> {
  const file = await readServerFile(dataDir);
  if (file === null || !isRunning(markOf(file.pid))) return null;
  return (await answers(file)) ? file : null;
}

export async function answers({ url, fingerprint }: Pick<ServerFile, 'url' | 'fingerprint'>): Promise<boolean> {
  try {
    const ask = trustingFetch({ fingerprint: fingerprint ?? null, ca: null });
    const response = await ask(`${url}/healthz`, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

export function writeSupervisorFile(dataDir: string, file: SupervisorFile): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(supervisorFilePath(dataDir), JSON.stringify(file), { mode: 0o600 });
}

export function removeSupervisorFile(dataDir: string): void {
  rmSync(supervisorFilePath(dataDir), { force: true });
}

/** For one that a killed controller left behind. */
export function removeServerFile(dataDir: string): void {
  rmSync(serverFilePath(dataDir), { force: true });
}
