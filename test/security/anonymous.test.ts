/** Nobody unknown is answered: every door of a running controller, tried without a key. */
import { Metadata } from '@grpc/grpc-js';
import { schema } from '@sweep/wandb/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp } from '../../apps/controller/testing/app.js';
import { openRoutes } from '../../apps/controller/testing/open-routes.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { person, send } from './fixture.js';
import { rawAgentClient } from './raw-agent.js';

/** Signed links are refused by their signature. */
const open = new Set(openRoutes);

let cluster: Cluster;
let routes: readonly { readonly method: string; readonly url: string }[];
beforeAll(async () => {
  const twin = await startTestApp();
  routes = twin.routes.filter(({ method }) => method !== 'HEAD');
  await twin.close();
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

const filled = (url: string): string => url.replace(/:\w+/g, 'aaaaaaaa').replace('*', 'x');

describe('a caller without a key', () => {
  it('is refused on every route of the running server but those of the list', async () => {
    expect(routes.length).toBeGreaterThan(80);
    const answers = await Promise.all(
      routes.map(async ({ method, url }) => [`${method} ${url}`, (await send(cluster.url, filled(url), { method })).status] as const),
    );
    const opened = answers.filter(([name, status]) => status !== 401 && !open.has(name));
    expect(opened).toEqual([]);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'MKCOL', 'SEARCH', 'LOCK', 'REPORT', 'QUERY'])(
    'gets no data by %s on any path of the interface',
    async (method) => {
      const paths = ['/api/v1/sweeps', '/api/v1/keys', '/graphql', '/metrics', '/api/v1/events', '/files/a/b/c/d', '/api/v1/agents/x'];
      for (const path of paths) expect([401, 404, 405, 501, 400]).toContain((await send(cluster.url, path, { method })).status);
    },
  );

  it('is asked who it is under every other spelling of a path', async () => {
    const spellings = [
      '//api/v1/keys',
      '/api/v1/keys/',
      '/API/V1/KEYS',
      '/api/v1/%6beys',
      '/api/./v1/keys',
      '/assets/../api/v1/keys',
      '/api/v1/keys;x=1',
    ];
    for (const path of spellings) {
      const { status, text } = await send(cluster.url, path, { headers: { accept: 'application/json' } });
      // The page shell stands at every path that is no other's, and holds nothing.
      expect(`${path} ${text.includes('<!doctype html>') ? 'shell' : status}`).toMatch(/ (401|404|400|shell)$/);
    }
  });

  it('can run no operation of GraphQL, one by one', async () => {
    const operations = [schema.getQueryType()!, schema.getMutationType()!].flatMap((type) => Object.keys(type.getFields()));
    expect(operations.length).toBeGreaterThan(30);
    for (const name of operations) {
      const body = JSON.stringify({ query: `{ ${name} { __typename } }` });
      const { status } = await send(cluster.url, '/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect(`${name} ${status}`).toBe(`${name} 401`);
    }
  });

  it.each([
    ['nothing', () => new Metadata()],
    ['a wrong key', () => bearer('a'.repeat(40))],
    ['no bearer', () => header('authorization', 'Basic YXBpOmFhYQ==')],
  ])('can call no method of gRPC with %s', async (_, metadata) => {
    const agents = rawAgentClient(cluster.grpcUrl);
    try {
      for (const method of agents.methods) expect(`${method} ${await agents.codeOf(method, metadata())}`).toBe(`${method} UNAUTHENTICATED`);
      expect(agents.methods).toEqual(['Session', 'PutBlob', 'GetBlob', 'Join']);
    } finally {
      agents.close();
    }
  });

  it('finds no page of the framework, of queues, of metrics or of the environment', async () => {
    const paths = [
      '/admin',
      '/queues',
      '/bull',
      '/.env',
      '/.git/config',
      '/server-status',
      '/debug/pprof',
      '/actuator',
      '/package.json',
      '/main.js',
    ];
    for (const path of paths) {
      const { status, text } = await send(cluster.url, path, { headers: { accept: '*/*' } });
      expect(`${path} ${status === 404 || text.includes('<!doctype html>')}`).toBe(`${path} true`);
    }
  });
});

describe('the first start', () => {
  it('makes one key, shows it once, and knows no password that anybody could guess', async () => {
    expect(cluster.controller.stdout().split(cluster.key)).toHaveLength(2);
    for (const key of ['admin', 'password', 'sweep', 'changeme', '0'.repeat(40), 'local-'.padEnd(40, '0')])
      expect((await send(cluster.url, '/api/v1/sweeps', { key })).status).toBe(401);
  });
});

describe('a key that is revoked', () => {
  it('ends what it had open', async () => {
    const { key, client } = await person(cluster, 'leaver');
    const stream = send(cluster.url, '/api/v1/events', { key }).then(
      () => 'ended',
      () => 'cut',
    );
    await client.listSweeps();
    const { items } = await cluster.client.listKeys();
    await cluster.client.revokeKey(items.find(({ name }) => name === 'user of leaver')!.id);
    expect(await stream).toBe('cut');
    expect((await send(cluster.url, '/api/v1/sweeps', { key })).status).toBe(401);
  });
});

const header = (name: string, value: string): Metadata => {
  const metadata = new Metadata();
  metadata.set(name, value);
  return metadata;
};
const bearer = (key: string): Metadata => header('authorization', `Bearer ${key}`);
