import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Forbidden, Unavailable } from '@sweep/domain';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from './client.js';
import { messages } from './events.js';

async function* cut(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (const size of [...sizes, text.length]) {
    if (at >= text.length) return;
    yield text.slice(at, at + size);
    at += size;
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('the text of an event stream', () => {
  it('means the same however it is cut', async () => {
    const text = ': hello\n\nid: 1\ndata: {"a":1}\n\nevent: x\r\nid: 2\r\ndata: one\r\ndata: two\r\n\r\ndata:bare\n\n';
    const wanted = [
      { id: '1', data: '{"a":1}' },
      { id: '2', data: 'one\ntwo' },
      { id: null, data: 'bare' },
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 })), async (sizes) => {
        expect(await all(messages(cut(text, sizes)))).toEqual(wanted);
      }),
    );
  });
});

describe('events', () => {
  let server: Server;
  let url: string;
  let connections: { last: string | undefined; since: string | null }[];
  let serve: (response: ServerResponse, number: number) => void;

  beforeEach(async () => {
    connections = [];
    server = createServer((request, response) => {
      connections.push({
        last: request.headers['last-event-id'] as string | undefined,
        since: new URL(request.url!, 'http://x').searchParams.get('since'),
      });
      serve(response, connections.length);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const event = (id: number): string => `id: ${id}\ndata: {"id":"${id}","kind":"trial.state","at":"2026-01-01T00:00:00Z"}\n\n`;
  const take = async (count: number, options: object = {}): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { id } of createClient({ url, key: null }).events(options)) {
      ids.push(id);
      if (ids.length === count) break;
    }
    return ids;
  };

  it('go on after the last one seen when the connection breaks', async () => {
    serve = (response, number) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (number === 1) response.write(event(1) + event(2), () => response.destroy());
      else response.write(event(3));
    };
    expect(await take(3)).toEqual(['1', '2', '3']);
    expect(connections[1]).toEqual({ last: '2', since: '2' });
  });

  it('open the connection again when it falls silent', async () => {
    serve = (response, number) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(number === 1 ? event(1) : event(2));
    };
    expect(await take(2, { silenceMs: 100 })).toEqual(['1', '2']);
  });

  it('tell when the connection stands and when it is gone', async () => {
    serve = (response, number) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (number === 1) response.write(event(1), () => response.destroy());
      else response.write(event(2));
    };
    const told: boolean[] = [];
    await take(2, { onConnection: (stands: boolean) => told.push(stands) });
    expect(told).toEqual([true, false, true, false]);
  });

  it('end when the caller wants no more', async () => {
    serve = (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event(1));
    const stop = new AbortController();
    const ids: string[] = [];
    for await (const { id } of createClient({ url, key: null }).events({ signal: stop.signal })) {
      ids.push(id);
      stop.abort();
    }
    expect(ids).toEqual(['1']);
  });

  it('are refused to those who may not read them', async () => {
    serve = (response) => void response.writeHead(403).end();
    await expect(take(1)).rejects.toBeInstanceOf(Forbidden);
  });

  it('say that nobody answers', async () => {
    serve = (response) => void response.destroy();
    await expect(take(1)).rejects.toBeInstanceOf(Unavailable);
  });
});
