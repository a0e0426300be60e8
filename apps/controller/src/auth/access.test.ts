import { routes as contract } from '@sweep/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../testing/app.js';
import { openRoutes } from '../../testing/open-routes.js';
import { Authenticator } from './authenticate.js';

/** Opened by the signature in the address, by no key. */
const signed = [
  'GET /storage/blobs/:blob/:name/:shown',
  'PUT /storage/runs/:run/:path',
  'PUT /storage/contents/:project/:md5',
  'PUT /storage/manifests/:id',
];
/** How training programs report. */
const forPrograms = [
  'POST /graphql',
  'POST /files/:entity/:project/:run/file_stream',
  'GET /files/:entity/:project/:run/*',
  'GET /artifactsV2/:region/*',
  'GET /artifacts/:entity/:md5',
];
/** All that a key of an agent may ask over HTTP; agents work over gRPC. */
const forAgents = ['GET /api/v1/server'];
const forAdministrators = /\/api\/v1\/(keys|users|tokens|collect)\b/;

let app: TestApp;
let listed: readonly { readonly method: string; readonly url: string; readonly name: string }[];
beforeAll(async () => {
  app = await startTestApp();
  // HEAD is served wherever GET is, by the same route.
  listed = app.routes.map(({ method, url }) => ({
    method,
    // A query that no route knows: what would never end is refused once the key has been accepted.
    url: `${url.replace(/:\w+/g, 'aaaaaaaa')}?nonsense=1`,
    name: `${method === 'HEAD' ? 'GET' : method} ${url}`,
  }));
});
afterAll(() => app.close());

async function statuses(key: string | null): Promise<ReadonlyMap<string, number>> {
  const answers = await Promise.all(
    listed.map(async ({ method, url, name }) => [`${method} ${name}`, (await app.call(method, url, { key })).statusCode] as const),
  );
  return new Map(answers);
}
const namesWith = (answers: ReadonlyMap<string, number>, admits: (status: number) => boolean): ReadonlySet<string> =>
  new Set([...answers].filter(([, status]) => admits(status)).map(([name]) => name.split(' ').slice(1).join(' ')));

describe('the routes of the running server', () => {
  it('hold everything that the client may call', () => {
    const served = new Set(app.routes.map(({ method, url }) => `${method} ${url}`));
    for (const { method, path } of Object.values(contract)) expect(served).toContain(`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
  });

  it('answer nobody without a key but for a short list', async () => {
    const answers = await statuses(null);
    expect(answers.size).toBeGreaterThan(60);
    expect(namesWith(answers, (status) => status !== 401)).toEqual(new Set(openRoutes));
  });

  it('answer no key that is unknown, revoked, expired or not a key', async () => {
    const revoked = await app.keyOf('admin');
    const [, made] = await app.store.keys.list(null);
    await app.store.keys.revoke(made!.id);
    for (const key of [revoked, 'a'.repeat(40), 'a'.repeat(39), "' OR 1=1 --", '']) {
      expect((await app.call('GET', '/api/v1/sweeps', { key: null, headers: { authorization: `Bearer ${key}` } })).statusCode).toBe(401);
    }
  });

  it.each([
    ['attempt', (name: string) => [...openRoutes, ...signed, ...forPrograms].includes(name)],
    ['agent', (name: string) => [...openRoutes, ...signed, ...forAgents].includes(name)],
    ['user', (name: string) => !forAdministrators.test(name)],
  ] as const)('refuse a key of scope %s everywhere else', async (scope, admitted) => {
    const answers = await statuses(await app.keyOf(scope));
    const names = new Set(listed.map(({ name }) => name));
    expect(namesWith(answers, (status) => status === 403)).toEqual(new Set([...names].filter((name) => !admitted(name))));
  });

  it('admit an unused join token to where agents dial, and nowhere else', async () => {
    const { token } = (await app.call('POST', '/api/v1/tokens', { body: {} })).json();
    const answers = await statuses(token);
    expect(namesWith(answers, (status) => status !== 401)).toEqual(new Set([...openRoutes, ...forAgents]));
    expect((await app.call('GET', '/api/v1/server', { key: token })).json()).toMatchObject({ grpcUrl: expect.any(String), user: null });
    await app.store.keys.redeemToken(new Authenticator(app.store).hash(token));
    expect((await app.call('GET', '/api/v1/server', { key: token })).statusCode).toBe(401);
  });

  it('refuse before they read a body', async () => {
    const answer = await app.call('POST', '/api/v1/sweeps', {
      key: null,
      body: '{"config":',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });
});
