/**
 * Gathers keys and hands them on at a bounded rate: the first at once, the rest together. Sixteen trials that report ten times a
 * second then cost one refresh a second.
 */
import type { Key } from './changes.js';

export interface Pace {
  add(keys: readonly Key[]): void;
}

export function pace(everyMs: number, flush: (keys: readonly Key[]) => void): Pace {
  const waiting = new Map<string, Key>();
  let resting = false;
  const send = (): void => {
    resting = false;
    if (waiting.size === 0) return;
    const keys = [...waiting.values()];
    waiting.clear();
    resting = true;
    setTimeout(send, everyMs);
    flush(keys);
  };
  return {
    add(keys) {
      for (const key of keys) waiting.set(JSON.stringify(key), key);
      if (!resting && waiting.size > 0) send();
    },
  };
}
