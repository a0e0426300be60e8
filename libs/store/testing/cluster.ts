/** One throw-away PostgreSQL cluster for a run of tests, started by whichever test process needs it first. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sweep/runtime';
import { type Binaries, embeddedBinaries } from '../src/embedded/binaries.js';
import { bringUp, type Cluster, openCluster, takeDown, urlOf } from '../src/embedded/cluster.js';
import { livePostmaster } from '../src/embedded/postmaster.js';

export interface Ready {
  readonly url: string;
  readonly pid: number;
  readonly cluster: Cluster;
}

const startWithinMs = 60_000;
const pollMs = 20;
const readyFile = (folder: string): string => join(folder, 'ready.json');

export const makeClusterFolder = async (): Promise<string> => await realpath(await mkdtemp(join(tmpdir(), 'sweep-test-')));

/** Starts the folder's cluster, or waits for whoever is starting it. Null when this machine has no PostgreSQL. */
export async function sharedCluster(folder: string): Promise<Ready | null> {
  const mine = await mkdir(join(folder, 'starting')).then(
    () => true,
    () => false,
  );
  if (!mine) return await untilStarted(folder);
  const ready = await startCluster(folder);
  await writeFile(`${readyFile(folder)}.new`, JSON.stringify(ready));
  await rename(`${readyFile(folder)}.new`, readyFile(folder));
  return ready;
}

async function untilStarted(folder: string): Promise<Ready | null> {
  const deadline = systemClock.now() + startWithinMs;
  while (!existsSync(readyFile(folder))) {
    if (systemClock.now() > deadline) throw new Error(`the test cluster in ${folder} did not start`);
    await systemClock.sleep(pollMs);
  }
  return readReady(folder);
}

/** Null before it is ready, and where there is none to start. */
function readReady(folder: string): Ready | null {
  if (!existsSync(readyFile(folder))) return null;
  return JSON.parse(readFileSync(readyFile(folder), 'utf8')) as Ready | null;
}

async function startCluster(folder: string): Promise<Ready | null> {
  const binaries = await testBinaries(folder);
  if (binaries === null) return null;
  const cluster = await openCluster(join(folder, 'data'), binaries, false);
  const { client } = await bringUp(cluster);
  await client.end();
  const { pid } = (await livePostmaster(cluster.folder))!;
  return { url: urlOf(cluster.socketFolder, 'postgres'), pid, cluster };
}

/** Null where this machine has none. */
export async function testBinaries(folder: string): Promise<Binaries | null> {
  return installedBinaries() ?? (await embeddedBinaries(join(folder, 'libraries')));
}

/** The newest that the system's packages brought. */
function installedBinaries(): Binaries | null {
  const root = '/usr/lib/postgresql';
  const majors = existsSync(root) ? readdirSync(root).map(Number).filter(Number.isInteger) : [];
  const all = majors
    .sort((a, b) => b - a)
    .map((major) => {
      const programs = join(root, String(major), 'bin');
      return { initdb: join(programs, 'initdb'), postgres: join(programs, 'postgres'), major, libraries: null };
    });
  return all.find(({ initdb, postgres }) => existsSync(initdb) && existsSync(postgres)) ?? null;
}

/** Leaves nothing: no process, no folder. */
export async function stopCluster(folder: string): Promise<void> {
  const ready = readReady(folder);
  if (ready !== null) await takeDown(ready.cluster);
  await rm(folder, { recursive: true, force: true });
}

/**
 * Ties the cluster to this process: a shell that waits for our end, however it comes, then does what `stopCluster` does. An exit
 * handler would not do, since test runners kill their workers.
 */
export function endWithUs(folder: string, { pid, cluster }: Ready): void {
  const script = 'cat > /dev/null; kill -INT "$1"; while kill -0 "$1" 2> /dev/null; do sleep 0.05; done; rm -rf "$2" "$3"';
  const guard = spawn('sh', ['-c', script, 'sh', String(pid), folder, cluster.socketFolder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  // A pipe keeps the process alive unless it is told not to.
  if (guard.stdin instanceof Socket) guard.stdin.unref();
}
