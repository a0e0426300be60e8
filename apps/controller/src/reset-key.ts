/**
 * Replaces a lost key, on the controller's machine: makes a new key of an administrator and prints it as one JSON line on stdout.
 *
 * Being able to read the data folder is the proof. Works beside a live controller.
 */
import { NotFound, SweepError } from '@sweep/domain';
import { ConfigError, createLogger, createShutdown } from '@sweep/runtime';
import { migrate, openPostgres, startEmbedded } from '@sweep/store';
import { Authenticator } from './auth/authenticate.js';
import { type ControllerConfig, readControllerConfig } from './config.js';

async function resetKey(config: ControllerConfig): Promise<{ readonly user: string; readonly key: string }> {
  const log = createLogger({ name: 'reset-key', level: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const shutdown = createShutdown(log);
  try {
    const url = config.databaseUrl ?? (await openEmbedded(config.dataDir));
    await migrate(url);
    const store = await openPostgres({ url, log });
    shutdown.add('database connections', () => store.close());
    const authenticator = new Authenticator(store);
    const first = await authenticator.firstUser(config.userName);
    if (first !== null) return { user: first.user.name, key: first.secret };
    const admin = (await store.keys.listUsers()).find((user) => user.admin);
    if (admin === undefined) throw new NotFound('this database has no administrator');
    const { secret } = await authenticator.issue(admin.id, { name: 'reset', scope: 'admin', expiresAt: null });
    return { user: admin.name, key: secret };
  } finally {
    await shutdown.run();
  }

  async function openEmbedded(dataDir: string): Promise<string> {
    const database = await startEmbedded({ dataDir, log });
    // Leaves a live controller's server running.
    shutdown.add('embedded PostgreSQL', () => database.stop());
    return database.url;
  }
}

try {
  const made = await resetKey(readControllerConfig(process.argv.slice(2)));
  process.stdout.write(`${JSON.stringify({ event: 'key', ...made })}\n`);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof SweepError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
