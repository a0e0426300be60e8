/**
 * Events of the store to any number of watchers, through one subscription.
 *
 *     store ──hint──► loop reads what is new, once for all ──► the latest events, kept ──► watchers, each at its own position
 *
 * A watcher pulls: a slow one lags and costs no memory, and reads from the store itself when it has fallen behind what is kept.
 * Positions are opaque; their order is the order in which the store gives events.
 */

import { type Clock, type Loop, startLoop } from '@sweep/runtime';
import type { EventStore, StoredEvent } from '@sweep/store';

export interface FeedOptions {
  readonly events: EventStore;
  readonly clock: Clock;
  readonly onError: (error: unknown, name: string) => void;
  /** How many of the latest events are kept for watchers that are nearly up to date. */
  readonly kept?: number;
}

/** Also without a hint the feed looks this often: a lost notification only delays. */
const lookAgainMs = 5_000;
const batch = 500;

export class EventFeed {
  readonly #options: FeedOptions;
  readonly #wakers = new Set<() => void>();
  #latest: StoredEvent[] = [];
  /** Where the kept events begin: the position just before the first. */
  #before = '';
  #loop: Loop | undefined;
  #unsubscribe: (() => Promise<void>) | undefined;
  /** Counts the batches read, so that a watcher notices one that arrived while it looked. */
  #reads = 0;
  #closed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { events, clock, onError } = this.#options;
    this.#before = await events.head();
    this.#loop = startLoop({ name: 'events', everyMs: lookAgainMs, clock, onError, body: () => this.#read() });
    // Hints while the loop runs become one further run.
    this.#unsubscribe = await events.subscribe(() => this.#loop?.wake());
  }

  /** @throws what the store says about a position that it did not give, or does not reach back to any more */
  async check(position: string): Promise<void> {
    await this.#options.events.check(position);
  }

  /**
   * Events after a position (null: from now on), in batches, until the feed closes or the signal aborts.
   */
  async *watch(since: string | null, signal: AbortSignal): AsyncGenerator<readonly StoredEvent[]> {
    let position = since ?? this.head();
    while (!this.#closed && !signal.aborted) {
      const seen = this.#reads;
      const next = await this.#after(position);
      if (next.length === 0) {
        await this.#changed(seen, signal);
        continue;
      }
      position = next.at(-1)!.position;
      yield next;
    }
  }

  /** Ends every watcher. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#wakers) wake();
    await this.#unsubscribe?.();
    await this.#loop?.stop();
  }

  /** Behind the last event that was read. */
  head(): string {
    return this.#latest.at(-1)?.position ?? this.#before;
  }

  async #read(): Promise<void> {
    for (;;) {
      const events = await this.#options.events.since(this.head(), batch);
      if (events.length === 0) return;
      this.#keep(events);
      for (const wake of this.#wakers) wake();
      if (events.length < batch) return;
    }
  }

  #keep(events: readonly StoredEvent[]): void {
    this.#reads++;
    this.#latest.push(...events);
    const surplus = this.#latest.length - (this.#options.kept ?? 1_000);
    if (surplus <= 0) return;
    this.#before = this.#latest[surplus - 1]!.position;
    this.#latest = this.#latest.slice(surplus);
  }

  async #after(position: string): Promise<readonly StoredEvent[]> {
    if (position === this.#before) return [...this.#latest];
    const at = this.#latest.findLastIndex((event) => event.position === position);
    return at >= 0 ? this.#latest.slice(at + 1) : this.#options.events.since(position, batch);
  }

  /** Resolves when a batch was read after the one numbered `seen`, or when there is nothing to wait for any more. */
  #changed(seen: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      if (this.#reads !== seen || this.#closed || signal.aborted) wake();
    });
  }
}
