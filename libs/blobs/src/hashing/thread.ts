/**
 * Digests in a thread: a second and a half of MD5 and half a second of SHA-256 a gigabyte that the event loop has for others.
 *
 * Content is copied into pieces, which go back and forth; what fits into one is digested here. A content has two pieces on
 * their way at most and one to fill, so whoever sends faster than the thread digests waits. The thread starts with the first large content, and keeps the process alive only
 * while it has some.
 */
import { Worker } from 'node:worker_threads';
import { Unavailable } from '@sweep/domain';
import { type Digester, type Digesting, type Digests, digestHere } from './digests.js';
import type { FromHashThread, ToHashThread } from './messages.js';

const pieceBytes = 256 * 1024;
const mostPiecesEach = 2;
/** Of those that wait to be used again. */
const mostSpare = 32;

interface Content {
  /** Pieces on their way. */
  away: number;
  /** Waits for a piece, or for the digests. */
  waiting: { resolve(): void; reject(error: Error): void } | null;
  digests: Digests | null;
}

/** @param program of the thread */
export function hashingThread(program: URL): Digester {
  const thread = new HashingThread(program);
  return () => new ContentDigest(thread);
}

class HashingThread {
  #worker: Worker | null = null;
  #last = 0;
  readonly #contents = new Map<number, Content>();
  readonly #spare: ArrayBuffer[] = [];

  constructor(private readonly program: URL) {}

  begin(): number {
    this.#contents.set(++this.#last, { away: 0, waiting: null, digests: null });
    this.#worker ??= this.#start();
    this.#worker.ref();
    return this.#last;
  }

  piece(): ArrayBuffer {
    return this.#spare.pop() ?? new ArrayBuffer(pieceBytes);
  }

  /** Waits until a further piece may be filled. @throws Unavailable when the thread died over it */
  async send(content: number, piece: ArrayBuffer, length: number): Promise<void> {
    const state = this.#of(content);
    state.away++;
    this.#post({ kind: 'piece', content, piece, length }, [piece]);
    while (state.away >= mostPiecesEach) await this.#news(state);
  }

  /** @throws Unavailable when the thread died over it */
  async end(content: number): Promise<Digests> {
    const state = this.#of(content);
    this.#post({ kind: 'end', content });
    while (state.digests === null) await this.#news(state);
    this.#forget(content);
    return state.digests;
  }

  abandon(content: number): void {
    if (!this.#contents.has(content)) return;
    this.#post({ kind: 'abandon', content });
    this.#forget(content);
  }

  keep(piece: ArrayBuffer): void {
    if (this.#spare.length < mostSpare) this.#spare.push(piece);
  }

  #forget(content: number): void {
    this.#contents.delete(content);
    if (this.#contents.size === 0) this.#worker?.unref();
  }

  #of(content: number): Content {
    const state = this.#contents.get(content);
    if (state === undefined) throw died();
    return state;
  }

  #news(state: Content): Promise<void> {
    return new Promise((resolve, reject) => {
      state.waiting = { resolve, reject };
    });
  }

  #post(message: ToHashThread, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #start(): Worker {
    const worker = new Worker(this.program, { name: 'hashing' });
    worker.on('message', (message: FromHashThread) => this.#take(message));
    worker.on('error', () => this.#died(worker));
    worker.on('exit', () => this.#died(worker));
    return worker;
  }

  #take(message: FromHashThread): void {
    if (message.kind === 'taken') this.keep(message.piece);
    const state = this.#contents.get(message.content);
    if (state === undefined) return;
    if (message.kind === 'taken') state.away--;
    else state.digests = message.digests;
    state.waiting?.resolve();
    state.waiting = null;
  }

  /** What it knew of contents is lost; the next one has a new thread. */
  #died(worker: Worker): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const contents = [...this.#contents.values()];
    this.#contents.clear();
    for (const { waiting } of contents) waiting?.reject(died());
  }
}

const died = (): Unavailable => new Unavailable('the thread that checks what comes in has died: send it again');

/** Gathers bytes into pieces. Has one piece until it ends, which it gives back once: two contents in one would have each other's bytes. */
class ContentDigest implements Digesting {
  #content: number | null = null;
  #piece: ArrayBuffer;
  #length = 0;

  constructor(private readonly thread: HashingThread) {
    this.#piece = thread.piece();
  }

  async add(chunk: Uint8Array): Promise<void> {
    for (let start = 0; start < chunk.byteLength; ) {
      if (this.#length === pieceBytes) await this.#send();
      const part = chunk.subarray(start, start + pieceBytes - this.#length);
      new Uint8Array(this.#piece).set(part, this.#length);
      this.#length += part.byteLength;
      start += part.byteLength;
    }
  }

  async digests(): Promise<Digests> {
    if (this.#content === null) return await this.#small();
    await this.#send();
    this.thread.keep(this.#piece);
    return await this.thread.end(this.#content);
  }

  abandon(): void {
    this.thread.keep(this.#piece);
    if (this.#content !== null) this.thread.abandon(this.#content);
  }

  async #small(): Promise<Digests> {
    const digesting = digestHere();
    await digesting.add(new Uint8Array(this.#piece, 0, this.#length));
    this.thread.keep(this.#piece);
    return await digesting.digests();
  }

  async #send(): Promise<void> {
    this.#content ??= this.thread.begin();
    const [piece, length] = [this.#piece, this.#length];
    this.#piece = this.thread.piece();
    this.#length = 0;
    await this.thread.send(this.#content, piece, length);
  }
}
