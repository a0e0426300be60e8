import type { Clock } from '@sweep/runtime';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { honourIdempotencyKeys } from './idempotency.js';
import { problemOf } from './problems.filter.js';

let server: FastifyInstance;
let now = 0;
let made = 0;
/** Holds creations back until it is resolved. */
let open: Promise<void>;
let onWork: () => void;
const clock: Clock = { now: () => now, sleep: async () => undefined };

beforeEach(async () => {
  [now, made, open, onWork] = [1_000, 0, Promise.resolve(), () => undefined];
  server = fastify();
  server.decorateRequest('caller', null);
  server.addHook('onRequest', async (request) => {
    request.caller = { user: { id: request.headers['x-user'] ?? 'ada' } } as unknown as NonNullable<typeof request.caller>;
  });
  server.setErrorHandler((error, _request, reply) => reply.code(problemOf(error).status).send(problemOf(error)));
  honourIdempotencyKeys(server, clock);
  const creates = { config: { sweep: { access: 'user', summary: '', creates: true } } };
  server.post('/things', creates, async (request, reply) => {
    onWork();
    await open;
    made++;
    if ((request.body as { fail?: boolean }).fail) return reply.code(503).send({ made });
    return reply.code(201).header('location', `/things/${made}`).send({ made });
  });
  server.post('/commands', async () => ({ made: ++made }));
  await server.ready();
});
afterEach(() => server.close());

const post = (key: string, body: object = {}, { url = '/things', user = 'ada' } = {}) =>
  server.inject({ method: 'POST', url, headers: { 'idempotency-key': key, 'x-user': user }, payload: body });

describe('a creating call with an Idempotency-Key', () => {
  it('that is sent again makes nothing and gets the first answer', async () => {
    const first = await post('k');
    const again = await post('k');
    expect(made).toBe(1);
    expect([again.statusCode, again.body, again.headers['location']]).toEqual([201, first.body, '/things/1']);
    expect(again.headers['content-type']).toMatch(/^application\/json/);
  });

  it('is refused when the body is another one', async () => {
    await post('k', { name: 'a' });
    expect((await post('k', { name: 'b' })).statusCode).toBe(400);
    expect(made).toBe(1);
  });

  it('is refused while the first is still being worked on', async () => {
    let release = (): void => undefined;
    open = new Promise((resolve) => {
      release = resolve;
    });
    const working = new Promise<void>((resolve) => {
      onWork = resolve;
    });
    const first = Promise.resolve(post('k'));
    await working;
    const second = await post('k');
    release();
    expect([second.statusCode, (await first).statusCode, made]).toEqual([409, 201, 1]);
  });

  it('may be tried again when it failed', async () => {
    expect((await post('k', { fail: true })).statusCode).toBe(503);
    expect((await post('k', { fail: false })).statusCode).toBe(201);
  });

  it('is forgotten after ten minutes', async () => {
    await post('k');
    now += 10 * 60_000;
    await post('k');
    expect(made).toBe(2);
  });

  it("is nobody else's", async () => {
    await post('k');
    await post('k', {}, { user: 'bob' });
    expect(made).toBe(2);
  });

  it('means nothing to routes that make nothing', async () => {
    await post('k', {}, { url: '/commands' });
    await post('k', {}, { url: '/commands' });
    expect(made).toBe(2);
  });
});
