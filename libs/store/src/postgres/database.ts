/**
 * The pool and its transactions. Every query of the stores goes through here, so that connection errors become `Unavailable`
 * and a transaction that lost a deadlock is run again.
 */
import type { SweepEventRecord } from '@sweep/domain';
import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { isOutdatedPlan, isVictim, mapped, unavailable } from './failure.js';
import { PreparingClient } from './preparing.js';

/** What queries are written against; inside `write` it is the transaction. */
export type Queries = NodePgDatabase;

export const eventChannel = 'sweep_events';
const victimRetries = 5;

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  /** Told of connections that break while idle; the pool replaces them. */
  readonly onError: (error: Error) => void;
}

export class Database {
  readonly #pool: pg.Pool;
  readonly #queries: Queries;
  readonly #ofClient = new WeakMap<pg.PoolClient, Queries>();
  #closed: Promise<void> | null = null;

  constructor(options: DatabaseOptions) {
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      connectionTimeoutMillis: 10_000,
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.statementTimeoutMs,
      application_name: 'sweep',
      Client: PreparingClient,
    });
    this.#pool.on('error', options.onError);
    this.#queries = drizzle(this.#pool);
  }

  /** Outside a transaction: each statement stands alone. The body may run more than once. */
  async read<T>(body: (queries: Queries) => Promise<T>): Promise<T> {
    return await untilNoVictim(() => body(this.#queries));
  }

  /** One transaction, READ COMMITTED. The body may run more than once: it must have no other effect. */
  async write<T>(body: (queries: Queries, client: pg.PoolClient) => Promise<T>): Promise<T> {
    return await untilNoVictim(() => this.#transaction(body));
  }

  /** One statement that writes: a transaction by itself, in one round trip. */
  async statement<T>(body: (queries: Queries) => Promise<T>): Promise<T> {
    return await untilNoVictim(() => body(this.#queries));
  }

  async now(): Promise<number> {
    return await this.read(async (queries) => {
      const { rows } = await queries.execute<{ now: string }>(sql`SELECT sweep_now() AS now`);
      return Number(rows[0]!.now);
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#pool.end();
    return this.#closed;
  }

  async #transaction<T>(body: (queries: Queries, client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken: Error | undefined;
    let outdated = false;
    // A connection that dies between two queries says so only by this event; unheard it would end the process.
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      await client.query('BEGIN');
      const result = await body(this.#queriesOf(client), client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      broken ??= await rollback(client);
      outdated = isOutdatedPlan(error);
      throw error instanceof Error && broken !== undefined && !(error instanceof pg.DatabaseError) ? unavailable(broken) : error;
    } finally {
      client.off('error', onError);
      client.release(broken ?? outdated);
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw unavailable(error);
    }
  }

  #queriesOf(client: pg.PoolClient): Queries {
    const existing = this.#ofClient.get(client);
    if (existing !== undefined) return existing;
    const fresh = drizzle(client);
    this.#ofClient.set(client, fresh);
    return fresh;
  }
}

async function untilNoVictim<T>(work: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await work();
    } catch (error) {
      if (turn < victimRetries && isVictim(error)) continue;
      throw mapped(error);
    }
  }
}

/** The error that makes the connection unusable, if any. */
async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Appends to the log of events and wakes every listener when the transaction commits. */
export async function emit(queries: Queries, records: readonly SweepEventRecord[]): Promise<void> {
  if (records.length > 0) await queries.execute(sql`WITH ${emitted(records)}`);
}

/** The same as the end of a statement that begins with WITH. */
export function emitted(records: readonly SweepEventRecord[]) {
  const bodies = sql.join(
    records.map((body) => sql`(${JSON.stringify(body)}::jsonb)`),
    sql`, `,
  );
  return sql`written AS (INSERT INTO events (body) VALUES ${bodies}) SELECT pg_notify(${eventChannel}, '')`;
}
