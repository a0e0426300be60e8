/**
 * What happens, as it happens: one event stream for all tabs of this browser.
 *
 *     tab that holds the lock ── SSE ──► controller          every tab: last id seen, so that whoever
 *              └── BroadcastChannel ──► the other tabs       takes over goes on where it was
 *
 * The lock is the browser's own (Web Locks): when its tab closes or crashes the next one in the queue gets it. Owns the stream and who
 * follows it; what an event means for the data shown is changes.ts.
 */
import type { Client, EventView } from '@sweep/api';
import { codeOf, isSignedOut } from './errors.js';

/** `since`: when the stream was last known to stand, milliseconds since the epoch. */
export type Liveness = { readonly state: 'connecting' } | { readonly state: 'live' } | { readonly state: 'stale'; readonly since: number };

export interface LiveListener {
  readonly onEvent: (event: EventView) => void;
  /** Something may have been missed: all that is shown must be read again. */
  readonly onGap: () => void;
  readonly onLiveness: (liveness: Liveness) => void;
  readonly onSignedOut: () => void;
}

type Word =
  | { readonly kind: 'event'; readonly event: EventView }
  | { readonly kind: 'gap' }
  | { readonly kind: 'liveness'; readonly liveness: Liveness }
  | { readonly kind: 'signed-out' }
  /** Of a tab that has just opened: how does it stand? */
  | { readonly kind: 'hello' };

const lockName = 'sweep-events';
const retryMs = 1_000;

/** Follows until the signal aborts. */
export function followLive(client: Client, listener: LiveListener, signal: AbortSignal): void {
  const channel = new BroadcastChannel(lockName);
  signal.addEventListener('abort', () => channel.close(), { once: true });
  // Browsers have none on plain http elsewhere than on this machine: then each tab has a stream of its own.
  const locks = navigator.locks as LockManager | undefined;
  let last: string | undefined;
  let leader: Leader | null = null;

  const hear = (word: Word): void => {
    if (word.kind === 'event') {
      last = word.event.id;
      listener.onEvent(word.event);
    } else if (word.kind === 'liveness') listener.onLiveness(word.liveness);
    else if (word.kind === 'gap') listener.onGap();
    else if (word.kind === 'signed-out') listener.onSignedOut();
    else leader?.repeat();
  };
  channel.onmessage = ({ data }: MessageEvent<Word>) => hear(data);
  const tell = (word: Word): void => {
    if (signal.aborted) return;
    if (locks !== undefined) channel.postMessage(word);
    hear(word);
  };
  channel.postMessage({ kind: 'hello' } satisfies Word);

  const lead = async (): Promise<void> => {
    leader = new Leader(client, tell, signal);
    await leader.run(last);
  };
  if (locks === undefined) {
    void lead();
    return;
  }
  locks.request(lockName, { signal }, lead).catch((error: unknown) => {
    // Aborted while waiting for its turn: this tab is not interested any more.
    if (!signal.aborted) throw error;
  });
}

/** Reads the stream and tells all tabs. */
class Leader {
  #liveness: Liveness = { state: 'connecting' };

  constructor(
    private readonly client: Client,
    private readonly tell: (word: Word) => void,
    private readonly signal: AbortSignal,
  ) {}

  repeat(): void {
    this.tell({ kind: 'liveness', liveness: this.#liveness });
  }

  async run(since: string | undefined): Promise<void> {
    let last = since;
    while (!this.signal.aborted) {
      try {
        const events = this.client.events({
          signal: this.signal,
          ...(last === undefined ? {} : { since: last }),
          onConnection: (stands) => this.#connection(stands, last),
        });
        for await (const event of events) {
          last = event.id;
          this.tell({ kind: 'event', event });
        }
      } catch (error) {
        if (this.signal.aborted) return;
        if (isSignedOut(error)) return this.tell({ kind: 'signed-out' });
        // The controller does not know this position: a database was put back, say. All is read anew from here.
        if (codeOf(error) === 'invalid') last = undefined;
        this.#connection(false, last);
      }
      await this.#rest();
    }
  }

  #connection(stands: boolean, last: string | undefined): void {
    const before = this.#liveness;
    this.#liveness = stands ? { state: 'live' } : before.state === 'stale' ? before : { state: 'stale', since: Date.now() };
    this.repeat();
    // Without a position nobody can say what came before this connection.
    if (stands && last === undefined) this.tell({ kind: 'gap' });
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, retryMs);
      this.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
