/** A PostgreSQL of a test's own, to be killed and started again; everything committed is on its disk, as in the product. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@sweep/runtime';
import { bringUp, openCluster, takeDown, urlOf } from '../src/embedded/cluster.js';
import { livePostmaster } from '../src/embedded/postmaster.js';
import { migrate } from '../src/postgres/migrate.js';
import { testBinaries } from './cluster.js';

export interface KillableDatabase {
  readonly url: string;
  /** Where everything of it lies. */
  readonly folder: string;
  /** With -9, to the postmaster alone: its children notice. */
  kill(): Promise<void>;
  /** Starts it, or finds it running. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const giveUpAfterMs = 60_000;

/** Null where this machine has no PostgreSQL. @param folder made if it is not there */
export async function killableDatabase(folder: string): Promise<KillableDatabase | null> {
  await mkdir(folder, { recursive: true });
  const binaries = await testBinaries(folder);
  if (binaries === null) return null;
  const cluster = await openCluster(join(folder, 'data'), binaries, true);
  const start = async (): Promise<void> => {
    const { client } = await bringUp(cluster);
    client.on('error', () => undefined);
    await client.end();
  };
  await start();
  const url = urlOf(cluster.socketFolder, 'postgres');
  await migrate(url);
  return {
    url,
    folder: cluster.folder,
    start,
    async kill() {
      const live = await livePostmaster(cluster.folder);
      if (live === null) return;
      process.kill(live.pid, 'SIGKILL');
      const deadline = systemClock.now() + giveUpAfterMs;
      while ((await livePostmaster(cluster.folder)) !== null && systemClock.now() < deadline) await systemClock.sleep(10);
    },
    stop: () => takeDown(cluster),
  };
}
