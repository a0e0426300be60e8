/**
 * The reading half of a call: one message at a time, the next is fetched only when asked for, so that a slow reader slows the writer.
 *
 * Not the stream's own async iterator: that destroys the call when it fails, and with it a status that is still to be sent.
 * Up to 16 messages (Node's object-mode buffer) are read ahead.
 */
import type { Readable } from 'node:stream';

export interface Inlet<T> {
  /** Null when there will be no more. One caller at a time. */
  next(): Promise<T | null>;
  /** Whether the other side ended in order; false while messages come and when the call broke. */
  readonly complete: boolean;
}

export function createInlet<T>(call: Readable): Inlet<T> {
  let complete = false;
  let ring: () => void = () => undefined;
  call.on('readable', () => ring());
  call.once('end', () => {
    complete = true;
    ring();
  });
  call.once('close', () => ring());

  return {
    async next() {
      for (;;) {
        const message = call.read() as T | null;
        if (message !== null) return message;
        if (complete || call.destroyed) return null;
        await new Promise<void>((resolve) => {
          ring = resolve;
        });
      }
    },
    get complete() {
      return complete;
    },
  };
}
