import { collectedView, keyView, serverView, tokenView, userView } from '@sweep/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, startTestApp, type TestApp } from '../../testing/app.js';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

describe('a key', () => {
  it('is shown once, works until it is revoked, and is stored hashed', async () => {
    const made = keyView.parse((await app.call('POST', `${base}/keys`, { body: { name: 'ci', scope: 'user' } })).json());
    expect(made.secret).toMatch(/^[a-z0-9]{40}$/);
    expect((await app.call('GET', `${base}/sweeps`, { key: made.secret! })).statusCode).toBe(200);
    const list = await app.call('GET', `${base}/keys`);
    expect(list.json().items).toHaveLength(2);
    expect(list.body).not.toContain(made.secret);
    expect((await app.call('DELETE', `${base}/keys/${made.id}`)).statusCode).toBe(204);
    expect((await app.call('GET', `${base}/sweeps`, { key: made.secret! })).statusCode).toBe(401);
    expect((await app.call('DELETE', `${base}/keys/${made.id}`)).statusCode).toBe(404);
  });

  it('may be made for another user, but none of scope admin for who is no administrator', async () => {
    const user = userView.parse((await app.call('POST', `${base}/users`, { body: { name: 'bob' } })).json());
    const made = await app.call('POST', `${base}/keys`, { body: { name: 'laptop', scope: 'user', user: 'bob' } });
    expect(made.json()).toMatchObject({ user: user.id });
    expect((await app.call('GET', `${base}/server`, { key: made.json().secret })).json()).toMatchObject({ user: 'bob' });
    expect((await app.call('POST', `${base}/keys`, { body: { name: 'x', scope: 'admin', user: 'bob' } })).statusCode).toBe(400);
    expect((await app.call('POST', `${base}/keys`, { body: { name: 'x', scope: 'user', user: 'nobody' } })).statusCode).toBe(404);
    expect((await app.call('POST', `${base}/keys`, { body: { name: 'x', scope: 'attempt' } })).statusCode).toBe(400);
  });
});

describe('a user', () => {
  it('has a name of their own, and takes their keys with them', async () => {
    await app.call('POST', `${base}/users`, { body: { name: 'bob' } });
    expect((await app.call('POST', `${base}/users`, { body: { name: 'bob' } })).statusCode).toBe(409);
    const { secret } = (await app.call('POST', `${base}/keys`, { body: { name: 'k', scope: 'user', user: 'bob' } })).json();
    expect((await app.call('DELETE', `${base}/users/bob`)).statusCode).toBe(204);
    expect((await app.call('GET', `${base}/sweeps`, { key: secret })).statusCode).toBe(401);
    expect((await app.call('DELETE', `${base}/users/bob`)).statusCode).toBe(404);
  });

  it('cannot remove themselves, so that an administrator is always left', async () => {
    expect((await app.call('DELETE', `${base}/users/ada`)).statusCode).toBe(409);
  });
});

describe('giving back what nobody uses', () => {
  it('is for administrators, and says what went, or what would', async () => {
    const none = { sweeps: 0, runs: 0, events: 0, artifacts: 0, blobs: 0 };
    const looked = await app.call('POST', `${base}/collect`, { body: { dryRun: true } });
    expect([looked.statusCode, collectedView.parse(looked.json())]).toEqual([200, { ...none, leftovers: null }]);
    expect((await app.call('POST', `${base}/collect`, { body: {} })).json()).toEqual({ ...none, leftovers: 0 });
    expect((await app.call('POST', `${base}/collect`, { body: { dry: true } })).statusCode).toBe(400);
    const { secret } = (await app.call('POST', `${base}/keys`, { body: { name: 'k', scope: 'user' } })).json();
    expect((await app.call('POST', `${base}/collect`, { body: {}, key: secret })).statusCode).toBe(403);
  });
});

describe('a join token', () => {
  it('is redeemed once, by its hash', async () => {
    const { token } = tokenView.parse((await app.call('POST', `${base}/tokens`)).json());
    const hash = await sha256(token);
    expect(await app.store.keys.redeemToken(hash)).not.toBeNull();
    expect(await app.store.keys.redeemToken(hash)).toBeNull();
  });
});

describe('the server', () => {
  it('says what it is, to agents too', async () => {
    const answer = await app.call('GET', `${base}/server`, { key: await app.keyOf('agent') });
    expect(serverView.parse(answer.json())).toMatchObject({
      version: '1.2.3',
      grpcUrl: 'http://127.0.0.1:8421',
      queue: 'memory',
      user: 'ada',
    });
  });

  it('is ready while database and queue answer', async () => {
    expect((await app.call('GET', '/ready', { key: null })).json()).toEqual({ status: 'ok' });
  });

  it('counts its requests by route, not by address', async () => {
    await app.call('GET', `${base}/agents/aaaaaaaa`);
    const { body } = await app.call('GET', '/metrics');
    expect(body).toContain('route="/api/v1/agents/:id",status="404"');
    expect(body).toContain('process_resident_memory_bytes');
  });
});

/** Described where its clients are: https://docs.wandb.ai. */
const ofWandb = /^\/(graphql|files|storage|artifacts|artifactsV2|sdk)\b/;
const ofDashboard = /^\/(\*|assets\/.*)?$/;

describe('the description of the API', () => {
  it('is OpenAPI 3.1 whose references all resolve and whose operations are named once', async () => {
    const document = (await app.call('GET', '/api/openapi.json', { key: null })).json();
    expect(document.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
    expect(references.length).toBeGreaterThan(50);
    for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
    const operations = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods as Record<string, { operationId: string; summary: string }>),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { summary } of operations) expect(summary).not.toBe('');
  });

  it('covers every route that is served', async () => {
    const document = (await app.call('GET', '/api/openapi.json', { key: null })).json();
    for (const { method, url } of app.routes.filter(
      (route) => route.method !== 'HEAD' && !ofWandb.test(route.url) && !ofDashboard.test(route.url),
    )) {
      expect(document.paths[url.replace(/:(\w+)/g, '{$1}')]).toHaveProperty(method.toLowerCase());
    }
  });

  it('has a page without script or outside resources, allowed by its own policy', async () => {
    for (const path of ['/', '/api/docs']) {
      const answer = await app.call('GET', path, { key: null });
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.body).not.toMatch(/<script|src=|href="http/);
      const style = /<style>([\s\S]*)<\/style>/.exec(answer.body)![1]!;
      expect(answer.headers['content-security-policy']).toContain(`'sha256-${Buffer.from(await sha256(style), 'hex').toString('base64')}'`);
    }
  });
});

async function sha256(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex');
}
