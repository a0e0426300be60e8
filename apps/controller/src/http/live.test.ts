import { createClient } from '@sweep/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, createSweep, random, startTestApp, type TestApp } from '../../testing/app.js';

let app: TestApp;
let url: string;
let key: string;
beforeEach(async () => {
  app = await startTestApp();
  url = await app.listen();
  key = await app.keyOf('user');
});
afterEach(() => app.close());

const open = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${url}${base}${path}`, { headers: { authorization: `Bearer ${key}`, ...headers } });

/** Reads until the text holds what is looked for. */
async function readUntil(response: Response, wanted: string): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    if (text.includes(wanted)) return text;
  }
  throw new Error(`ended before ${wanted}: ${text}`);
}
const idsIn = (text: string): readonly string[] => [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id!);

describe('GET /events', () => {
  it('tells what happens, numbered, and resumes after the last number seen', async () => {
    const first = await open('/events');
    expect(first.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const sweeps = [await createSweep(app, random), await createSweep(app, random)];
    const [seen] = idsIn(await readUntil(first, sweeps[1]!));
    const missed = [await createSweep(app, random)];
    for (const again of [await open('/events', { 'last-event-id': seen! }), await open(`/events?since=${encodeURIComponent(seen!)}`)]) {
      const text = await readUntil(again, missed[0]!);
      expect(text).toContain(sweeps[1]!);
      expect(text).not.toContain(sweeps[0]!);
    }
  });

  it('is what the client reads', async () => {
    const since = await app.store.events.head();
    const sweep = await createSweep(app, random);
    await app.call('POST', `${base}/sweeps/${sweep}/pause`);
    const kinds: string[] = [];
    for await (const event of createClient({ url, key }).events({ since })) {
      kinds.push(event.kind);
      if (event.kind === 'sweep.state') break;
    }
    expect(kinds).toEqual(['sweep.created', 'sweep.state']);
  });

  it('refuses a position that was never given', async () => {
    expect((await open('/events', { 'last-event-id': 'yesterday' })).status).toBe(400);
  });

  it('ends when the server closes', async () => {
    const response = await open('/events');
    const text = response.text();
    await app.close();
    expect(await text).toMatch(/^: connected/);
    app = await startTestApp();
  });
});

describe('GET /logs?follow', () => {
  it('goes on until the attempt is over', async () => {
    const sweep = await createSweep(app, random);
    const asked = (await app.call('POST', `${base}/sweeps/${sweep}/ask`)).json() as { trials: { id: string }[] };
    const id = asked.trials[0]!.id;
    const write = (offset: number, text: string) =>
      app.store.logs.append([{ run: id as never, attempt: 1, stream: 'stdout', offset, data: new TextEncoder().encode(text) }]);
    await write(0, 'one\n');
    const text = (await open(`/trials/${id}/logs?follow=true`)).text();
    await write(4, 'two\n');
    await app.call('POST', `${base}/trials/${id}/tell`, { body: { value: 1 } });
    expect(await text).toBe('one\ntwo\n');
  });
});
