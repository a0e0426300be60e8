/**
 * A cluster in a folder: making it once, starting its server, answering as soon as that takes connections.
 *
 *     <data folder>/postgres       the cluster
 *     <data folder>/postgres.log   what its server says
 *     <temporary>/sweep-pg-…       the socket, on a path short enough for one (107 bytes)
 *
 * Whether the server is kept alive is supervisor.ts; this starts it and looks away.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, lstat, mkdir, open, readdir, readFile, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Invalid, Unavailable } from '@sweep/domain';
import { systemClock } from '@sweep/runtime';
import pg from 'pg';
import type { Binaries } from './binaries.js';
import { disownStrangers, livePostmaster, stopPostmaster } from './postmaster.js';
import { chooseRunner, environmentOf, type Runner, run } from './runner.js';

export interface Cluster {
  readonly folder: string;
  readonly logFile: string;
  readonly socketFolder: string;
  readonly binaries: Binaries;
  /** Off only where losing the data with the machine does no harm. */
  readonly durable: boolean;
}

export interface Answer {
  /** Connected to the database `postgres`. */
  readonly client: pg.Client;
  /** The server ran before we looked. */
  readonly adopted: boolean;
}

const user = 'sweep';
const port = 5432;
const pollMs = 10;
/** Recovery after a crash reads all of the log since the last checkpoint. */
const answerWithinMs = 60_000;
/** Right after a crash the old server's children still hold its memory. */
const startPausesMs = [50, 100, 200, 400, 800, 1_600];
const largestLog = 8 * 2 ** 20;
const longestSocketPath = 103;

export function urlOf(socketFolder: string, database: string): string {
  const query = new URLSearchParams({ host: socketFolder, port: String(port), user, sslmode: 'disable' });
  return `postgresql:///${database}?${query}`;
}

/** Finds or makes the cluster of a data folder. */
export async function openCluster(dataDir: string, binaries: Binaries, durable: boolean): Promise<Cluster> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const base = await realpath(dataDir);
  const folder = join(base, 'postgres');
  if (!(await isCluster(folder, binaries.major))) await makeCluster(folder, binaries, durable);
  const live = await livePostmaster(folder);
  const socketFolder = live !== null && live.socketFolder !== '' ? live.socketFolder : socketFolderOf(base);
  return { folder, logFile: join(base, 'postgres.log'), socketFolder, binaries, durable };
}

function socketFolderOf(base: string): string {
  const name = `sweep-pg-${createHash('sha256').update(base).digest('hex').slice(0, 16)}`;
  const near = join(tmpdir(), name);
  const fits = Buffer.byteLength(join(near, `.s.PGSQL.${port}`)) <= longestSocketPath;
  return fits ? near : join('/tmp', name);
}

async function isCluster(folder: string, major: number): Promise<boolean> {
  const names: readonly string[] = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [] as string[];
    throw error;
  });
  if (names.length === 0) return false;
  if (!names.includes('PG_VERSION')) throw new Invalid(`${folder} holds something else than a PostgreSQL database: move it away`);
  const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  if (version === String(major)) return true;
  throw new Invalid(
    `${folder} was written by PostgreSQL ${version}, and this Sweep brings PostgreSQL ${major}: dump it there and load it here`,
  );
}

/** Made aside and renamed, so that a half-made one is never taken for a cluster. */
async function makeCluster(folder: string, binaries: Binaries, durable: boolean): Promise<void> {
  const aside = `${folder}.new-${process.pid}`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { mode: 0o700 });
  try {
    const runner = await chooseRunner(aside, true, binaries);
    const options = ['-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions', ...(durable ? [] : ['--no-sync'])];
    await run(runner, binaries, [binaries.initdb, '-D', aside, ...options]);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    // Another process was faster.
    if (isCode(error, 'ENOTEMPTY') || isCode(error, 'EEXIST')) return;
    if (!(error instanceof Error && 'stderr' in error)) throw error;
    const failure = new Unavailable(`the PostgreSQL database cannot be made: ${String(error.stderr).trim() || error.message}`);
    failure.cause = error;
    throw failure;
  }
}

/** Connects to the cluster's server; starts it when none runs. */
export async function bringUp(cluster: Cluster, signal?: AbortSignal): Promise<Answer> {
  for (const pauseMs of startPausesMs) {
    const client = await adopt(cluster, signal);
    if (client !== null) return { client, adopted: true };
    const started = await start(cluster, signal);
    if (started !== null) return { client: started, adopted: false };
    await systemClock.sleep(pauseMs, signal);
    if (signal?.aborted) break;
  }
  await removeUnused(cluster.socketFolder);
  throw new Unavailable(`PostgreSQL does not start on ${cluster.folder}: ${await lastWords(cluster.logFile)}`);
}

/** Returns when no process of the server is left. */
export async function takeDown({ folder, socketFolder }: Cluster): Promise<void> {
  await stopPostmaster(folder);
  await removeUnused(socketFolder);
}

async function removeUnused(socketFolder: string): Promise<void> {
  await rmdir(socketFolder).catch((error: NodeJS.ErrnoException) => {
    // Gone, or in use again by somebody who needs the server.
    if (error.code !== 'ENOENT' && error.code !== 'ENOTEMPTY') throw error;
  });
}

async function adopt(cluster: Cluster, signal?: AbortSignal): Promise<pg.Client | null> {
  const live = await livePostmaster(cluster.folder);
  if (live === null) return null;
  const foreign = (why: string) =>
    new Invalid(`another PostgreSQL (process ${live.pid}) runs on ${cluster.folder} and ${why}: stop it, or choose another data folder`);
  if (live.ready && live.socketFolder !== cluster.socketFolder) throw foreign(`does not listen at ${cluster.socketFolder}`);
  try {
    return await connectWhile(cluster, async () => (await livePostmaster(cluster.folder))?.pid === live.pid, signal);
  } catch (error) {
    if (error instanceof pg.DatabaseError) throw foreign(`does not let us in (${error.message})`);
    throw error;
  }
}

async function start(cluster: Cluster, signal?: AbortSignal): Promise<pg.Client | null> {
  const runner = await chooseRunner(cluster.folder, false, cluster.binaries);
  await prepareSocketFolder(cluster.socketFolder, runner);
  const lockFiles = [join(cluster.folder, 'postmaster.pid'), join(cluster.socketFolder, `.s.PGSQL.${port}.lock`)];
  await disownStrangers(cluster.folder, lockFiles);
  await shortenLog(cluster.logFile);
  const log = await open(cluster.logFile, 'a', 0o600);
  const settings = settingsOf(cluster).flatMap((setting) => ['-c', setting]);
  const [program, ...args] = [...runner.prefix, cluster.binaries.postgres, '-D', cluster.folder, ...settings];
  // Detached: it outlives us, and Ctrl-C in a terminal does not reach it before its clients have finished.
  const child = spawn(program!, args, {
    ...runner.identity,
    env: environmentOf(cluster.binaries),
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let running = true;
  const over = () => {
    running = false;
  };
  child.once('exit', over).once('error', over);
  child.unref();
  await log.close();
  return await connectWhile(cluster, async () => running, signal);
}

/** For a small machine that runs other things: little memory, few processes, but everything committed is on disk. */
function settingsOf({ binaries, durable, socketFolder }: Cluster): readonly string[] {
  const settings = [
    'listen_addresses=',
    `port=${port}`,
    `unix_socket_directories="${socketFolder}"`,
    'unix_socket_permissions=0700',
    'max_connections=100',
    'shared_buffers=64MB',
    'max_wal_size=256MB',
    // Nobody replicates this server.
    'wal_level=minimal',
    'max_wal_senders=0',
    'max_parallel_workers_per_gather=0',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_line_prefix=%m [%p] ',
  ];
  if (binaries.major >= 18) settings.push('io_method=sync');
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return settings;
}

async function prepareSocketFolder(folder: string, { owner }: Runner): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
  // The folder lies where everybody may write: whoever made it first would own the door to the database.
  const { uid, mode } = await lstat(folder);
  const mine = owner?.uid ?? process.getuid?.() ?? uid;
  if (uid !== mine || (mode & 0o077) !== 0) throw new Invalid(`${folder} is not a folder of this user alone: remove it`);
}

async function shortenLog(file: string): Promise<void> {
  const { size } = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return { size: 0 };
    throw error;
  });
  if (size > largestLog) await rename(file, `${file}.1`);
}

/** `null` when what should answer is gone. */
async function connectWhile(cluster: Cluster, alive: () => Promise<boolean>, signal?: AbortSignal): Promise<pg.Client | null> {
  const deadline = systemClock.now() + answerWithinMs;
  while (systemClock.now() < deadline && !signal?.aborted) {
    const client = await tryConnect(urlOf(cluster.socketFolder, 'postgres'));
    if (client !== null) return client;
    if (!(await alive())) return null;
    await systemClock.sleep(pollMs, signal);
  }
  throw new Unavailable(`PostgreSQL on ${cluster.folder} does not answer at ${cluster.socketFolder}`);
}

/** `null` while the server is starting, stopping or not there. */
async function tryConnect(url: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'sweep-guard' });
  // A connection that breaks says so by `end` as well; an `error` that nobody hears would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    const cannotConnectNow = '57P03';
    if (error instanceof pg.DatabaseError && error.code !== cannotConnectNow) throw error;
    return null;
  }
}

async function lastWords(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch((error: NodeJS.ErrnoException) => `no log: ${error.message}`);
  const lines = text.trim().split('\n').slice(-20);
  const telling = lines.filter((line) => /FATAL|PANIC|error while loading/.test(line));
  return `${(telling.length > 0 ? telling : lines).slice(-3).join('; ') || 'it said nothing'} (all of it is in ${logFile})`;
}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;
