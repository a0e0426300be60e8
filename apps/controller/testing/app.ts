/** A whole controller without sockets, on the twins of store and queue, for tests of its HTTP side. */
import { openMemoryBlobs } from '@sweep/blobs';
import { openMemoryDispatch } from '@sweep/dispatch';
import { defaultLeaseTimes } from '@sweep/domain';
import { silentLogger, systemClock } from '@sweep/runtime';
import { type KeyScope, openMemory, type Store } from '@sweep/store';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { createApp } from '../src/app.module.js';
import { Authenticator } from '../src/auth/authenticate.js';
import type { RateLimit } from '../src/auth/rate-limit.js';
import { createEngine, type Engine } from '../src/engine.js';
import type { RouteSettings } from '../src/http/route-settings.js';
import { createTelemetry } from '../src/http/telemetry.js';
import { EventFeed } from '../src/live/event-feed.js';
import { Sampling } from '../src/sampling/sampling.js';
import { samplerProgram } from './thread-programs.js';

export interface Request {
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Null: anonymous. The administrator's when absent. */
  readonly key?: string | null;
}

interface TestOptions {
  readonly rateLimit?: RateLimit | null;
  /** Folder of the built dashboard. */
  readonly dashboard?: string;
  readonly publicUrl?: string;
}

export interface RegisteredRoute extends Pick<RouteSettings, 'access' | 'changes'> {
  readonly method: string;
  readonly url: string;
}

export interface TestApp {
  readonly store: Store;
  readonly engine: Engine;
  readonly server: FastifyInstance;
  /** Every route that was registered, whoever registered it. */
  readonly routes: readonly RegisteredRoute[];
  keyOf(scope: KeyScope): Promise<string>;
  call(method: string, path: string, request?: Request): Promise<LightMyRequestResponse>;
  listen(): Promise<string>;
  close(): Promise<void>;
}

export const base = '/api/v1';

export async function startTestApp({
  rateLimit = null,
  dashboard = '/nowhere',
  publicUrl = 'http://127.0.0.1:8420',
}: TestOptions = {}): Promise<TestApp> {
  const store = openMemory();
  const dispatch = openMemoryDispatch();
  const blobs = openMemoryBlobs();
  const authenticator = new Authenticator(store);
  const { user, secret } = (await authenticator.firstUser('ada'))!;
  const url = (): string => publicUrl;
  const parts = { store, dispatch, blobs, log: silentLogger, clock: systemClock, authenticator };
  const feed = new EventFeed({ events: store.events, clock: systemClock, onError: () => undefined });
  await feed.start();
  const sampling = new Sampling({ store, threads: 1, program: await samplerProgram(), log: silentLogger });
  const engine = createEngine({
    ...parts,
    feed,
    sampling,
    times: defaultLeaseTimes,
    publicUrl: url,
    privateWebhooks: true,
    version: '1.2.3',
  });
  const closing = new AbortController();
  const routes: RegisteredRoute[] = [];
  const telemetry = createTelemetry();
  const app = await createApp({
    ...parts,
    engine,
    feed,
    telemetry: {
      ...telemetry,
      observe(server) {
        telemetry.observe(server);
        server.addHook('onRoute', ({ method, url: path, config }) => {
          const { access = 'user', changes } = (config as { readonly sweep?: RouteSettings } | undefined)?.sweep ?? {};
          routes.push(...[method].flat().map((one) => ({ method: one, url: path, access, ...(changes && { changes }) })));
        });
      },
    },
    server: {
      version: '1.2.3',
      database: 'embedded',
      startedAt: 0,
      url,
      grpcUrl: () => 'http://127.0.0.1:8421',
      fingerprint: null,
      pin: null,
    },
    hosts: { names: [], anyAddress: false },
    rateLimit,
    agentArchive: () => ({ bytes: Buffer.from('agent'), sum: 'a'.repeat(64) }),
    dashboard,
    tls: null,
    closing: closing.signal,
  });
  await app.init();
  const server = app.getHttpAdapter().getInstance() as FastifyInstance;
  await server.ready();

  return {
    store,
    engine,
    server,
    routes,
    async keyOf(scope) {
      return (await authenticator.issue(user.id, { name: scope, scope, expiresAt: null })).secret;
    },
    call: async (method, path, { query, body, headers, key = secret } = {}) =>
      server.inject({
        method: method as 'GET',
        url: path,
        headers: { host: 'localhost', ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { payload: body as string }),
      }),
    async listen() {
      await app.listen(0, '127.0.0.1');
      const { port } = server.server.address() as { port: number };
      return `http://127.0.0.1:${port}`;
    },
    async close() {
      closing.abort();
      await app.close();
      await feed.close();
      await engine.stop();
      await sampling.close();
      await dispatch.close();
      await store.close();
    },
  };
}

export const grid = `method: grid
metric: {name: loss, goal: minimize}
parameters:
  lr: {values: [0.1, 0.2, 0.3]}
  bs: {values: [16.0, 32]}
`;

export const random = `method: random
metric: {name: loss, goal: minimize}
parameters:
  lr: {min: 0.0, max: 1.0}
`;

/** A stored sweep, by its id. */
export async function createSweep(app: TestApp, config: string): Promise<string> {
  const answer = await app.call('POST', `${base}/sweeps`, { body: config, headers: { 'content-type': 'application/yaml' } });
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return (answer.json() as { id: string }).id;
}
