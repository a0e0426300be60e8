/** A web page of somebody else's, in the browser of a person who is signed in: it changes nothing and reads nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp } from '../../apps/controller/testing/app.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { grid, json, send } from './fixture.js';

let cluster: Cluster;
let cookie: string;
let changing: readonly { readonly method: string; readonly url: string }[];
beforeAll(async () => {
  const twin = await startTestApp();
  changing = twin.routes.filter(({ method, access }) => !['GET', 'HEAD', 'OPTIONS'].includes(method) && access !== 'public');
  await twin.close();
  cluster = await startCluster();
  const body = JSON.stringify({ key: cluster.key });
  const signedIn = await send(cluster.url, '/api/v1/session', { method: 'POST', headers: json, body });
  cookie = String(signedIn.headers['set-cookie']).split(';')[0]!;
});
afterAll(() => cluster.stop());

const path = (url: string): string => url.replace(/:\w+/g, 'aaaaaaaa').replace('*', 'x');

describe("a page of somebody else's", () => {
  it.each([
    ['its own origin', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['no origin, as from a sandbox', { origin: 'null' }],
    ['a name that begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
    ['no origin, and the cookie', {}],
    ['the cookie from another site', { 'sec-fetch-site': 'cross-site' }],
    ['the cookie from the same site', { 'sec-fetch-site': 'same-site' }],
  ])('changes nothing with %s, whatever the route and the method', async (_, headers) => {
    for (const { method, url } of changing) {
      const answer = await send(cluster.url, path(url), { method, headers: { ...headers, cookie } });
      expect(`${method} ${url} ${answer.status}`).toBe(`${method} ${url} 403`);
    }
  });

  it('reads nothing with the cookie, and is told by no header that it may', async () => {
    const headers = { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await send(cluster.url, '/api/v1/keys', { headers });
    expect(answer.status).toBe(403);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    const asked = { ...headers, 'access-control-request-method': 'DELETE' };
    const preflight = await send(cluster.url, '/api/v1/keys', { method: 'OPTIONS', headers: asked });
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each(['evil.example', 'evil.example:8420', 'localhost.evil.example', '169.254.169.254', 'x@127.0.0.1'])(
    'reaches nothing by the name "%s" once that name leads here, with a key either',
    async (host) => {
      const { status, text } = await send(cluster.url, '/api/v1/sweeps', { key: cluster.key, headers: { host } });
      expect([400, 403]).toContain(status);
      expect(text).not.toContain('"items"');
    },
  );

  it('reaches nothing by the names that proxies send', async () => {
    for (const name of ['x-forwarded-host', 'x-host', 'forwarded', 'x-original-host']) {
      const headers = { host: 'evil.example', [name]: '127.0.0.1' };
      expect((await send(cluster.url, '/api/v1/sweeps', { key: cluster.key, headers })).status).toBe(403);
    }
  });
});

describe('the method', () => {
  it('is that of the request line: no header or field overrides it', async () => {
    const { id } = await cluster.client.createSweep({ config: grid(await own()) });
    for (const headers of [{ 'x-http-method-override': 'DELETE' }, { 'x-http-method': 'DELETE' }, { 'x-method-override': 'DELETE' }]) {
      await send(cluster.url, `/api/v1/sweeps/${id}?_method=DELETE`, { key: cluster.key, headers });
      await send(cluster.url, `/api/v1/sweeps/${id}`, {
        method: 'POST',
        key: cluster.key,
        headers: { ...headers, ...json },
        body: '{"_method":"DELETE"}',
      });
    }
    expect((await cluster.client.getSweep(id)).state).toBe('pending');
  });

  it('is named by HTTP alone: forms and texts, which pages may send anywhere, are no bodies here', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const sent = { method: 'POST', key: cluster.key, headers: { 'content-type': type }, body: JSON.stringify({ name: 'x' }) };
      expect(`${type} ${(await send(cluster.url, '/api/v1/users', sent)).status}`).toBe(`${type} 415`);
    }
  });
});

describe('every answer', () => {
  it.each(['/', '/api/docs', '/api/v1/keys', '/nowhere', '/healthz'])('of %s tells a browser to be strict', async (address) => {
    const { headers } = await send(cluster.url, address);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.not.stringMatching(/unsafe-eval|script-src[^;]*unsafe-inline|\*/),
    });
  });

  it('of the API page knows one description only, whatever its address says', async () => {
    const plain = await send(cluster.url, '/api/docs');
    for (const query of ['?url=https://evil.example/x.json', '?configUrl=//evil.example', '?spec=javascript:alert(1)']) {
      const { text } = await send(cluster.url, `/api/docs${query}`);
      expect(text).toBe(plain.text);
    }
  });
});

const own = async (): Promise<string> => (await cluster.client.server()).user!;
