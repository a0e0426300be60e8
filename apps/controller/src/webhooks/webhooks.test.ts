import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger, systemClock } from '@sweep/runtime';
import { openMemory, type Store } from '@sweep/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demandPublic, isPrivate, webhookUrl } from './addresses.js';
import { send, signature } from './send.js';
import { endOf, Webhooks } from './webhooks.js';

const secret = `whsec_${Buffer.from('a key of 24 bytes, or so').toString('base64')}`;

interface Heard {
  readonly request: IncomingMessage;
  readonly body: string;
}

let server: Server;
let url: string;
let heard: Heard[];
let answers: number[];

beforeEach(async () => {
  heard = [];
  answers = [];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      heard.push({ request, body: Buffer.concat(parts).toString() });
      response.writeHead(answers.shift() ?? 204, { location: `${url}/elsewhere` }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const message = (change: object = {}) => ({
  id: 'm1',
  url,
  secret,
  body: '{"type":"x"}',
  now: 1_790_000_000_123,
  mayBePrivate: true,
  ...change,
});

describe('a delivery', () => {
  it('is signed so that its receiver can tell who sent it, what and when', async () => {
    expect(await send(message())).toEqual({ kind: 'taken', answer: '204' });
    const [{ request, body }] = heard as [Heard];
    expect([request.method, body, request.headers['content-type']]).toEqual(['POST', '{"type":"x"}', 'application/json']);
    const [id, at, signed] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => request.headers[name] as string);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect([id, at, signed]).toEqual([
      'm1',
      '1790000000',
      `v1,${createHmac('sha256', key).update('m1.1790000000.{"type":"x"}').digest('base64')}`,
    ]);
  });

  it('has the signature of the published example', () => {
    // https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/index.test.ts
    const given = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', now: 1_614_265_330_000 };
    expect(signature({ ...given, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it.each([
    [302, '302 (redirects are not followed)', false],
    [500, '500', false],
    [410, '410', true],
  ])('that is answered by %i is refused', async (status, answer, forGood) => {
    answers = [status];
    expect(await send(message())).toEqual({ kind: 'refused', answer, forGood });
    expect(heard).toHaveLength(1);
  });

  it('that nobody takes is refused for now', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    expect(await send(message({ url: `http://127.0.0.1:${port}` }))).toEqual({
      kind: 'refused',
      answer: 'no answer: ECONNREFUSED',
      forGood: false,
    });
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1'])('goes nowhere inside this network: %s', async (host) => {
    const inside = url.replace('127.0.0.1', host);
    expect(await send(message({ url: inside, mayBePrivate: false }))).toMatchObject({
      kind: 'refused',
      forGood: true,
      answer: expect.stringContaining('--private-webhooks'),
    });
    expect(heard).toEqual([]);
  });
});

describe('an address', () => {
  it.each([
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
  ])('%s is inside', (address) => {
    expect(isPrivate(address)).toBe(true);
  });

  it.each(['1.1.1.1', '172.32.0.1', '192.169.0.1', '2606:4700::1111'])('%s is not', (address) => {
    expect(isPrivate(address)).toBe(false);
    expect(() => demandPublic(new URL(`https://${address.includes(':') ? `[${address}]` : address}`))).not.toThrow();
  });

  it.each(['', 'example.org', 'ftp://example.org', 'file:///etc/passwd', 'https://ada:pw@example.org'])(
    '%j is none of a webhook',
    (text) => {
      expect(() => webhookUrl(text)).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );
});

describe('what is told', () => {
  let store: Store;
  let webhooks: Webhooks;
  let now = 0;
  const clock = { ...systemClock, now: () => now };

  beforeEach(() => {
    now = 1_790_000_000_000;
    store = openMemory(() => now);
    webhooks = new Webhooks({ store, clock, log: silentLogger, publicUrl: () => 'https://sweep.example', mayBePrivate: true });
  });

  const project = async (...events: readonly string[]) => {
    const made = await store.projects.ensure('ada', 'digits');
    await store.webhooks.replace(made.id, [{ id: 'w', url, secret, events }]);
    return made;
  };

  it('reaches those who want it, once, as JSON', async () => {
    const { id } = await project('run.alert');
    await webhooks.tell(id, 'run.alert', 'one', { a: 1 });
    await webhooks.tell(id, 'run.alert', 'one', { a: 1 });
    await webhooks.tell(id, 'sweep.ended', 'two', {});
    await Promise.all([webhooks.run(), webhooks.run()]);
    await webhooks.run();
    expect(heard.map(({ body }) => JSON.parse(body))).toEqual([
      { type: 'run.alert', timestamp: '2026-09-21T14:13:20.000Z', data: { a: 1 } },
    ]);
    expect(await store.webhooks.deliveries(id, 10)).toMatchObject([{ state: 'delivered', answer: '204', tries: 1 }]);
  });

  it('is tried again ever more rarely, with the same id, and given up in the end', async () => {
    const { id } = await project('run.alert');
    await webhooks.tell(id, 'run.alert', 'one', {});
    answers = Array.from({ length: 20 }, () => 503);
    const waits: number[] = [];
    for (let tries = 0; tries < 20; tries++) {
      await webhooks.run();
      const [delivery] = await store.webhooks.deliveries(id, 1);
      if (delivery!.state !== 'waiting') break;
      waits.push(delivery!.dueAt - now);
      now = delivery!.dueAt - 1;
      await webhooks.run();
      expect(heard).toHaveLength(tries + 1);
      now += 1;
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.length).toBeGreaterThan(4);
    expect(await store.webhooks.deliveries(id, 1)).toMatchObject([{ state: 'failed', answer: '503', tries: waits.length + 1 }]);
    expect(new Set(heard.map(({ request }) => request.headers['webhook-id'])).size).toBe(1);
  });

  it('is sent again by another controller when this one dies while it sends', async () => {
    const { id } = await project('run.alert');
    await webhooks.tell(id, 'run.alert', 'one', {});
    await store.webhooks.take(10, 60_000);
    await webhooks.run();
    expect(heard).toEqual([]);
    now += 60_000;
    await webhooks.run();
    expect(heard).toHaveLength(1);
  });

  it('is not told again once it was taken, nor when its receiver is gone for good', () => {
    expect(endOf({ kind: 'taken', answer: '200' }, 1)).toEqual({ state: 'delivered', answer: '200' });
    expect(endOf({ kind: 'refused', answer: '410', forGood: true }, 1)).toEqual({ state: 'failed', answer: '410' });
  });
});
