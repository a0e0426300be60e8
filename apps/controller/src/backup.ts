/**
 * `backup FILE` and `restore FILE`, on the controller's machine: tells what was written or read as one JSON line on stdout.
 *
 * Being able to read the data folder is the proof. A backup works beside a live controller; a restore wants none.
 */
import { resolve } from 'node:path';
import { Invalid, SweepError } from '@sweep/domain';
import { ConfigError, createLogger, createShutdown } from '@sweep/runtime';
import { migrate, startEmbedded } from '@sweep/store';
import { backUp, type Contents, type Place, restore } from './archive/archive.js';
import { openBlobs } from './blob-storage.js';
import { type ControllerConfig, readControllerConfig } from './config.js';

const words = ['backup', 'restore'] as const;

async function run(word: string | undefined, path: string | undefined, config: ControllerConfig): Promise<Contents> {
  const wanted = words.find((each) => each === word);
  if (wanted === undefined || path === undefined) throw new Invalid('say `backup FILE` or `restore FILE`');
  const log = createLogger({ name: wanted, level: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const shutdown = createShutdown(log);
  try {
    const place: Place = {
      databaseUrl: config.databaseUrl ?? (await openEmbedded()),
      blobs: await openBlobs(config),
    };
    if (wanted === 'restore') return await restore(place, resolve(path));
    await migrate(place.databaseUrl);
    return await backUp(place, resolve(path));
  } finally {
    await shutdown.run();
  }

  async function openEmbedded(): Promise<string> {
    const database = await startEmbedded({ dataDir: config.dataDir, log });
    // Leaves a live controller's server running.
    shutdown.add('embedded PostgreSQL', () => database.stop());
    return database.url;
  }
}

try {
  const [word, path, ...flags] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify({ event: word, ...(await run(word, path, readControllerConfig(flags))) })}\n`);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof SweepError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
