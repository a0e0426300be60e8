/** People and agents who know each other's ids, and may nevertheless do nothing to each other's things. */
import { fakeAgent } from '@sweep/protocol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp } from '../../apps/controller/testing/app.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { graphql, grid, json, type Person, person, send } from './fixture.js';

let cluster: Cluster;
let ann: Person;
let bob: Person;
let sweep: string;
let trial: string;

beforeAll(async () => {
  cluster = await startCluster();
  [ann, bob] = [await person(cluster, 'ann'), await person(cluster, 'bob')];
  sweep = (await ann.client.createSweep({ config: grid('ann') })).id;
  trial = (await ann.client.ask(sweep, {})).trials[0]!.id;
});
afterAll(() => cluster.stop());

/** What a person may change that is nobody's, or is the person's own by its making. */
const nobodys = [
  'POST /api/v1/sweeps',
  // Copies into the entity of the sweep, which is checked as for any new sweep.
  'POST /api/v1/sweeps/:id/clone',
  'PUT /api/v1/blobs/:hash',
  'DELETE /api/v1/session',
  // Lists of runs: each run is judged by itself, tested below.
  'POST /api/v1/runs/edit',
  'POST /api/v1/runs/delete',
  'POST /api/v1/runs/restore',
  'POST /api/v1/runs/stop',
];
/** Checked by their handlers: tested beside them. */
const judgedByHandler = /^\w+ \/api\/v1\/(views|teams|projects)\b|^\w+ \/(graphql|files|storage|artifacts)/;

describe("another person's things", () => {
  it('are guarded on every route that changes something', async () => {
    const app = await startTestApp();
    const changing = app.routes.filter(
      ({ method, access, changes }) =>
        !['GET', 'HEAD', 'OPTIONS'].includes(method) && !['public', 'admin'].includes(access) && changes === undefined,
    );
    await app.close();
    const unguarded = changing.map(({ method, url }) => `${method} ${url}`).filter((name) => !judgedByHandler.test(name));
    expect(unguarded.sort()).toEqual([...nobodys].sort());
  });

  it('can be read', async () => {
    expect((await bob.client.getSweep(sweep)).path).toBe(`ann/mine/${sweep}`);
  });

  it.each([
    ['POST', () => `/sweeps/${sweep}/pause`, undefined],
    ['POST', () => `/sweeps/${sweep}/resume`, undefined],
    ['POST', () => `/sweeps/${sweep}/stop`, undefined],
    ['POST', () => `/sweeps/${sweep}/cancel`, undefined],
    ['POST', () => `/sweeps/ann%2Fmine%2F${sweep}/cancel`, undefined],
    ['POST', () => `/sweeps/${sweep}/retry`, { failed: true }],
    ['POST', () => `/sweeps/${sweep}/clone`, {}],
    ['POST', () => `/sweeps/${sweep}/ask`, {}],
    ['POST', () => `/sweeps/${sweep}/trials`, { trials: [{ x: 1 }] }],
    ['PATCH', () => `/sweeps/${sweep}`, { priority: 9 }],
    ['DELETE', () => `/sweeps/${sweep}`, undefined],
    ['POST', () => `/trials/${trial}/report`, { metrics: { loss: 1 } }],
    ['POST', () => `/trials/${trial}/tell`, { value: 0 }],
    ['POST', () => `/trials/${trial}/cancel`, undefined],
    ['POST', () => `/trials/${sweep}%231/cancel`, undefined],
    ['POST', () => `/sweeps?project=ann/mine`, { config: grid('ann') }],
  ])('are not changed by %s %s', async (method, path, body) => {
    const sent = body === undefined ? {} : { headers: json, body: JSON.stringify(body) };
    const answer = await send(cluster.url, `/api/v1${path()}`, { method, key: bob.key, ...sent });
    expect(answer.status, answer.text).toBe(403);
    expect((await ann.client.getSweep(sweep)).state).toBe('running');
  });

  it('are not changed as members of a list', async () => {
    const edit = { changes: [{ id: trial, name: 'taken', addTags: ['x'] }] };
    const edited = await send(cluster.url, '/api/v1/runs/edit', {
      method: 'POST',
      key: bob.key,
      headers: json,
      body: JSON.stringify(edit),
    });
    expect(edited.status).toBe(403);
    for (const verb of ['delete', 'restore', 'stop']) {
      const body = JSON.stringify({ ids: [trial] });
      const answer = await send(cluster.url, `/api/v1/runs/${verb}`, { method: 'POST', key: bob.key, headers: json, body });
      expect(JSON.parse(answer.text)).toMatchObject({
        done: [],
        refused: [{ id: trial, reason: expect.stringContaining('somebody else') }],
      });
    }
  });

  it.each([
    [
      'upsertBucket',
      'mutation($i: UpsertBucketInput!) { upsertBucket(input: $i) { inserted } }',
      { entityName: 'ann', modelName: 'mine', name: 'intruder' },
    ],
    ['upsertModel', 'mutation($i: UpsertModelInput!) { upsertModel(input: $i) { inserted } }', { entityName: 'ann', name: 'theirs' }],
    [
      'upsertSweep',
      'mutation($i: UpsertSweepInput!) { upsertSweep(input: $i) { sweep { name } } }',
      { entityName: 'ann', projectName: 'mine', config: 'method: random\nparameters: {x: {min: 0.0, max: 1.0}}' },
    ],
  ])("are not written through W&B's %s", async (name, query, input) => {
    const { status, text } = await graphql(cluster, bob.key, query, { i: input });
    expect(`${name} ${status} ${/permission denied/.test(text)}`).toMatch(/ true$/);
  });

  it('take no lines of file_stream and show no file by another name', async () => {
    const body = JSON.stringify({ files: { 'wandb-history.jsonl': { offset: 0, content: ['{"loss": -1}'] } } });
    const answer = await send(cluster.url, `/files/ann/mine/${trial}/file_stream`, { method: 'POST', key: bob.key, headers: json, body });
    expect([403, 404]).toContain(answer.status);
  });

  it("hand out no administrator's things", async () => {
    for (const [method, path] of [
      ['GET', 'keys'],
      ['POST', 'keys'],
      ['GET', 'users'],
      ['POST', 'users'],
      ['POST', 'tokens'],
      ['DELETE', 'users/ann'],
    ]) {
      const answer = await send(cluster.url, `/api/v1/${path}`, {
        method: method!,
        key: bob.key,
        ...(method === 'POST' ? { headers: json, body: '{"name":"x"}' } : {}),
      });
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 403`);
    }
  });
});

describe('an agent', () => {
  const dial = (who: Person, name: string, more = {}) => fakeAgent(cluster.grpcUrl, who.key, { agentId: name, name, ...more });

  it('cannot come under the name of another one, nor be drained by a stranger', async () => {
    const [first, second] = [await person(cluster, 'ann', 'agent'), await person(cluster, 'bob', 'agent')];
    const agent = await dial(first, 'annsbox');
    await expect(dial(second, 'annsbox')).rejects.toThrow('came with another key before');
    const again = await person(cluster, 'ann', 'agent');
    await expect(dial(again, 'annsbox')).rejects.toThrow('came with another key before');
    const drained = await send(cluster.url, '/api/v1/agents/annsbox/drain', { method: 'POST', key: bob.key });
    expect(drained.status).toBe(403);
    expect((await send(cluster.url, '/api/v1/agents/annsbox/drain', { method: 'POST', key: ann.key })).status).toBe(200);
    await agent.leave();
  });

  it('is given no trial of somebody else, and may not ask for that sweep', async () => {
    const box = await person(cluster, 'bob', 'agent');
    const stranger = await dial(box, 'bobsbox');
    await stranger.send({ $case: 'ready', value: { slots: [0] } });
    await stranger.send({ $case: 'renew', value: { leaseIds: [] } });
    await stranger.next('renewed');
    expect(stranger.received.filter(({ $case }) => $case === 'grant')).toEqual([]);
    await stranger.leave();
    await expect(dial(box, 'bobsother', { sweepId: sweep })).rejects.toThrow('belongs to ann');
  });

  it('reports for no trial that it does not hold, and stores and reads nothing by its lease', async () => {
    const [first, second] = [await person(cluster, 'ann', 'agent'), await person(cluster, 'bob', 'agent')];
    const holder = await dial(first, 'holder');
    await holder.send({ $case: 'ready', value: { slots: [0] } });
    const { leaseId } = await holder.next('grant');
    const series = [{ name: 'loss', steps: [0], values: [-1], times: [0] }];
    const ended = { exitCode: 0, signal: '', signalled: false, evidence: '', detail: '', lastSequence: 1 };
    for (const message of [
      { $case: 'points', value: { leaseId, sequence: 1, series } },
      { $case: 'output', value: { leaseId, stream: 'stdout', offset: 0, data: Buffer.alloc(1) } },
      { $case: 'stored', value: { leaseId, kind: 'output', path: 'x', blob: { hash: 'a'.repeat(64), size: 1 } } },
      { $case: 'finished', value: { leaseId, ...ended } },
    ] as const) {
      const liar = await dial(second, 'liar');
      await liar.send(message);
      expect((await liar.closed)?.message, message.$case).toContain('does not hold lease');
      liar.vanish();
    }
    const other = await dial(second, 'liar');
    await expect(other.channel.putBlob({ leaseId, hash: 'a'.repeat(64), size: 1 }, one())).rejects.toThrow("not one of this agent's");
    await expect(all(other.channel.getBlob({ leaseId, hash: 'a'.repeat(64) }))).rejects.toThrow("not one of this agent's");
    await other.leave();
    expect((await cluster.client.listTrials(sweep)).items.filter(({ state }) => state === 'completed')).toEqual([]);
    await holder.send({ $case: 'finished', value: { leaseId, ...ended, exitCode: 1, lastSequence: 0 } });
    await holder.next('finishedAck');
    await holder.leave();
  });
});

async function* one(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
}

async function all(content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of content);
}
