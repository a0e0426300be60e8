/**
 * The server process that a cluster's folder names: finding it, telling it from a stranger with its number, ending it.
 *
 * The format of postmaster.pid: https://www.postgresql.org/docs/current/storage-file-layout.html
 */
import { execFile } from 'node:child_process';
import { readFile, readlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { Unavailable } from '@sweep/domain';
import { systemClock } from '@sweep/runtime';

export interface Postmaster {
  readonly pid: number;
  /** Empty while the server has not come that far, or has no socket. */
  readonly socketFolder: string;
  readonly ready: boolean;
}

const pollMs = 10;
const fastMs = 30_000;
const immediateMs = 10_000;

/** The server that runs on this cluster, or `null`. */
export async function livePostmaster(cluster: string): Promise<Postmaster | null> {
  const named = await readPidFile(cluster);
  return named !== null && (await isServerOf(named.pid, cluster)) ? named : null;
}

/**
 * Another process may have the dead server's number: after a restart of a container often by chance, and where nobody reaps orphans
 * its own zombie has it. PostgreSQL would then refuse to start for ever, by the lock of the folder and by the one of the socket. It
 * takes a lock that names its own parent for stale, and still checks that no child of the dead server is left.
 */
export async function disownStrangers(cluster: string, lockFiles: readonly string[]): Promise<void> {
  for (const file of lockFiles) {
    const text = await textOf(file);
    const pid = Number.parseInt(text ?? '', 10);
    if (text === null || !(pid > 0) || !exists(pid) || (await isServerOf(pid, cluster))) continue;
    await writeFile(file, text.replace(/^\d+/, String(process.pid)));
  }
}

/** A fast shutdown: sessions are ended, everything committed is on disk. Returns when the process is gone. */
export async function stopPostmaster(cluster: string): Promise<void> {
  const live = await livePostmaster(cluster);
  if (live === null) return;
  const ways = [
    { signal: 'SIGINT', withinMs: fastMs },
    { signal: 'SIGQUIT', withinMs: immediateMs },
  ] as const;
  for (const { signal, withinMs } of ways) {
    send(live.pid, signal);
    if (await isGone(live.pid, cluster, withinMs)) return;
  }
  throw new Unavailable(`PostgreSQL (process ${live.pid}) on ${cluster} does not stop`);
}

async function isGone(pid: number, cluster: string, withinMs: number): Promise<boolean> {
  const deadline = systemClock.now() + withinMs;
  while (await isServerOf(pid, cluster)) {
    if (systemClock.now() > deadline) return false;
    await systemClock.sleep(pollMs);
  }
  return true;
}

async function readPidFile(cluster: string): Promise<Postmaster | null> {
  const text = await textOf(join(cluster, 'postmaster.pid'));
  if (text === null) return null;
  const [pid, , , , socketFolder = '', , , status = ''] = text.split('\n');
  const number = Number.parseInt(pid ?? '', 10);
  return number > 0 ? { pid: number, socketFolder: socketFolder.trim(), ready: status.trim() === 'ready' } : null;
}

/** A zombie is not: it has left its folder. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!exists(pid)) return false;
  if (process.platform === 'linux') return (await unlessGone(() => readlink(`/proc/${pid}/cwd`))) === cluster;
  const name = await unlessGone(async () => (await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)])).stdout);
  return name !== null && basename(name.trim()) === 'postgres';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: some other user's, so not a server of this folder; PostgreSQL reads it the same way.
    if (isSystemError(error)) return false;
    throw error;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ESRCH') throw error;
  }
}

const textOf = (path: string): Promise<string | null> => unlessGone(() => readFile(path, 'utf8'));

/** `null` when the file or process is not there (any more), or is another user's. */
async function unlessGone<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
