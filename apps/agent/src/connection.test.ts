import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeGateway, fakeGateway, testHello } from '@sweep/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connection, type ConnectionOptions } from './connection.js';
import { Trust } from './trust.js';

let folder: string;
let gateway: FakeGateway;
let site: Server;
let url: string;
/** What the controller's HTTP interface answers. */
let answer: (authorization: string | undefined) => { status: number; body: string };
const connections: Connection[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'connection-'));
  gateway = await fakeGateway({ join: ({ token }) => ({ apiKey: `key for ${token}`.replaceAll(' ', '-') }) });
  answer = () => ({ status: 200, body: JSON.stringify({ grpcUrl: gateway.url }) });
  site = createServer((request, response) => {
    const { status, body } = request.url === '/api/v1/server' ? answer(request.headers.authorization) : { status: 404, body: '' };
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  site.close();
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

function connect(change: Partial<ConnectionOptions> = {}): Connection {
  const options = {
    url,
    grpcUrl: null,
    key: 'k',
    joinToken: null,
    name: 'box',
    trust: new Trust(folder, { caFile: null, fingerprint: null }),
    keyPath: join(folder, 'agent.key'),
  };
  const connection = new Connection({ ...options, ...change });
  connections.push(connection);
  return connection;
}

describe('a connection', () => {
  it('asks the controller where gRPC listens, with its key', async () => {
    let seen: string | undefined;
    const usual = answer;
    answer = (authorization) => {
      seen = authorization;
      return usual(authorization);
    };
    const channel = await connect().dial();
    const session = await channel.session(testHello());
    expect(seen).toBe('Bearer k');
    expect((await gateway.accept()).key).toBe('k');
    session.close();
  });

  it('goes to the new place of a controller that has moved', async () => {
    const connection = connect();
    const before = await connection.dial();
    expect(await connection.dial()).toBe(before);
    const moved = await fakeGateway();
    answer = () => ({ status: 200, body: JSON.stringify({ grpcUrl: moved.url }) });
    const session = await (await connection.dial()).session(testHello());
    expect((await moved.accept()).hello.agentId).toBe('agent-1');
    session.close();
    await moved.close();
  });

  it('trades a join token for a key once, and keeps the key for itself alone', async () => {
    const first = connect({ key: null, joinToken: 'token-1', grpcUrl: gateway.url });
    const session = await (await first.dial()).session(testHello());
    expect((await gateway.accept()).key).toBe('key-for-token-1');
    session.close();
    expect(readFileSync(join(folder, 'agent.key'), 'utf8')).toBe('key-for-token-1\n');
    expect(statSync(join(folder, 'agent.key')).mode & 0o777).toBe(0o600);
    const again = await (await connect({ key: null, grpcUrl: gateway.url }).dial()).session(testHello());
    expect((await gateway.accept()).key).toBe('key-for-token-1');
    again.close();
  });

  it('with a token alone learns where gRPC listens, and needs the token no more', async () => {
    const seen: (string | undefined)[] = [];
    answer = (authorization) => {
      seen.push(authorization);
      return { status: 200, body: JSON.stringify({ grpcUrl: gateway.url }) };
    };
    const connection = connect({ key: null, joinToken: 'token-1' });
    await connection.dial();
    await connection.dial();
    expect(seen).toEqual(['Bearer token-1', 'Bearer key-for-token-1']);
  });

  it('with a token that is not good any more says what to do', async () => {
    answer = () => ({ status: 401, body: '' });
    await expect(connect({ key: null, joinToken: 'token-1' }).dial()).rejects.toThrow('sweep token create');
  });

  it.each([
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [502, 'unavailable'],
    [404, 'unavailable'],
  ])('takes HTTP status %i for %s', async (status, code) => {
    answer = () => ({ status, body: '' });
    await expect(connect().dial()).rejects.toMatchObject({ code });
  });

  it('without key and token says what to do', async () => {
    await expect(connect({ key: null, grpcUrl: gateway.url }).dial()).rejects.toThrow('no API key: log in with `sweep login`');
    answer = () => ({ status: 401, body: '' });
    await expect(connect({ key: null }).dial()).rejects.toThrow('no API key: log in with `sweep login`');
  });

  it('that finds something else than a controller is unavailable', async () => {
    answer = () => ({ status: 200, body: '<html>' });
    await expect(connect().dial()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
