import { sessionView } from '@sweep/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, createSweep, grid, startTestApp, type TestApp } from '../../testing/app.js';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const ours = { 'sec-fetch-site': 'same-origin' };

async function signIn(key: string) {
  const answer = await app.call('POST', `${base}/session`, { key: null, body: { key } });
  const [pair = '', ...attributes] = String(answer.headers['set-cookie']).split('; ');
  return { answer, cookie: pair, attributes };
}
const by = (cookie: string, headers: Record<string, string> = ours) => ({ key: null, headers: { cookie, ...headers } });

describe('signing in', () => {
  it('answers who it is, with a cookie that scripts, other sites and other paths cannot have', async () => {
    const { answer, cookie, attributes } = await signIn(await app.keyOf('admin'));
    expect(sessionView.parse(answer.json())).toMatchObject({
      user: { name: 'ada', admin: true },
      scope: 'admin',
      expiresAt: expect.any(String),
    });
    expect(cookie).toMatch(/^sweep_session=[a-z0-9]{40}$/);
    expect(new Set(attributes)).toEqual(new Set(['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=1209600']));
    expect(answer.body).not.toContain(cookie.slice('sweep_session='.length));
    expect((await app.call('GET', `${base}/session`, by(cookie))).json()).toEqual(answer.json());
  });

  it('sends the cookie over TLS alone where there is TLS', async () => {
    await app.close();
    app = await startTestApp({ publicUrl: 'https://sweep.example' });
    expect((await signIn(await app.keyOf('user'))).attributes).toContain('Secure');
  });

  it.each(['agent', 'attempt'] as const)('is not for keys of scope %s', async (scope) => {
    const { answer } = await signIn(await app.keyOf(scope));
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });

  it('refuses wrong keys, and slows down an address that sends many; a right one still passes', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 12; index++) statuses.push((await signIn('a'.repeat(40))).answer.statusCode);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.at(-1)).toBe(429);
    expect((await signIn(await app.keyOf('user'))).answer.statusCode).toBe(200);
  });

  it.each([{}, { key: '' }, { key: 7 }, { key: 'a'.repeat(40), more: 1 }, []])('refuses the body %j', async (body) => {
    expect((await app.call('POST', `${base}/session`, { key: null, body })).statusCode).toBe(400);
  });

  it('is not done by a page of others', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await app.call('POST', `${base}/session`, { key: null, headers, body: { key: await app.keyOf('user') } });
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });
});

describe('a cookie', () => {
  it('opens what its key opens, events and downloads too, and no more', async () => {
    const { cookie } = await signIn(await app.keyOf('user'));
    expect((await app.call('GET', `${base}/sweeps`, by(cookie))).statusCode).toBe(200);
    expect((await app.call('HEAD', `${base}/events`, by(cookie))).statusCode).toBe(200);
    const blob = await app.call('GET', `${base}/blobs/${'0'.repeat(64)}`, by(cookie, { 'sec-fetch-site': 'none' }));
    expect(blob.statusCode).toBe(404);
    expect((await app.call('GET', `${base}/keys`, by(cookie))).statusCode).toBe(403);
  });

  it('is void once signed out, revoked or expired with its key', async () => {
    const { cookie } = await signIn(await app.keyOf('user'));
    const answer = await app.call('DELETE', `${base}/session`, by(cookie));
    expect([answer.statusCode, String(answer.headers['set-cookie'])]).toEqual([204, expect.stringMatching(/^sweep_session=; Max-Age=0;/)]);
    expect((await app.call('GET', `${base}/sweeps`, by(cookie))).statusCode).toBe(401);

    const other = await signIn(await app.keyOf('user'));
    await app.store.keys.revoke((await app.store.keys.list(null)).at(-1)!.id);
    expect((await app.call('GET', `${base}/sweeps`, by(other.cookie))).statusCode).toBe(401);
  });

  it('lives no longer than its key', async () => {
    const made = await app.call('POST', `${base}/keys`, { body: { name: 'short', scope: 'user', expiresInSeconds: 60 } });
    const { attributes } = await signIn(made.json().secret);
    const age = Number(attributes.find((one) => one.startsWith('Max-Age='))?.slice('Max-Age='.length));
    expect(age).toBeGreaterThan(50);
    expect(age).toBeLessThanOrEqual(60);
  });

  it.each(['sweep_session=', 'sweep_session=x', "sweep_session=' OR 1=1", 'sweep_session=%', 'other=1', ''])(
    'is not "%s"',
    async (cookie) => {
      expect((await app.call('GET', `${base}/sweeps`, by(cookie))).statusCode).toBe(401);
    },
  );

  it('counts for nothing beside a key that is wrong', async () => {
    const { cookie } = await signIn(await app.keyOf('user'));
    expect((await app.call('GET', `${base}/sweeps`, { ...by(cookie), key: 'a'.repeat(40) })).statusCode).toBe(401);
  });
});

describe('a request that a browser makes with the cookie', () => {
  const origin = 'http://localhost';

  it.each<readonly [string, Record<string, string>]>([
    ['our page', ours],
    ['our page in a browser that does not say so', { origin }],
  ])('changes something when it comes from %s', async (_what, headers) => {
    const { cookie } = await signIn(await app.keyOf('user'));
    const id = await createSweep(app, grid);
    expect((await app.call('POST', `${base}/sweeps/${id}/pause`, by(cookie, headers))).statusCode).toBe(200);
  });

  it.each<readonly [string, Record<string, string>]>([
    ['nowhere that it says', {}],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }],
    ['another site that looks the same', { 'sec-fetch-site': 'cross-site', origin }],
    ['an address that was typed', { 'sec-fetch-site': 'none' }],
    ['a page without origin', { origin: 'null' }],
  ])('changes nothing when it comes from %s', async (_what, headers) => {
    const { cookie } = await signIn(await app.keyOf('user'));
    const id = await createSweep(app, grid);
    for (const [method, path] of [
      ['POST', `${base}/sweeps/${id}/pause`],
      ['PATCH', `${base}/sweeps/${id}`],
      ['DELETE', `${base}/sweeps/${id}`],
      ['PUT', `${base}/blobs/${'0'.repeat(64)}`],
      ['POST', '/graphql'],
    ] as const)
      expect([method, (await app.call(method, path, by(cookie, headers))).statusCode]).toEqual([method, 403]);
    expect((await app.call('GET', `${base}/sweeps/${id}`)).json()).toMatchObject({ state: 'pending' });
  });

  it('reads nothing for another site', async () => {
    const { cookie } = await signIn(await app.keyOf('user'));
    for (const site of ['cross-site', 'same-site'])
      expect((await app.call('GET', `${base}/sweeps`, by(cookie, { 'sec-fetch-site': site }))).statusCode).toBe(403);
  });
});
