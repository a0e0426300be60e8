/** What scripts outside this repository rely on: paths, members of answers, status codes, and what a training program is given. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepView, TrialView } from '@sweep/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { until } from '../support/until.js';

const program = `
const fs = require('fs');
const { SWEEP_METRICS, SWEEP_OUTPUT_DIR, SWEEP_PARAMS, SWEEP_CHECKPOINT_DIR } = process.env;
fs.appendFileSync(SWEEP_METRICS, '{"step": 0, "loss": NaN}\\n{"step": 1, "loss": "Infinity"}\\n{"step": 2, "loss": 0.25}\\n');
fs.writeFileSync(SWEEP_OUTPUT_DIR + '/environment.json', JSON.stringify(process.env));
fs.writeFileSync(SWEEP_CHECKPOINT_DIR + '/epoch', '3');
console.log(fs.readFileSync(SWEEP_PARAMS, 'utf8'));
`;
const sweepFile = `
name: exact
method: grid
metric: {name: loss, goal: minimize}
parameters:
  lr: {value: 0.5}
  net: {parameters: {depth: {value: 2}}}
command: [node, -e, ${JSON.stringify(program)}]
`;

/** Members that every sweep and every trial has; more may be added, none may go. */
const ofSweep = [
  ...['id', 'path', 'name', 'url', 'state', 'reason', 'method', 'objective', 'counts', 'expectedTrials', 'best', 'revision'],
  ...['findings', 'config', 'createdAt', 'startedAt', 'endedAt'],
];
const ofTrial = [
  ...['id', 'number', 'sweep', 'state', 'reason', 'params', 'objective', 'summary', 'attempt', 'attempts', 'agent', 'slot', 'gpus'],
  ...['waitingFor', 'createdAt', 'startedAt', 'endedAt', 'durationSeconds'],
];

describe('the interface', () => {
  let cluster: Cluster;
  let sweep: SweepView;
  let trial: TrialView;

  /** Over the wire, as somebody else's program does. A path without `/api/v1` begins with `//`. */
  async function call(method: string, path: string, { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}) {
    const answer = await fetch(path.startsWith('//') ? cluster.url + path.slice(1) : `${cluster.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${cluster.key}`,
        ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'application/yaml' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
  }
  const json = async (method: string, path: string, options?: Parameters<typeof call>[2]) => {
    const { status, text } = await call(method, path, options);
    return { status, body: JSON.parse(text) };
  };

  beforeAll(async () => {
    cluster = await startCluster();
    cluster.startAgent();
    const created = await json('POST', '/sweeps', { body: sweepFile });
    expect(created.status).toBe(201);
    sweep = await cluster.finished(created.body.id);
    trial = (await cluster.trials(sweep.id))[0]!;
  });
  afterAll(() => cluster.stop());

  it('says where the controller is in a file that only its owner reads', () => {
    const path = join(cluster.folder, 'data', 'server.json');
    const server = JSON.parse(readFileSync(path, 'utf8'));
    expect(server).toMatchObject({ url: cluster.url, grpcUrl: cluster.grpcUrl, version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(Object.keys(server).slice(0, 5).sort()).toEqual(['grpcUrl', 'pid', 'startedAt', 'url', 'version']);
    expect(server.pid).toBe(cluster.controller.pid);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(cluster.key).toMatch(/^[a-z0-9]{40}$/);
  });

  it('shows a sweep', async () => {
    const { body } = await json('GET', `/sweeps/${sweep.id}`);
    expect(Object.keys(body)).toEqual(expect.arrayContaining(ofSweep));
    expect(body).toMatchObject({
      id: expect.stringMatching(/^[a-z0-9]{8}$/),
      path: expect.stringMatching(new RegExp(`^[^/]+/uncategorized/${sweep.id}$`)),
      url: `${cluster.url}/${sweep.path.replace(/[^/]+$/, '')}sweeps/${sweep.id}`,
      objective: { name: 'loss', goal: 'minimize', target: null },
      counts: { queued: 0, running: 0, stopping: 0, completed: 1, pruned: 0, failed: 0, cancelled: 0 },
      best: { trial: 1, run: trial.id, value: 0.25, params: { lr: 0.5, net: { depth: 2 } } },
      config: sweepFile,
    });
    for (const time of [body.createdAt, body.startedAt, body.endedAt]) expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/);
  });

  it('shows a trial by its run id and by its number', async () => {
    const { body } = await json('GET', `/trials/${trial.id}`);
    expect(Object.keys(body)).toEqual(expect.arrayContaining(ofTrial));
    expect(body).toMatchObject({
      number: 1,
      state: 'completed',
      objective: 0.25,
      summary: { loss: 0.25 },
      attempt: 1,
      attempts: 1,
      gpus: [],
    });
    expect((await json('GET', `/trials/${sweep.id}%231`)).body).toEqual(body);
  });

  it('gives series with numbers that JSON does not know as text', async () => {
    const { body } = await json('GET', `/trials/${trial.id}/metrics?keys=loss&samples=0`);
    expect(body).toEqual({
      series: {
        loss: { steps: [0, 1, 2], values: ['NaN', 'Infinity', 0.25], times: [expect.anything(), expect.anything(), expect.anything()] },
      },
      downsampled: false,
    });
    const packed = await call('GET', `/trials/${trial.id}/metrics`, { headers: { accept: 'application/octet-stream' } });
    expect(packed.type).toBe('application/octet-stream');
  });

  it('answers a list alike everywhere', async () => {
    const lists = [
      '/sweeps?limit=1',
      ...['trials', 'best', 'revisions', 'importance', 'pareto'].map((part) => `/sweeps/${sweep.id}/${part}`),
      ...['attempts', 'files', 'artifacts'].map((part) => `/trials/${trial.id}/${part}`),
      ...['/projects', '/runs', '/agents', '/keys', '/users'],
    ];
    for (const path of lists) {
      const { status, body } = await json('GET', path);
      expect([path, status]).toEqual([path, 200]);
      expect(body, path).toMatchObject({ items: expect.any(Array), total: expect.any(Number) });
      expect(body.nextCursor === null || typeof body.nextCursor === 'string', path).toBe(true);
    }
  });

  it('answers what is wrong as a problem document', async () => {
    const refused = await json('POST', '/sweeps', { body: 'method: nope\n' });
    expect(refused).toMatchObject({ status: 422, body: { status: 422, code: 'sweep-file-refused', detail: expect.any(String) } });
    expect(refused.body.errors).toContainEqual(expect.objectContaining({ path: 'method', line: 1, column: 9 }));
    expect(await json('POST', '/sweeps', { body: { project: 'a/b' } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'config', message: 'give the sweep file: YAML text or an object' }] },
    });
    expect(await json('POST', `/sweeps/${sweep.id}/pause`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('completed') },
    });
    expect(await json('PATCH', `/sweeps/${sweep.id}`, { body: { priority: 1 }, headers: { 'if-match': '7' } })).toMatchObject({
      status: 409,
    });
    const unknown = await call('GET', '/sweeps/zzzzzzzz');
    expect([unknown.status, unknown.type]).toEqual([404, expect.stringMatching(/^application\/problem\+json/)]);
    expect(Object.keys(JSON.parse(unknown.text))).toEqual(expect.arrayContaining(['type', 'title', 'status', 'detail', 'code']));
  });

  it('creates once for one idempotency key', async () => {
    const create = () =>
      json('POST', '/sweeps', {
        body: { config: { method: 'random', parameters: { x: { min: 0, max: 1 } } }, project: 'other' },
        headers: { 'idempotency-key': 'one' },
      });
    const [first, second] = [await create(), await create()];
    expect([first.status, second.body.id]).toEqual([201, first.body.id]);
    const moved = await Promise.all(['pause', 'resume', 'clone', 'cancel'].map((word) => call('POST', `/sweeps/${first.body.id}/${word}`)));
    expect(moved.every(({ status }) => [200, 201, 409].includes(status))).toBe(true);
  });

  it('tells events by number from the first on', async () => {
    const leaving = new AbortController();
    const answer = await fetch(`${cluster.url}/api/v1/events?since=0`, {
      headers: { authorization: `Bearer ${cluster.key}` },
      signal: leaving.signal,
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    await until(
      async () => {
        seen += (await reader.read()).value ?? '';
        return seen.includes(`"sweep.created","sweep":"${sweep.id}"`);
      },
      { what: 'the first event', seen: () => seen },
    );
    expect(seen).toMatch(/^id: \S+\ndata: \{/m);
    leaving.abort();
  });

  it('has its probes, its document and the page outside the base', async () => {
    for (const path of ['//healthz', '//ready', '//metrics', '//api/openapi.json', '//api/docs', '//']) {
      expect([path, (await call('GET', path)).status]).toEqual([path, 200]);
    }
    const document = JSON.parse((await call('GET', '//api/openapi.json')).text);
    expect(document.openapi).toMatch(/^3\.1/);
  });

  it('gives a training program its variables', async () => {
    const { items } = (await json('GET', `/trials/${trial.id}/files`)).body;
    expect(items).toMatchObject([{ kind: 'output', path: 'environment.json' }]);
    const environment = JSON.parse((await call('GET', `/trials/${trial.id}/files/content?path=environment.json`)).text);
    const [entity, project] = sweep.path.split('/');
    expect(environment).toMatchObject({
      ...{ SWEEP_ID: sweep.id, SWEEP_TRIAL_ID: trial.id, SWEEP_TRIAL_NUMBER: '1', SWEEP_ATTEMPT: '1' },
      ...{ WANDB_BASE_URL: cluster.url, WANDB_ENTITY: entity, WANDB_PROJECT: project, WANDB_RUN_ID: trial.id, WANDB_SWEEP_ID: sweep.id },
      WANDB_API_KEY: expect.stringMatching(/^[a-z0-9]{40}$/),
      ...{ WANDB_SWEEP_PARAM_PATH: expect.any(String), WANDB_DIR: expect.any(String), SWEEP_CHECKPOINT_DIR: expect.any(String) },
    });
    expect(environment).not.toHaveProperty('SWEEP_API_KEY');
    const printed = await until(async () => (await call('GET', `/trials/${trial.id}/logs?stream=stdout&offset=0`)).text || undefined, {
      what: 'the output to arrive',
    });
    expect(JSON.parse(printed)).toEqual({ lr: 0.5, net: { depth: 2 } });
    // Its key opens what a `wandb` program needs, and nothing of this interface.
    const orphan = { authorization: `Bearer ${environment.WANDB_API_KEY}` };
    expect((await call('GET', '/sweeps', { headers: orphan })).status).toBe(403);
  });
});
