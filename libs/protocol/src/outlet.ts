/**
 * The writing half of a call: awaited writes, so that a slow reader slows the writer down instead of filling memory.
 *
 * Both ends use it. Owns no meaning: what a broken call means is the owner's, who says so by `settle`.
 */
import type { Writable } from 'node:stream';
import { TooLarge } from '@sweep/domain';

export interface Outlet {
  /**
   * Resolves when the bytes have left the process.
   * @throws TooLarge (nothing was sent), or the error that `settle` was given
   */
  write(message: Uint8Array): Promise<void>;
  /** No more writes: later ones throw this. What was written before still goes its way. */
  refuse(error: Error): void;
  /** The call is over: later writes throw this, or what `refuse` was given before, and so do those that wait. */
  settle(error: Error): void;
}

/** Calls back when the call is closed, also when it was before (the other side may have gone while its key was looked up). */
export function whenClosed(call: Writable, callback: () => void): void {
  if (call.destroyed) callback();
  else call.once('close', callback);
}

export function createOutlet(call: Writable, maxBytes: () => number): Outlet {
  let over: Error | undefined;
  // A broken call drops its callbacks: without this set their writers would wait for ever.
  const waiting = new Set<(error: Error) => void>();

  return {
    write(message) {
      if (over !== undefined) return Promise.reject(over);
      const limit = maxBytes();
      if (message.byteLength > limit) {
        return Promise.reject(new TooLarge(`a message of ${message.byteLength} bytes is over the limit of ${limit}: send less at once`));
      }
      return new Promise((resolve, reject) => {
        waiting.add(reject);
        call.write(message, (error) => {
          // An error here only says that the call broke; why is known when its status arrives and `settle` is called.
          if (error) return;
          waiting.delete(reject);
          resolve();
        });
      });
    },
    refuse(error) {
      over ??= error;
    },
    settle(error) {
      over ??= error;
      for (const reject of waiting) reject(over);
      waiting.clear();
    },
  };
}
