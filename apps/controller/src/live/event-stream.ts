/**
 * Watched events as a server-sent event stream.
 *
 * Source of the format: https://html.spec.whatwg.org/multipage/server-sent-events.html. A comment is sent when nothing happens, so
 * that both ends notice a dead connection. A reader that takes nothing for too long is dropped; the id of the last event it got
 * is where it resumes.
 */
import { Readable } from 'node:stream';
import type { Clock } from '@sweep/runtime';
import type { StoredEvent } from '@sweep/store';
import { writeJson } from '../http/json.js';
import { eventView } from '../views/record-views.js';
import type { EventFeed } from './event-feed.js';

export interface StreamOptions {
  readonly feed: EventFeed;
  readonly clock: Clock;
  readonly since: string | null;
  /** Aborts when the server goes. */
  readonly closing: AbortSignal;
  readonly heartbeatMs?: number;
  readonly stuckMs?: number;
}

/** @throws what the store says about a position from which it cannot go on, while a status can still be sent */
export async function eventStream({
  feed,
  clock,
  since,
  closing,
  heartbeatMs = 15_000,
  stuckMs = 60_000,
}: StreamOptions): Promise<Readable> {
  if (since !== null) await feed.check(since);
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  closing.addEventListener('abort', leave, { once: true });
  const pace: Pace = { clock, heartbeatMs, leaving: leaving.signal, pulls: 0 };
  const stream = Readable.from(texts(feed.watch(since, leaving.signal), pace), { objectMode: false });
  stream.once('close', () => {
    closing.removeEventListener('abort', leave);
    leave();
  });
  void dropWhenStuck(stream, pace, stuckMs);
  return stream;
}

interface Pace {
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly leaving: AbortSignal;
  /** How often the reader has asked for more. */
  pulls: number;
}

async function* texts(batches: AsyncGenerator<readonly StoredEvent[]>, pace: Pace): AsyncGenerator<string> {
  yield ': connected\nretry: 1000\n\n';
  for (let pending = batches.next(); ; pace.pulls++) {
    const nap = new AbortController();
    const next = await Promise.race([pending, pace.clock.sleep(pace.heartbeatMs, nap.signal).then(() => null)]);
    nap.abort();
    if (pace.leaving.aborted || next?.done) return;
    if (next === null) {
      yield ': still here\n\n';
      continue;
    }
    pending = batches.next();
    yield next.value.map(messageOf).join('');
  }
}

/** JSON text holds no line break, so one data line is enough. */
const messageOf = (event: StoredEvent): string => `id: ${event.position}\ndata: ${writeJson(eventView(event))}\n\n`;

async function dropWhenStuck(stream: Readable, pace: Pace, stuckMs: number): Promise<void> {
  for (let before = -1; ; before = pace.pulls) {
    await pace.clock.sleep(stuckMs, pace.leaving);
    if (pace.leaving.aborted) return;
    // What it was given lies untouched, and so it asks for no more.
    if (pace.pulls === before && stream.readableLength > 0) stream.destroy();
  }
}
