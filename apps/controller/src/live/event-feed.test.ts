import { setMaxListeners } from 'node:events';
import { type SweepEventRecord, sweepId } from '@sweep/domain';
import { systemClock } from '@sweep/runtime';
import type { StoredEvent } from '@sweep/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventFeed } from './event-feed.js';
import { eventStream } from './event-stream.js';

/** The order and the hints of an event store, nothing else; counts how often it is read. */
class Events {
  reads = 0;
  #events: StoredEvent[] = [];
  #hint: () => void = () => undefined;

  async since(position: string | null, limit: number) {
    this.reads++;
    return this.#events.slice(Number(position ?? this.#events.length)).slice(0, limit);
  }
  async check() {}
  async head() {
    return String(this.#events.length);
  }
  async subscribe(hint: () => void) {
    this.#hint = hint;
    return async () => undefined;
  }
  add(count = 1) {
    for (let i = 0; i < count; i++) {
      const event: SweepEventRecord = { kind: 'sweep.created', sweep: sweepId('aaaaaaaa') };
      this.#events.push({ position: String(this.#events.length + 1), at: 0, event });
    }
    this.#hint();
  }
}

let events: Events;
let feed: EventFeed;
const leaving = new AbortController();
setMaxListeners(0, leaving.signal);

beforeEach(async () => {
  events = new Events();
  events.add(3);
  feed = new EventFeed({ events, clock: systemClock, kept: 5, onError: (error) => expect.fail(String(error)) });
  await feed.start();
});
afterEach(() => feed.close());

async function take(watcher: AsyncGenerator<readonly StoredEvent[]>, count: number): Promise<readonly string[]> {
  const positions: string[] = [];
  while (positions.length < count)
    positions.push(...((await watcher.next()).value as readonly StoredEvent[]).map(({ position }) => position));
  return positions;
}
const watch = (since: string | null) => feed.watch(since, leaving.signal);

describe('a watcher', () => {
  it('without a position sees what happens from now on', async () => {
    const seen = take(watch(null), 2);
    events.add(2);
    expect(await seen).toEqual(['4', '5']);
  });

  it('with a position sees everything after it, then what happens', async () => {
    const watcher = watch('1');
    expect(await take(watcher, 2)).toEqual(['2', '3']);
    events.add();
    expect(await take(watcher, 1)).toEqual(['4']);
  });

  it('that was away for longer than the feed remembers misses nothing', async () => {
    const slow = watch('3');
    const live = take(watch(null), 20);
    for (let i = 0; i < 20; i++) events.add();
    await live;
    expect(await take(slow, 20)).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 4)));
  });

  it('costs no read of the store while it keeps up', async () => {
    const watchers = Array.from({ length: 50 }, () => take(watch(null), 1));
    const before = events.reads;
    events.add();
    expect(await Promise.all(watchers)).toEqual(Array.from({ length: 50 }, () => ['4']));
    expect(events.reads - before).toBeLessThan(5);
  });

  it('ends when the feed closes, and when it leaves', async () => {
    const gone = new AbortController();
    const left = feed.watch(null, gone.signal).next();
    gone.abort();
    expect((await left).done).toBe(true);
    const closed = watch(null).next();
    await feed.close();
    expect((await closed).done).toBe(true);
  });
});

describe('an event stream', () => {
  const open = (options: { heartbeatMs?: number; stuckMs?: number } = {}) =>
    eventStream({ feed, clock: systemClock, since: '1', closing: leaving.signal, ...options });

  it('numbers every event by its position, and keeps the line alive between them', async () => {
    const stream = await open({ heartbeatMs: 20 });
    let text = '';
    for await (const piece of stream) {
      text += String(piece);
      if (text.includes(': still here')) break;
    }
    expect(text).toMatch(
      /^: connected\nretry: 1000\n\nid: 2\ndata: \{"kind":"sweep.created","sweep":"aaaaaaaa","id":"2","at":"1970-01-01T00:00:00.000Z"\}\n\nid: 3\ndata: .+\n\n: still here\n\n$/,
    );
  });

  it('drops a reader that takes nothing', async () => {
    const stream = await open({ stuckMs: 20 });
    stream.read(0);
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stream.destroyed).toBe(true);
  });

  it('ends when the server goes', async () => {
    const closing = new AbortController();
    const stream = await eventStream({ feed, clock: systemClock, since: null, closing: closing.signal });
    const read = stream.toArray();
    closing.abort();
    expect(String(await read)).toMatch(/^: connected/);
  });
});
