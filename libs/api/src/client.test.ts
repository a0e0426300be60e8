import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Conflict, Forbidden, NotFound, SweepFileRefused, TooMany, Unauthenticated, Unavailable } from '@sweep/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, pages } from './client.js';
import { pathOf, routes } from './routes.js';

type Handler = (request: IncomingMessage & { text: string }, response: ServerResponse) => void;

let server: Server;
let url: string;
let handle: Handler;
const seen: (IncomingMessage & { text: string })[] = [];

beforeEach(async () => {
  seen.length = 0;
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      const whole = Object.assign(request, { text });
      seen.push(whole);
      handle(whole, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const client = (extra: object = {}) => createClient({ url, key: 'k'.repeat(40), ...extra });

function reply(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', ...headers });
  response.end(JSON.stringify(body));
}

const problem = (code: string, status: number, more: object = {}) => ({
  type: 'about:blank',
  title: code,
  status,
  detail: `it is ${code}`,
  code,
  ...more,
});

describe('a call', () => {
  it('sends the key as a bearer and fills in the path, percent-encoded', async () => {
    handle = (_request, response) => reply(response, 200, { id: 'a1b2c3d4' });
    await client().getTrial('k3f9x2ab#17');
    expect(seen[0]!.url).toBe('/api/v1/trials/k3f9x2ab%2317');
    expect(seen[0]!.headers.authorization).toBe(`Bearer ${'k'.repeat(40)}`);
  });

  it('names each component of a longer path', async () => {
    handle = (_request, response) => reply(response, 200, { items: [], nextCursor: null, total: 0 });
    const project = { entity: 'a team', project: 'p/q' };
    await client().setWebhooks(project, [{ url: 'https://hooks.example', events: ['run.failed'] }]);
    await client().webhookDeliveries(project);
    await client().putMember('robots', 'ada', { admin: true });
    await client().getCustomChart('ada', 'bars');
    expect(seen.map(({ method, url: path, text }) => [method, path, text])).toEqual([
      ['PUT', '/api/v1/projects/a%20team/p%2Fq/webhooks', '{"webhooks":[{"url":"https://hooks.example","events":["run.failed"]}]}'],
      ['GET', '/api/v1/projects/a%20team/p%2Fq/webhook-deliveries', ''],
      ['PUT', '/api/v1/teams/robots/members/ada', '{"admin":true}'],
      ['GET', '/api/v1/custom-charts/ada/bars', ''],
    ]);
  });

  it('reads and writes JSON with the given functions', async () => {
    handle = (_request, response) => reply(response, 200, {});
    const answer = await client({ parse: (text: string) => ({ text }), stringify: () => '"mine"' }).ask('s', { count: 1 });
    expect(answer).toEqual({ text: '{}' });
    expect(seen[0]!.text).toBe('"mine"');
  });

  it('sends lists in a query as one text and leaves out what is not given', async () => {
    handle = (_request, response) => reply(response, 200, { items: [], nextCursor: null, total: 0 });
    await client().listTrials('s', { state: ['failed', 'pruned'], cursor: null });
    expect(seen[0]!.url).toBe('/api/v1/sweeps/s/trials?state=failed%2Cpruned');
  });

  it('names the revision that an edit expects', async () => {
    handle = (_request, response) => reply(response, 200, {});
    await client().editSweep('s', { priority: 3 }, 7);
    expect(seen[0]!.headers['if-match']).toBe('7');
  });
});

describe('a refusal', () => {
  it.each([
    ['conflict', 409, Conflict],
    ['forbidden', 403, Forbidden],
    ['unauthenticated', 401, Unauthenticated],
    ['not-found', 404, NotFound],
    ['too-many', 429, TooMany],
    ['unavailable', 503, Unavailable],
  ])('with code %s is the error of the domain', async (code, status, wanted) => {
    handle = (_request, response) => reply(response, status, problem(code, status));
    const error = await client()
      .getSweep('s')
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(wanted);
    expect((error as Error).message).toBe(`it is ${code}`);
  });

  it('keeps where in the file the mistakes are', async () => {
    const errors = [{ path: 'parameters.lr.min', message: 'not a number', line: 7, column: 10, code: 'E-PARAM-SHAPE' }];
    handle = (_request, response) => reply(response, 422, problem('sweep-file-refused', 422, { errors }));
    const error = await client()
      .createSweep({ config: 'x' })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SweepFileRefused);
    expect((error as SweepFileRefused).details).toEqual(errors);
  });

  it('that is not a problem document is judged by its status', async () => {
    handle = (_request, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>nope</h1>');
    await expect(client().getSweep('s')).rejects.toBeInstanceOf(NotFound);
  });

  it('by nobody listening says which URL, why, and what to do', async () => {
    await new Promise((resolve) => server.close(resolve));
    const error = await client()
      .server()
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Unavailable);
    expect((error as Error).message).toContain(url);
    expect((error as Error).message).toContain('connection refused');
    expect((error as Error).message).toContain('sweep up');
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, resolve));
  });
});

describe('an answer that asks to wait', () => {
  it('is obeyed, and the call is made once for the controller', async () => {
    handle = (_request, response) =>
      seen.length < 3
        ? reply(response, seen.length === 1 ? 503 : 429, problem('unavailable', 503), { 'retry-after': '0' })
        : reply(response, 201, { id: 's' });
    expect(await client().createSweep({ config: 'x' })).toEqual({ id: 's' });
    const keys = seen.map((request) => request.headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toBeTruthy();
  });

  it('is an error when it asks for too long', async () => {
    handle = (_request, response) => reply(response, 429, problem('too-many', 429), { 'retry-after': '3600' });
    const error = await client()
      .getSweep('s')
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TooMany);
    expect((error as TooMany).retryAfterSeconds).toBe(3600);
    expect(seen).toHaveLength(1);
  });

  it('is given up after a few times', async () => {
    handle = (_request, response) => reply(response, 503, problem('unavailable', 503), { 'retry-after': '0' });
    await expect(client().getSweep('s')).rejects.toBeInstanceOf(Unavailable);
    expect(seen).toHaveLength(5);
  });
});

describe('pages', () => {
  const listed = async (most?: number): Promise<number[]> => {
    handle = (request, response) => {
      const query = new URL(request.url!, url).searchParams;
      const from = Number(query.get('cursor') ?? 0);
      const items = [from, from + 1, from + 2].slice(0, Number(query.get('limit')));
      reply(response, 200, { items, nextCursor: from < 6 ? String(from + 3) : null, total: 9 });
    };
    const found: number[] = [];
    for await (const item of pages((page) => client().listSweeps(page), most)) found.push(item as unknown as number);
    return found;
  };

  it('follow the cursor to the end', async () => expect(await listed()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]));
  it('stop at the number wanted', async () => expect(await listed(4)).toEqual([0, 1, 2, 3]));
});

describe('a log that is followed', () => {
  it('goes on at the next byte after the connection breaks, and ends with the trial', async () => {
    const whole = 'one\ntwo\nthree\n';
    let broken = false;
    handle = (request, response) => {
      const { pathname, searchParams } = new URL(request.url!, url);
      if (!pathname.endsWith('/logs')) return reply(response, 200, { state: 'completed' });
      const rest = whole.slice(Number(searchParams.get('offset')));
      response.writeHead(200, { 'content-type': 'text/plain' });
      if (broken) return response.end(rest);
      broken = true;
      response.write(rest.slice(0, 6), () => response.destroy());
    };
    let text = '';
    for await (const bytes of client().trialLogs('t', { stream: 'stdout', follow: true })) text += new TextDecoder().decode(bytes);
    expect(text).toBe(whole);
  });
});

describe('routes', () => {
  it('are unique', () => {
    const names = Object.values(routes).map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('take a path as one component', () => {
    expect(pathOf(routes.getSweep, { id: 'me/mnist/k3f9x2ab' })).toBe('/api/v1/sweeps/me%2Fmnist%2Fk3f9x2ab');
  });
});
