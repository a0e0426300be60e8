/** PostgreSQL's COPY as streams: rows leave and enter as the text that the server itself writes, so nothing is lost on the way. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { Bug } from '@sweep/domain';
import type pg from 'pg';

/** What the driver's connection can do beyond its published types. */
interface CopyConnection {
  readonly stream: NodeJS.WritableStream & { pause(): void; resume(): void; readonly writableNeedDrain: boolean };
  query(text: string): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

const connectionOf = (connection: unknown): CopyConnection => connection as CopyConnection;
const rowsIn = ({ text }: { readonly text: string }): number => Number(/^COPY (\d+)/.exec(text)?.[1] ?? Number.NaN);

/** The rows as they come; `rows` is known at the end. */
export class CopyOut extends Readable implements pg.Submittable {
  rows = 0;
  #connection: CopyConnection | null = null;

  constructor(private readonly text: string) {
    super();
  }

  submit(connection: pg.Connection): void {
    this.#connection = connectionOf(connection);
    this.#connection.query(this.text);
  }

  override _read(): void {
    this.#connection?.stream.resume();
  }

  handleCopyData({ chunk }: { readonly chunk: Uint8Array }): void {
    // The driver uses its buffer again.
    if (!this.push(Buffer.from(chunk))) this.#connection?.stream.pause();
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.rows = rowsIn(message);
  }

  handleReadyForQuery(): void {
    this.push(null);
  }

  handleError(error: Error): void {
    this.destroy(error);
  }
}

/** Answers how many rows the server took. */
export function copyIn(client: pg.Client, text: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(text, chunks, { resolve, reject }));
  });
}

class CopyIn implements pg.Submittable {
  #rows = 0;
  #failure: unknown = null;
  /** The server wants no more. */
  #refused = false;

  constructor(
    private readonly text: string,
    private readonly chunks: AsyncIterable<Uint8Array>,
    private readonly over: { readonly resolve: (rows: number) => void; readonly reject: (error: unknown) => void },
  ) {}

  submit(connection: pg.Connection): void {
    connectionOf(connection).query(this.text);
  }

  handleCopyInResponse(connection: pg.Connection): void {
    this.#feed(connectionOf(connection)).catch(this.over.reject);
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.#rows = rowsIn(message);
  }

  handleReadyForQuery(): void {
    this.over.resolve(this.#rows);
  }

  /** What made us give up says more than that we did. */
  handleError(error: Error): void {
    this.#refused = true;
    this.over.reject(this.#failure ?? error);
  }

  handleCopyData(): void {
    throw new Bug('the server sends rows where it should take them');
  }

  async #feed(connection: CopyConnection): Promise<void> {
    try {
      for await (const chunk of this.chunks) {
        if (this.#refused) return;
        connection.sendCopyFromChunk(chunk);
        if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
      }
      if (!this.#refused) connection.endCopyFrom();
    } catch (error) {
      this.#failure = error;
      connection.sendCopyFail('the rows ended too early');
    }
  }
}
