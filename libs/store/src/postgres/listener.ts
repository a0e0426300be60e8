/**
 * One connection that hears of new events, made again when it breaks.
 *
 *     idle ──first subscriber──► connecting ──LISTEN──► listening ──broken──► connecting (after a pause)      close(): any ──► closed
 *
 * After every reconnect subscribers are called, since a notice may have been missed.
 */
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { type Database, eventChannel } from './database.js';

const reconnectPauseMs = 200;
/** What is committed within this time is read at once. */
const gatherMs = 25;

export class Listener {
  readonly #subscribers = new Set<() => void>();
  #client: pg.Client | null = null;
  #connecting: Promise<void> | null = null;
  #settling = false;
  #noticed = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(
    private readonly url: string,
    private readonly database: Database,
    private readonly onError: (error: Error) => void,
  ) {}

  async subscribe(onSomething: () => void): Promise<() => Promise<void>> {
    // A wrapper, so that one function subscribed twice can be unsubscribed once.
    const subscriber = (): void => onSomething();
    this.#subscribers.add(subscriber);
    this.#connecting ??= this.#connect();
    await this.#connecting;
    return async () => {
      this.#subscribers.delete(subscriber);
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#connecting;
    await this.#client?.end();
    this.#client = null;
  }

  /** Never rejects: a failure is reported and tried again. */
  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'sweep-events',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    client.on('notification', () => this.#wake());
    client.on('error', (error) => this.#broken(client, error));
    client.on('end', () => this.#broken(client, null));
    try {
      await client.connect();
      await client.query(`LISTEN ${eventChannel}`);
      this.#client = client;
      this.#wake();
    } catch (error) {
      this.#broken(client, error instanceof Error ? error : new Error(String(error)));
    }
  }

  #broken(client: pg.Client, error: Error | null): void {
    if (error !== null && !this.#closed) this.onError(error);
    if (this.#client === client) this.#client = null;
    if (this.#closed || this.#timer !== null || this.#client !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#connecting = this.#connect();
    }, reconnectPauseMs);
    this.#timer.unref();
  }

  #wake(): void {
    this.#noticed = true;
    if (this.#settling) return;
    this.#settling = true;
    void this.#settle();
  }

  /**
   * Calls the subscribers until every committed event can be read. An event stays hidden while an older transaction runs, and
   * the end of that one is announced by nobody.
   */
  async #settle(): Promise<void> {
    let hidden = true;
    while (!this.#closed && (hidden || this.#noticed)) {
      await new Promise((resolve) => setTimeout(resolve, gatherMs));
      this.#noticed = false;
      try {
        hidden = await this.#someHidden();
      } catch (error) {
        // The connection that listens will notice too, and wake us when it is back.
        this.onError(error instanceof Error ? error : new Error(String(error)));
        hidden = false;
      }
      for (const subscriber of this.#subscribers) subscriber();
    }
    this.#settling = false;
  }

  async #someHidden(): Promise<boolean> {
    const { rows } = await this.database.read((queries) =>
      queries.execute<{ hidden: boolean }>(
        sql`SELECT EXISTS (SELECT 1 FROM events WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())) AS hidden`,
      ),
    );
    return rows[0]!.hidden;
  }
}
