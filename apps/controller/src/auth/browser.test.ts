import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { problemOf } from '../http/problems.filter.js';
import { guardAgainstPages, type HostRules } from './browser.js';

let server: FastifyInstance;
afterEach(() => server.close());

async function serve(rules: HostRules, publicUrl = 'http://127.0.0.1:8420'): Promise<void> {
  server = fastify();
  guardAgainstPages(server, rules, () => publicUrl);
  server.setErrorHandler((error, _request, reply) => reply.code(problemOf(error).status).send());
  server.all('/thing', async () => ({}));
  await server.ready();
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
const status = async (headers: Record<string, string>, method: Method = 'GET') =>
  (await server.inject({ method, url: '/thing', headers })).statusCode;
const loopback: HostRules = { names: [], anyAddress: false };

describe('a server on loopback', () => {
  it.each(['localhost', 'localhost:8420', '127.0.0.1:8420', '[::1]:8420', 'LOCALHOST:1'])('answers to %s', async (host) => {
    await serve(loopback);
    expect(await status({ host })).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:8420',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.5',
    '169.254.169.254',
    '[::1',
    'localhost:8420@evil.example',
  ])('does not answer to "%s", as after DNS rebinding', async (host) => {
    await serve(loopback);
    expect(await status({ host })).toBe(403);
  });

  it('answers to the name of its public address', async () => {
    await serve(loopback, 'https://sweep.example');
    expect(await status({ host: 'sweep.example' })).toBe(200);
  });
});

describe('a server for other machines', () => {
  it('answers to any IP address, which cannot be rebound, and to its own name, but to no other name', async () => {
    await serve({ names: ['gpu-1'], anyAddress: true });
    expect([
      await status({ host: '10.0.0.5:8420' }),
      await status({ host: '[fe80::1]:8420' }),
      await status({ host: 'gpu-1:8420' }),
    ]).toEqual([200, 200, 200]);
    expect(await status({ host: 'evil.example' })).toBe(403);
  });
});

describe("a page of somebody else's", () => {
  const host = '127.0.0.1:8420';

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('changes nothing by %s', async (method) => {
    await serve(loopback);
    for (const origin of ['https://evil.example', 'http://127.0.0.1:3000', 'null'])
      expect(await status({ host, origin }, method)).toBe(403);
  });

  it('is not our own page, behind a proxy with TLS either, nor a program, which sends no Origin', async () => {
    await serve(loopback, 'https://sweep.example');
    expect(await status({ host, origin: `http://${host}` }, 'POST')).toBe(200);
    expect(await status({ host: 'sweep.example', origin: 'https://sweep.example' }, 'POST')).toBe(200);
    expect(await status({ host }, 'DELETE')).toBe(200);
  });
});

describe('every answer', () => {
  it('tells the browser to be strict, refusals too', async () => {
    await serve(loopback);
    for (const headers of [{ host: 'localhost' }, { host: 'evil.example' }]) {
      const answer = await server.inject({ url: '/thing', headers });
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(answer.headers['content-security-policy']).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
      expect(answer.headers['content-security-policy']).not.toMatch(/unsafe/);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});
