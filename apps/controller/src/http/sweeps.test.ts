import { problem, sweepView, trialView } from '@sweep/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, createSweep, grid, random, startTestApp, type TestApp } from '../../testing/app.js';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const sweeps = `${base}/sweeps`;
const yaml = { 'content-type': 'application/yaml' };

describe('POST /sweeps', () => {
  it('takes a sweep file as it is', async () => {
    const answer = await app.call('POST', sweeps, { body: grid, headers: yaml, query: { project: 'mnist', name: 'first' } });
    expect(answer.statusCode).toBe(201);
    const view = sweepView.parse(answer.json());
    expect(view).toMatchObject({
      name: 'first',
      path: `ada/mnist/${view.id}`,
      method: 'grid',
      expectedTrials: 6,
      config: grid,
      revision: 1,
      best: null,
    });
    expect(view.url).toBe(`http://127.0.0.1:8420/ada/mnist/sweeps/${view.id}`);
    expect(answer.headers['location']).toBe(`${sweeps}/${view.id}`);
  });

  it('takes it as JSON too, and keeps 16 and 16.0 apart', async () => {
    const body = '{"config":{"method":"grid","parameters":{"bs":{"values":[16.0,32]}}},"project":"me/p"}';
    const answer = await app.call('POST', sweeps, { body, headers: { 'content-type': 'application/json' } });
    expect(sweepView.parse(answer.json())).toMatchObject({ path: expect.stringMatching(/^me\/p\//), expectedTrials: 2 });
    expect(answer.json().config).toContain('[16.0,32]');
  });

  it('refuses a file with 422 and says where', async () => {
    const answer = await app.call('POST', sweeps, { body: 'method: grid\nparameters:\n  lr: {min: 1, max: 0}\n', headers: yaml });
    const document = problem.parse(answer.json());
    expect(document).toMatchObject({ status: 422, code: 'sweep-file-refused' });
    expect(document.errors).toContainEqual(expect.objectContaining({ line: 3, path: expect.stringContaining('lr') }));
    expect((await app.call('GET', sweeps)).json()).toMatchObject({ total: 0 });
  });

  it.each([
    ['{"config":3}', 'config'],
    ['{"config":"method: grid","priorRuns":[1]}', 'priorRuns.0'],
    ['{"config":"method: grid","project":"a/b/c"}', 'project'],
  ])('refuses the body %s with the path of what is wrong', async (body, path) => {
    const answer = await app.call('POST', sweeps, { body, headers: { 'content-type': 'application/json' } });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(problem.parse(answer.json()).errors!.map((one) => one.path)).toContain(path);
  });

  it('makes one sweep of two calls with one Idempotency-Key', async () => {
    const headers = { ...yaml, 'idempotency-key': 'k1' };
    const ids = [await app.call('POST', sweeps, { body: grid, headers }), await app.call('POST', sweeps, { body: grid, headers })].map(
      (answer) => answer.json().id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect((await app.call('GET', sweeps)).json()).toMatchObject({ total: 1 });
  });
});

describe('GET /sweeps', () => {
  it('filters by state and project, newest first, in pages', async () => {
    const ids = [await createSweep(app, grid), await createSweep(app, grid), await createSweep(app, random)];
    await app.call('POST', `${sweeps}/${ids[1]}/pause`);
    const list = async (query: Record<string, string>) =>
      (await app.call('GET', sweeps, { query })).json() as { items: { id: string }[]; nextCursor: string | null; total: number };
    expect((await list({ state: 'paused,running' })).items.map(({ id }) => id)).toEqual([ids[1]]);
    expect(await list({ project: 'uncategorized', limit: '1' })).toMatchObject({ total: 3, nextCursor: expect.any(String) });
    expect(await list({ project: 'nobody/nothing' })).toEqual({ items: [], nextCursor: null, total: 0 });
    const first = await list({ limit: '2' });
    const rest = await list({ limit: '2', cursor: first.nextCursor! });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(rest.nextCursor).toBeNull();
  });

  it.each([{ limt: '1' }, { limit: '0' }, { limit: '1e9' }, { state: 'runing' }, { project: '../x' }, { cursor: 'nonsense' }])(
    'refuses the query %j',
    async (query) => {
      expect((await app.call('GET', sweeps, { query: query as Record<string, string> })).statusCode).toBe(400);
    },
  );
});

describe('one sweep', () => {
  it('is found by its id and by its path, and not elsewhere', async () => {
    const id = await createSweep(app, grid);
    for (const path of [id, `uncategorized/${id}`, `ada/uncategorized/${id}`]) {
      const answer = await app.call('GET', `${sweeps}/${encodeURIComponent(path)}`);
      expect(answer.json()).toMatchObject({ id });
      expect(answer.headers['etag']).toBe('"1"');
    }
    for (const path of ['aaaaaaaa', `bob/uncategorized/${id}`])
      expect((await app.call('GET', `${sweeps}/${encodeURIComponent(path)}`)).statusCode).toBe(404);
    expect((await app.call('GET', `${sweeps}/..%2f..`)).statusCode).toBe(400);
  });

  it('obeys commands, and answers 409 with its state when one is not possible', async () => {
    const id = await createSweep(app, grid);
    expect((await app.call('POST', `${sweeps}/${id}/pause`)).json()).toMatchObject({ state: 'paused' });
    expect((await app.call('POST', `${sweeps}/${id}/pause`)).json()).toMatchObject({
      status: 409,
      detail: expect.stringContaining('paused'),
    });
    expect((await app.call('POST', `${sweeps}/${id}/resume`)).json()).toMatchObject({ state: 'running' });
    expect((await app.call('POST', `${sweeps}/${id}/cancel`)).json()).toMatchObject({ state: 'stopping', reason: 'cancelled' });
  });

  it('expects no fewer trials than it has', async () => {
    const id = await createSweep(app, `${random}run_cap: 1\n`);
    await app.call('POST', `${sweeps}/${id}/trials`, { body: { params: [{ lr: 0.25 }, { lr: 0.5 }, { lr: 0.75 }] } });
    const { expectedTrials, counts } = (await app.call('GET', `${sweeps}/${id}`)).json();
    expect(counts.queued).toBe(3);
    expect(expectedTrials).toBe(3);
  });

  it('is edited at the revision that was seen, and keeps all revisions', async () => {
    const id = await createSweep(app, grid);
    const edit = (revision: string) =>
      app.call('PATCH', `${sweeps}/${id}`, { body: { runCap: 4, priority: 3 }, headers: { 'if-match': revision } });
    expect((await edit('"1"')).json()).toMatchObject({ revision: 2, runCap: 4, priority: 3, expectedTrials: 4 });
    expect((await edit('1')).statusCode).toBe(409);
    expect((await edit('x')).statusCode).toBe(400);
    const revisions = (await app.call('GET', `${sweeps}/${id}/revisions`)).json();
    expect(revisions.items).toMatchObject([
      { revision: 1, runCap: null, by: 'ada' },
      { revision: 2, runCap: 4, by: 'ada' },
    ]);
  });

  it('is removed once it has ended', async () => {
    const id = await createSweep(app, grid);
    expect((await app.call('DELETE', `${sweeps}/${id}`)).statusCode).toBe(409);
    await app.store.sweeps.move(id as never, { state: 'pending', reason: null }, { state: 'cancelled', reason: 'cancelled' });
    expect((await app.call('DELETE', `${sweeps}/${id}`)).statusCode).toBe(204);
    expect((await app.call('GET', `${sweeps}/${id}`)).statusCode).toBe(404);
  });

  it('is cloned with its file', async () => {
    const id = await createSweep(app, grid);
    const clone = sweepView.parse((await app.call('POST', `${sweeps}/${id}/clone`)).json());
    expect(clone).toMatchObject({ config: grid, state: 'pending' });
    expect(clone.id).not.toBe(id);
  });
});

describe('chosen params', () => {
  it('become queued trials, with the types that they had', async () => {
    const id = await createSweep(app, grid);
    const body = '{"params":[{"lr":0.1,"bs":16.0},{"lr":0.2,"bs":32}]}';
    const answer = await app.call('POST', `${sweeps}/${id}/trials`, { body, headers: { 'content-type': 'application/json' } });
    expect(answer.statusCode).toBe(201);
    expect(answer.json().items.map((one: unknown) => trialView.parse(one).state)).toEqual(['queued', 'queued']);
    expect(answer.body).toContain('{"lr":0.1,"bs":16.0}');
    expect((await app.call('GET', `${base}/trials/${id}%232`)).body).toContain('{"lr":0.2,"bs":32}');
    const one = await app.call('POST', `${sweeps}/${id}/trials`, { body: { params: { lr: 0.2, bs: 16 } } });
    expect(one.json().items).toMatchObject([{ number: 3, state: 'queued', params: { lr: 0.2, bs: 16 } }]);
  });

  it('that the space does not hold are refused', async () => {
    const id = await createSweep(app, grid);
    expect((await app.call('POST', `${sweeps}/${id}/trials`, { body: { params: [{ lr: 7, bs: 32 }] } })).statusCode).toBe(400);
    expect((await app.call('POST', `${sweeps}/${id}/trials`, { body: { params: [] } })).statusCode).toBe(400);
    expect((await app.call('POST', `${sweeps}/${id}/trials`, { body: { params: 'lr=7' } })).json()).toMatchObject({
      status: 400,
      errors: [{ path: 'params', message: expect.stringContaining('give one object of params') }],
    });
    const poisoned = await app.call('POST', `${sweeps}/${id}/trials`, {
      body: '{"params":[{"__proto__":{"x":1}}]}',
      headers: { 'content-type': 'application/json' },
    });
    expect(poisoned.statusCode).toBe(400);
  });
});
