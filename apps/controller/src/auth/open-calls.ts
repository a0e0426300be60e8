/**
 * Calls that last: streams, uploads, sessions of agents. A key is judged when a call begins; this ends the call when the key is
 * revoked or runs out in the middle.
 *
 * Owns the list and the cutting; the look at the database is repeated by the engine's background work.
 */
import type { KeyId } from '@sweep/domain';
import type { KeyStore } from '@sweep/store';

export class OpenCalls {
  readonly #byKey = new Map<KeyId, Set<() => void>>();

  constructor(private readonly keys: Pick<KeyStore, 'good'>) {}

  /** Answers what takes the call out again. @param cut ends the call; it is called at most once */
  add(key: KeyId, cut: () => void): () => void {
    const calls = this.#byKey.get(key) ?? new Set();
    calls.add(cut);
    this.#byKey.set(key, calls);
    return () => {
      calls.delete(cut);
      if (calls.size === 0 && this.#byKey.get(key) === calls) this.#byKey.delete(key);
    };
  }

  async cutRevoked(): Promise<void> {
    const open = [...this.#byKey.keys()];
    if (open.length === 0) return;
    const good = await this.keys.good(open);
    for (const key of open.filter((id) => !good.has(id))) this.#cut(key);
  }

  #cut(key: KeyId): void {
    const calls = this.#byKey.get(key) ?? [];
    this.#byKey.delete(key);
    for (const cut of calls) cut();
  }
}
