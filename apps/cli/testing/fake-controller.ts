/**
 * The controller's HTTP side as the command line sees it: a real server on a real socket, with a state that its routes change.
 *
 * Owns only what the commands' tests need. Whether the real controller behaves alike is for the end-to-end tests to say.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { AgentView, InsightView, KeyView, SweepView, TrialView, UserView } from '@sweep/api';

export const goodKey = 'k'.repeat(40);
const at = '2026-01-02T03:04:05.000Z';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string | Buffer;
}

type Handler = (request: Seen, id: string) => Reply | Promise<Reply>;

export class FakeController {
  readonly sweeps = new Map<string, SweepView>();
  readonly trials = new Map<string, TrialView>();
  readonly agents = new Map<string, AgentView>();
  readonly keys = new Map<string, KeyView>();
  readonly users = new Map<string, UserView>();
  readonly blobs = new Map<string, Buffer>();
  readonly logs = new Map<string, string>();
  insight: InsightView = { items: [], nextCursor: null, total: 0, outlook: null, notes: [] };
  readonly seen: Seen[] = [];
  /** Answers of the next requests, before any route. */
  readonly outOfOrder: Reply[] = [];
  url = '';
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The last request of this route. */
  last(method: string, path: RegExp): Seen | undefined {
    return this.seen.findLast((seen) => seen.method === method && path.test(seen.path));
  }

  addSweep(change: Partial<SweepView> = {}): SweepView {
    const id = change.id ?? 'k3f9x2ab';
    const sweep: SweepView = {
      id,
      path: `me/mnist/${id}`,
      name: 'mnist',
      url: `${this.url}/me/mnist/sweeps/${id}`,
      state: 'running',
      reason: null,
      method: 'bayes',
      objective: { name: 'acc', goal: 'maximize', target: null },
      objectives: [{ name: 'acc', goal: 'maximize', target: null }],
      limits: [],
      counts: { queued: 0, running: 1, stopping: 0, completed: 2, pruned: 0, failed: 1, cancelled: 0 },
      expectedTrials: 30,
      rungs: [],
      best: { trial: 2, run: 'b0000002', value: 0.98, params: { lr: 0.01 } },
      priority: 0,
      parallel: null,
      runCap: 30,
      revision: 1,
      findings: [],
      config:
        'program: train.py\nmethod: random\nparameters:\n  lr: {min: 0.0, max: 1.0}\n  model:\n    parameters:\n      depth: {values: [2, 4]}\n',
      createdAt: at,
      startedAt: at,
      endedAt: null,
      ...change,
    };
    this.sweeps.set(id, sweep);
    return sweep;
  }

  addTrial(number: number, change: Partial<TrialView> = {}): TrialView {
    const trial: TrialView = {
      id: `t000000${number}`,
      number,
      sweep: 'k3f9x2ab',
      state: 'completed',
      reason: null,
      params: { lr: number / 10 },
      objective: 1 - number / 10,
      limits: [],
      summary: { acc: 1 - number / 10, loss: number },
      attempt: 1,
      attempts: 1,
      agent: 'a0000001',
      slot: 0,
      gpus: [],
      waitingFor: null,
      why: null,
      retryOf: null,
      createdAt: at,
      startedAt: at,
      endedAt: at,
      durationSeconds: 12,
      ...change,
    };
    this.trials.set(trial.id, trial);
    return trial;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    const body = await buffer(request);
    const seen: Seen = {
      method: request.method!,
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: request.headers,
      body,
    };
    this.seen.push(seen);
    const reply = this.outOfOrder.shift() ?? (await this.route(seen));
    const status = reply.status ?? 200;
    response.writeHead(status, {
      'content-type': reply.text !== undefined ? 'text/plain' : status < 400 ? 'application/json' : 'application/problem+json',
    });
    response.end(reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)));
  }

  private async route(seen: Seen): Promise<Reply> {
    if (seen.path === '/healthz' || seen.path === '/ready') return { body: { status: 'ok' } };
    if (seen.headers.authorization !== `Bearer ${goodKey}`)
      return problem(401, 'unauthenticated', 'this needs an API key: run `sweep login`');
    for (const [method, pattern, handle] of this.routes) {
      const match = pattern.exec(seen.path);
      if (match !== null && method === seen.method) return handle(seen, match[1] ?? '');
    }
    return problem(404, 'not-found', `there is no ${seen.path}`);
  }

  private readonly routes: readonly (readonly [string, RegExp, Handler])[] = [
    [
      'GET',
      /^\/api\/v1\/server$/,
      () => ({
        body: {
          version: '0.1.0',
          url: this.url,
          grpcUrl: 'http://127.0.0.1:1',
          fingerprint: null,
          pin: null,
          database: 'embedded',
          queue: 'postgres',
          queueWarnings: [],
          user: 'me',
          startedAt: at,
        },
      }),
    ],
    [
      'GET',
      /^\/api\/v1\/sweeps$/,
      ({ query }) =>
        page(
          all(this.sweeps).filter(({ state }) => wanted(query, state)),
          query,
        ),
    ],
    ['POST', /^\/api\/v1\/sweeps$/, ({ body }) => this.create(json(body))],
    ['GET', /^\/api\/v1\/sweeps\/([^/]+)$/, (_, id) => found(this.sweeps.get(id), `sweep ${id}`)],
    ['PATCH', /^\/api\/v1\/sweeps\/([^/]+)$/, (seen, id) => this.edit(seen, id)],
    ['DELETE', /^\/api\/v1\/sweeps\/([^/]+)$/, (_, id) => (this.sweeps.delete(id) ? { status: 204 } : found(undefined, `sweep ${id}`))],
    ...(['pause', 'resume', 'stop', 'cancel'] as const).map((verb): readonly [string, RegExp, Handler] => [
      'POST',
      new RegExp(`^/api/v1/sweeps/([^/]+)/${verb}$`),
      (_, id) => this.command(id, verb),
    ]),
    [
      'GET',
      /^\/api\/v1\/sweeps\/([^/]+)\/trials$/,
      ({ query }) =>
        page(
          all(this.trials).filter(({ state }) => wanted(query, state)),
          query,
        ),
    ],
    [
      'GET',
      /^\/api\/v1\/sweeps\/([^/]+)\/best$/,
      ({ query }) =>
        withMember(
          page(
            [...this.trials.values()]
              .filter(({ state }) => state === 'completed')
              .sort((a, b) => Number(b.objective) - Number(a.objective)),
            query,
          ),
          { recommended: null },
        ),
    ],
    ['GET', /^\/api\/v1\/sweeps\/([^/]+)\/importance$/, () => ({ body: this.insight })],
    [
      'POST',
      /^\/api\/v1\/sweeps\/([^/]+)\/trials$/,
      ({ body }) => ({
        status: 201,
        body: list(
          json<{ params: object[] }>(body).params.map((params, index) =>
            this.addTrial(8 + index, { params: params as TrialView['params'], state: 'queued' }),
          ),
        ),
      }),
    ],
    ['POST', /^\/api\/v1\/sweeps\/([^/]+)\/retry$/, () => ({ status: 201, body: list([this.addTrial(9, { state: 'queued' })]) })],
    [
      'POST',
      /^\/api\/v1\/sweeps\/([^/]+)\/ask$/,
      () => ({ status: 201, body: { trials: [this.addTrial(7, { state: 'running' })], exhausted: false } }),
    ],
    [
      'POST',
      /^\/api\/v1\/trials\/([^/]+)\/report$/,
      ({ body }) => ({ body: { stop: json<{ step?: number }>(body).step === 9, reason: null } }),
    ],
    ['POST', /^\/api\/v1\/trials\/([^/]+)\/tell$/, (_, id) => found(this.trials.get(id), `trial ${id}`)],
    [
      'GET',
      /^\/api\/v1\/trials\/([^/]+)$/,
      (_, id) => found(this.trials.has(id) ? { ...this.trials.get(id), proposal: null } : undefined, `trial ${id}`),
    ],
    [
      'GET',
      /^\/api\/v1\/trials\/([^/]+)\/metrics$/,
      () => ({ body: { series: { acc: { steps: [0, 1, 2], values: [0.1, 'NaN', 0.9], times: [1, 2, 3] } }, downsampled: false } }),
    ],
    [
      'GET',
      /^\/api\/v1\/trials\/([^/]+)\/logs$/,
      ({ query }, id) => ({ text: Buffer.from(this.logs.get(`${id}/${query.get('stream')}`) ?? '').subarray(Number(query.get('offset'))) }),
    ],
    ['GET', /^\/api\/v1\/agents$/, ({ query }) => page(all(this.agents), query)],
    ['GET', /^\/api\/v1\/keys$/, ({ query }) => page(all(this.keys), query)],
    [
      'POST',
      /^\/api\/v1\/keys$/,
      ({ body }) => ({
        status: 201,
        body: {
          id: 'key00001',
          user: 'me',
          createdAt: at,
          expiresAt: null,
          revokedAt: null,
          ...json<object>(body),
          secret: 's'.repeat(40),
        },
      }),
    ],
    ['GET', /^\/api\/v1\/users$/, ({ query }) => page(all(this.users), query)],
    ['PUT', /^\/api\/v1\/blobs\/([0-9a-f]{64})$/, ({ body }, hash) => this.put(hash, body)],
  ];

  private create(body: { readonly config: string; readonly name?: string }): Reply {
    if (body.config.includes('refuse-me'))
      return problem(422, 'sweep-file-refused', 'the sweep file is refused', [
        { path: 'method', message: 'no', line: 2, column: 3, code: 'E-METHOD' },
      ]);
    return { status: 201, body: this.addSweep({ id: 'new00001', config: body.config, state: 'pending' }) };
  }

  private command(id: string, verb: 'pause' | 'resume' | 'stop' | 'cancel'): Reply {
    const sweep = this.sweeps.get(id);
    if (sweep === undefined) return found(sweep, `sweep ${id}`);
    if (sweep.state === 'completed' && verb !== 'resume') return problem(409, 'conflict', `sweep ${id} is completed: it cannot ${verb}`);
    const state = { pause: 'paused', resume: 'running', stop: 'stopping', cancel: 'stopping' } as const;
    return { body: this.addSweep({ ...sweep, state: state[verb] }) };
  }

  private edit({ body, headers }: Seen, id: string): Reply {
    const sweep = this.sweeps.get(id);
    if (sweep === undefined) return found(sweep, `sweep ${id}`);
    if (headers['if-match'] !== String(sweep.revision)) return problem(409, 'conflict', `sweep ${id} is at revision ${sweep.revision}`);
    return { body: this.addSweep({ ...sweep, ...json<Partial<SweepView>>(body), revision: sweep.revision + 1 }) };
  }

  private put(hash: string, body: Buffer): Reply {
    if (createHash('sha256').update(body).digest('hex') !== hash) return problem(400, 'invalid', 'the bytes have another hash');
    this.blobs.set(hash, body);
    return { body: { hash, size: body.length } };
  }
}

const json = <T>(body: Buffer): T => JSON.parse(body.toString()) as T;
const all = <T>(map: ReadonlyMap<string, T>): T[] => [...map.values()];
const list = (items: readonly unknown[]): object => ({ items, nextCursor: null, total: items.length });
const wanted = (query: URLSearchParams, state: string): boolean => query.get('state')?.split(',').includes(state) ?? true;

function page(items: readonly unknown[], query: URLSearchParams): Reply {
  const from = Number(query.get('cursor') ?? 0);
  const end = from + Number(query.get('limit') ?? 100);
  return { body: { items: items.slice(from, end), nextCursor: end < items.length ? String(end) : null, total: items.length } };
}

const withMember = ({ body, ...reply }: Reply, member: object): Reply => ({ ...reply, body: { ...(body as object), ...member } });

const found = (item: unknown, name: string): Reply =>
  item === undefined ? problem(404, 'not-found', `there is no ${name}`) : { body: item };

export function problem(status: number, code: string, detail: string, errors?: readonly object[]): Reply {
  return { status, body: { type: 'about:blank', title: code, status, detail, code, ...(errors === undefined ? {} : { errors }) } };
}
