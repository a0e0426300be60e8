/** BullMQ on PostgreSQL, in a schema of its own beside the product's tables. */
import { EventEmitter } from 'node:events';
import { Unavailable } from '@sweep/domain';
import {
  type BackendFactory,
  PostgresConnection,
  type PostgresConnectionOptions,
  PostgresQueueBackend,
  type Processor,
  type Queue,
  type QueueEvents,
  runMigrations,
  type Worker,
  withBackend,
} from 'bullmq';
import pg from 'pg';
import { answer } from './answer.js';
import type { QueueBackend, WorkerSettings } from './backend.js';

export interface PostgresBackendOptions {
  readonly url: string;
  /** Letters, digits and underscores. */
  readonly schema: string;
  readonly connectWithinMs: number;
  readonly onError: (error: Error) => void;
}

/** For every queue and worker together: an agent's pool may be called anything, and no number of pools may use up the server's. */
const connections = 8;

/** BullMQ would give each queue, worker and listener connections of its own. What one of them closes stays for the others. */
class SharedConnection extends PostgresConnection {
  override async getListenClient(): ReturnType<PostgresConnection['getListenClient']> {
    const client = await super.getListenClient();
    if (client instanceof EventEmitter) client.setMaxListeners(0);
    return client;
  }

  override async close(): Promise<void> {
    // Said by one queue of many.
  }

  async end(): Promise<void> {
    await super.close();
  }
}

/** Makes or updates the schema. @throws Unavailable */
export async function openPostgresBackend({ url, schema, connectWithinMs, onError }: PostgresBackendOptions): Promise<QueueBackend> {
  const where = `PostgreSQL at ${showHost(url)}`;
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: connectWithinMs, application_name: 'sweep-queue' });
  pool.on('error', onError);
  try {
    await migrate(pool, schema, where);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const shared = new SharedConnection({
    connectionString: url,
    schema,
    max: connections,
    connectionTimeoutMillis: connectWithinMs,
    application_name: 'sweep-queue',
    // What is rung here is rung again from the truth when a crash of the server takes the last moments: no commit waits for the disk.
    options: '-c synchronous_commit=off',
  });
  shared.setMaxListeners(0);
  const factory: BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> = (name, opts) =>
    new PostgresQueueBackend(shared, name, opts);
  const classes = withBackend(factory);
  const connection = {};
  return {
    where,
    // The classes differ from those of Redis only in a type parameter for the connection, which nobody here looks at.
    queue: (name) => new classes.Queue(name, { connection }) as unknown as Queue,
    worker: (name: string, processor: Processor | null, settings: WorkerSettings) =>
      new classes.Worker(name, processor, { ...settings, connection }) as unknown as Worker,
    events: (name) => new classes.QueueEvents(name, { connection }) as unknown as QueueEvents,
    async report() {
      const { rows } = await answer(where, pool.query<{ version: string }>("select current_setting('server_version') as version"));
      return { backend: 'postgres', version: rows[0]?.version ?? 'unknown', warnings: [] };
    },
    ping: async () => void (await answer(where, pool.query('select 1'))),
    async close() {
      await shared.end();
      await pool.end();
    },
  };
}

async function migrate(pool: pg.Pool, schema: string, where: string): Promise<void> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw new Unavailable(`${where} does not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    await answer(where, runMigrations(client, schema), 60_000);
  } finally {
    client.release();
  }
}

function showHost(url: string): string {
  if (!URL.canParse(url)) return 'the given address';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
