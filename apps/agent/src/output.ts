/** One console stream of an attempt, sent from the file that the program writes: byte offsets in, chunks out. Holds no content. */
import type { FileHandle } from 'node:fs/promises';
import { readIfThere } from './lines.js';

export const outputChunkBytes = 256 * 1024;
/** Sent and not yet committed, at most: what a slow controller makes us repeat after a reconnect. */
const windowBytes = 1024 * 1024;

export class OutputTail {
  private sent = 0;
  private acknowledged = 0;
  private size = 0;

  constructor(
    readonly stream: 'stdout' | 'stderr',
    readonly path: string,
  ) {}

  /** Looks how long the file is now; true when there is something to send. */
  async look(): Promise<boolean> {
    const stats = await readIfThere(this.path, (file) => file.stat());
    if (stats === null) return false;
    this.size = stats.size;
    return this.hasMore;
  }

  get hasMore(): boolean {
    return this.sent < this.size && this.sent - this.acknowledged < windowBytes;
  }

  get isDone(): boolean {
    return this.acknowledged >= this.size;
  }

  /** The next bytes; counts them as sent. */
  async next(): Promise<{ readonly offset: number; readonly data: Buffer }> {
    const offset = this.sent;
    const length = Math.min(outputChunkBytes, this.size - offset);
    // Counted before the reading: a new connection may rewind in the meantime, and must not be overruled.
    this.sent = offset + length;
    const data = (await readIfThere(this.path, (file) => readAt(file, offset, length))) ?? Buffer.alloc(0);
    // The program cut its own file short: what is gone is not waited for.
    if (data.length < length) this.size = offset + data.length;
    return { offset, data };
  }

  acknowledge(bytes: number): void {
    this.acknowledged = Math.max(this.acknowledged, bytes);
  }

  /** A new connection: everything that was not committed goes again. */
  rewind(acknowledged: number): void {
    this.acknowledged = acknowledged;
    this.sent = acknowledged;
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

/** The end of a file as text, for messages and for evidence; empty when there is none. */
export async function readEnd(path: string, maxBytes: number): Promise<string> {
  const end = await readIfThere(path, async (file) => {
    const { size } = await file.stat();
    return await readAt(file, Math.max(0, size - maxBytes), Math.min(size, maxBytes));
  });
  return end?.toString('utf8') ?? '';
}
