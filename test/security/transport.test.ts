/** The wire: certificates that are not what they should be, HTTP/2 that is not what it should be, tokens that were used. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentMessage, dialAgents, type Grant } from '@sweep/protocol';
import { type FakeAgent, fakeAgent } from '@sweep/protocol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../apps/controller/src/tls/certificate.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { gridOf } from '../support/programs.js';
import { json, memoryOf, person, send } from './fixture.js';

describe('a certificate', () => {
  const names = ['127.0.0.1', 'localhost'];
  it.each([
    ['that has expired', { names, from: new Date('2020-01-01'), until: new Date('2021-01-01') }, /expired/],
    ['that is not valid yet', { names, from: new Date('2090-01-01'), until: new Date('2091-01-01') }, /not yet valid|not trusted/],
    [
      'of another machine',
      { names: ['other.example'], from: new Date('2020-01-01'), until: new Date('2090-01-01') },
      /altnames|does not match|not trusted/,
    ],
  ])('%s is refused by an agent and the command line, which say why', async (_, wish, reason) => {
    const folder = await mkdtemp(join(tmpdir(), 'sweep-wrong-'));
    const { cert, key } = makeCertificate(wish);
    const settings = { SWEEP_TLS_CERT: join(folder, 'cert.pem'), SWEEP_TLS_KEY: join(folder, 'key.pem') };
    await writeFile(settings.SWEEP_TLS_CERT, cert);
    await writeFile(settings.SWEEP_TLS_KEY, key);
    const served = await startCluster({ settings });
    try {
      const flags = ['--ca-file', settings.SWEEP_TLS_CERT];
      const listed = await served.sweep(['ls', ...flags]);
      expect(`${listed.code} ${listed.stderr}`).toMatch(/^5 /);
      expect(listed.stderr).toMatch(reason);
      const agent = served.startAgent({ name: 'careful', args: flags });
      expect(await agent.ended).toBe(4);
      expect(agent.stderr()).toMatch(reason);
    } finally {
      await served.stop();
      await rm(folder, { recursive: true });
    }
  });
});

describe('the port of agents', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  /** The port still serves somebody who behaves, and the process has not grown beyond what it may. */
  async function stillServes(before: number): Promise<void> {
    const agent = await fakeAgent(cluster.grpcUrl, cluster.key, { agentId: 'wellbehaved', name: 'wellbehaved' });
    await agent.leave();
    expect(memoryOf(cluster.controller.pid) - before).toBeLessThan(150);
  }

  it('outlives streams that are opened and reset without end', async () => {
    const before = memoryOf(cluster.controller.pid);
    for (let round = 0; round < 5; round++) {
      const session = connectHttp2(cluster.grpcUrl);
      session.on('error', () => undefined);
      for (let i = 0; i < 2_000 && !session.destroyed; i++) {
        const stream = session.request({
          ':method': 'POST',
          ':path': '/sweep.v1.AgentService/Session',
          'content-type': 'application/grpc',
        });
        stream.on('error', () => undefined);
        stream.close(constants.NGHTTP2_CANCEL);
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
      session.destroy();
    }
    await stillServes(before);
  });

  it('outlives headers without end', async () => {
    const before = memoryOf(cluster.controller.pid);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x-flood-${i}`, 'y'.repeat(100)]));
    for (let i = 0; i < 20; i++) {
      const session = connectHttp2(cluster.grpcUrl);
      session.on('error', () => undefined);
      const stream = session.request({
        ':method': 'POST',
        ':path': '/sweep.v1.AgentService/Join',
        'content-type': 'application/grpc',
        ...many,
      });
      await new Promise<void>((resolve) => stream.once('close', resolve).once('error', () => resolve()));
      session.destroy();
    }
    await stillServes(before);
  });

  it('outlives bytes that are no HTTP/2, and connections that say nothing', async () => {
    const before = memoryOf(cluster.controller.pid);
    const port = Number(new URL(cluster.grpcUrl).port);
    const sockets = Array.from({ length: 200 }, (_, i) => {
      const socket = connectTcp(port, '127.0.0.1');
      socket.on('error', () => undefined);
      if (i % 2 === 0) socket.write(Buffer.alloc(64 * 1024, 0xff));
      return socket;
    });
    await stillServes(before);
    for (const socket of sockets) socket.destroy();
  });

  it('refuses a message beyond its limit, and one that says it is larger than it is', async () => {
    const before = memoryOf(cluster.controller.pid);
    for (const length of [0xffffffff, 64 * 1024 * 1024, 5 * 1024 * 1024]) {
      const session = connectHttp2(cluster.grpcUrl);
      session.on('error', () => undefined);
      const stream = session.request({
        ':method': 'POST',
        ':path': '/sweep.v1.AgentService/Join',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const head = Buffer.alloc(5);
      head.writeUInt32BE(length, 1);
      stream.on('error', () => undefined);
      stream.write(head);
      stream.end(Buffer.alloc(Math.min(length, 6 * 1024 * 1024)));
      const status = await new Promise((resolve) => {
        stream.once('trailers', (trailers) => resolve(trailers['grpc-status']));
        stream.once('response', (headers) => headers['grpc-status'] !== undefined && resolve(headers['grpc-status']));
        stream.once('close', () => resolve('closed'));
      });
      expect(['8', '13', '3', 'closed']).toContain(status);
      session.destroy();
    }
    await stillServes(before);
  });

  it('takes a join token once, also from many at the same time', async () => {
    const { token } = await cluster.client.createToken({});
    const channel = dialAgents({ url: cluster.grpcUrl, key: () => '' });
    const answers = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => channel.join({ token, name: `twin-${i}` })));
    channel.close();
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [refused] = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Error] : []));
    expect(refused?.message).toContain('used or expired');
  });

  it('ends the session of an agent whose key is revoked, and lets it in no more', async () => {
    const ann = await person(cluster, 'ann', 'agent');
    const agent = await fakeAgent(cluster.grpcUrl, ann.key, { agentId: 'revokee', name: 'revokee' });
    const { items } = await cluster.client.listKeys();
    await cluster.client.revokeKey(items.find(({ name }) => name === 'agent of ann')!.id);
    expect((await agent.closed)?.message).toContain('revoked or has expired');
    await expect(fakeAgent(cluster.grpcUrl, ann.key, { agentId: 'revokee', name: 'revokee' })).rejects.toThrow(
      'unknown, revoked or expired',
    );
    agent.vanish();
  });
});

describe('an agent that sends points without end and waits for nothing', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  it('is slowed to what the database takes, and another agent ends its trial meanwhile', async () => {
    const { id } = await cluster.create(gridOf('', '', [1, 2]));
    const [loud, calm] = [
      await fakeAgent(cluster.grpcUrl, cluster.key, aMachine('loud')),
      await fakeAgent(cluster.grpcUrl, cluster.key, aMachine('calm')),
    ];
    const granted = async (agent: FakeAgent): Promise<Grant> => {
      await agent.send({ $case: 'ready', value: { slots: [0] } });
      return agent.next('grant');
    };
    const [flooded, other] = [await granted(loud), await granted(calm)];
    const before = memoryOf(cluster.controller.pid);
    let sent = 0;
    let flooding = true;
    const atLeast = 45;
    const many = Array.from({ length: 20_000 }, (_, step) => step);
    const flood = (async () => {
      while (flooding || sent < atLeast) await loud.send(pointsOf(flooded, ++sent, many));
    })();
    for (let sequence = 1; sequence <= 20; sequence++) await calm.send(pointsOf(other, sequence, [sequence]));
    await calm.send(finishedOf(other, 20));
    expect(await calm.next('finishedAck')).toMatchObject({ state: 'completed' });
    flooding = false;
    await flood;
    await loud.send(finishedOf(flooded, sent));
    expect(await loud.next('finishedAck')).toMatchObject({ state: 'completed' });
    expect(memoryOf(cluster.controller.pid) - before).toBeLessThan(150);
    const { summary } = await cluster.client.getTrial(flooded.trialId);
    expect(summary['loss']).toBe(many.at(-1));
    expect(await cluster.finished(id)).toMatchObject({ state: 'completed' });
    await loud.leave();
    await calm.leave();
  });
});

const aMachine = (name: string) => ({ agentId: name, name });
const finishedOf = ({ leaseId }: Grant, lastSequence: number): AgentMessage => ({
  $case: 'finished',
  value: { leaseId, exitCode: 0, signal: '', signalled: false, evidence: '', detail: '', lastSequence },
});
const pointsOf = ({ leaseId }: Grant, sequence: number, values: readonly number[]): AgentMessage => ({
  $case: 'points',
  value: {
    leaseId,
    sequence,
    series: [{ name: 'loss', steps: values.map((value) => sequence * 100_000 + value), values: [...values], times: [...values] }],
  },
});

describe('requests beyond the limit of a key', () => {
  it('are refused with the time to wait, and slow nobody else down', async () => {
    const cluster = await startCluster({ settings: { SWEEP_RATE_LIMIT: '5' } });
    try {
      const [loud, calm] = [await person(cluster, 'loud'), await person(cluster, 'calm')];
      const flood = await Promise.all(Array.from({ length: 100 }, () => send(cluster.url, '/api/v1/sweeps', { key: loud.key })));
      const refused = flood.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(50);
      for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect((await send(cluster.url, '/api/v1/sweeps', { key: calm.key })).status).toBe(200);
      const wrong = await Promise.all(
        Array.from({ length: 60 }, () =>
          send(cluster.url, '/api/v1/session', { method: 'POST', headers: json, body: JSON.stringify({ key: 'a'.repeat(40) }) }),
        ),
      );
      expect(wrong.filter(({ status }) => status === 429).length).toBeGreaterThan(30);
    } finally {
      await cluster.stop();
    }
  });
});
