import { listOf, runGroupView, runKeyView, runView, savedView } from '@sweep/api';
import { runId, userId } from '@sweep/domain';
import { float } from '@sweep/optimizer';
import type { RunChange } from '@sweep/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, createSweep, random, startTestApp, type TestApp } from '../../testing/app.js';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

/** Of a program on its own, in ada/vision. */
async function newRun(handle: string, change: RunChange = {}) {
  const { id: project } = await app.store.projects.ensure('ada', 'vision');
  const user = (await app.store.keys.findUserByName('ada'))!.id;
  const { record } = await app.store.runs.ensure({ project, handle, user, name: handle, state: 'running' });
  await app.store.runs.change(record.id, () => change);
  return record.id;
}

async function three() {
  await newRun('aaaaaaaa', {
    state: 'finished',
    tags: ['best'],
    config: { lr: float(1), opt: { name: 'adam' } },
    summary: '{"loss":0.5,"note":"x","val":{"acc":1.0},"pic":{"_type":"image-file"}}',
  });
  await newRun('bbbbbbbb', { state: 'failed', config: { lr: 0.1, opt: { name: 'sgd' } }, summary: '{"loss":NaN}' });
  await newRun('cccccccc', { config: { lr: 0.2, opt: { name: 'sgd' } }, summary: '{"loss":-Infinity}' });
}
const get = (path: string, query: Record<string, string> = {}) => app.call('GET', `${base}${path}`, { query });
const ids = async (query: Record<string, string>) =>
  (await get('/runs', query))
    .json()
    .items.map(({ id }: { id: string }) => id[0])
    .join('');

describe('the table of runs', () => {
  beforeEach(three);

  it('shows whole runs, newest first, with numbers that are not finite as texts', async () => {
    const answer = await get('/runs', { project: 'vision' });
    const { items, total } = listOf(runView).parse(answer.json());
    expect(total).toBe(3);
    expect(items.find(({ id }) => id === 'aaaaaaaa')).toMatchObject({
      handle: 'aaaaaaaa',
      project: 'ada/vision',
      user: 'ada',
      state: 'finished',
      tags: ['best'],
      summary: { loss: 0.5, note: 'x', 'val.acc': 1 },
      durationSeconds: expect.any(Number),
    });
    expect(answer.body).toContain('"lr":1.0');
    expect(items.find(({ id }) => id === 'bbbbbbbb')!.summary).toEqual({ loss: 'NaN' });
    expect(answer.body).not.toContain('image-file');
  });

  it.each(['{"__proto__": {"x": 1}}', '{"loss": '])('is whole beside a run whose summary is %s', async (summary) => {
    await newRun('dddddddd', { summary });
    const answer = await get('/runs', { project: 'vision' });
    expect([answer.statusCode, answer.json().total]).toEqual([200, 4]);
  });

  it('is filtered by an expression', async () => {
    expect(await ids({ where: 'opt.name = sgd and state != failed' })).toBe('c');
    expect(await ids({ where: 'tags = best or loss = NaN', sort: 'name' })).toBe('ab');
    expect(await ids({ project: 'ada/vision', where: 'config.lr >= 0.2 and user = ada', sort: 'lr' })).toBe('ca');
    expect(await ids({ where: 'nothing = 1' })).toBe('');
    expect(await ids({ ids: 'aaaaaaaa,cccccccc', sort: 'name' })).toBe('ac');
  });

  it('says what is wrong with an expression, and where', async () => {
    const answer = await get('/runs', { where: 'lr < ' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      code: 'invalid',
      detail: expect.stringContaining('expected a value'),
      errors: [{ path: 'where', line: 1, column: 6 }],
    });
    expect((await get('/runs', { where: 'name ~ "("' })).statusCode).toBe(400);
  });

  it('is sorted by any value, and what has none comes last', async () => {
    expect(await ids({ sort: 'loss' })).toBe('cab');
    expect(await ids({ sort: '-summary.loss' })).toBe('acb');
    expect(await ids({ sort: 'opt.name,-lr' })).toBe('acb');
  });

  it('goes on from a cursor or a place, to the end', async () => {
    const first = (await get('/runs', { sort: 'name', limit: '2' })).json();
    expect([first.items.length, first.nextCursor, first.total]).toEqual([2, '2', 3]);
    const second = (await get('/runs', { sort: 'name', limit: '2', cursor: first.nextCursor })).json();
    expect([second.items[0].id, second.nextCursor]).toEqual(['cccccccc', null]);
    expect(await ids({ sort: 'name', offset: '1', limit: '1' })).toBe('b');
    expect(await ids({ sort: 'name', offset: '99' })).toBe('');
    expect((await get('/runs', { cursor: 'x' })).statusCode).toBe(400);
  });

  it('gives the wanted columns only, under the names that were asked for', async () => {
    const { items } = (await get('/runs', { sort: 'name', columns: 'opt.name,summary.loss,val.acc,state,config.loss' })).json();
    expect(items.map(({ config, summary }: Record<string, unknown>) => ({ config, summary }))).toEqual([
      { config: { 'opt.name': 'adam' }, summary: { 'summary.loss': 0.5, 'val.acc': 1 } },
      { config: { 'opt.name': 'sgd' }, summary: { 'summary.loss': 'NaN' } },
      { config: { 'opt.name': 'sgd' }, summary: { 'summary.loss': '-Infinity' } },
    ]);
  });

  it('knows its columns', async () => {
    const { items } = listOf(runKeyView).parse((await get('/runs/keys', { project: 'vision' })).json());
    expect(items).toContainEqual({ name: 'config.opt.name', type: 'text', runs: 3 });
    expect(items).toContainEqual({ name: 'summary.loss', type: 'number', runs: 3 });
    expect((await get('/runs/keys', { project: 'nowhere' })).json().items).toEqual([]);
  });

  it('is grouped', async () => {
    const answer = await get('/runs/groups', { by: 'opt.name', columns: 'lr' });
    const { items } = listOf(runGroupView).parse(answer.json());
    expect(items).toMatchObject([
      { values: { 'opt.name': 'sgd' }, runs: 2, states: { failed: 1, running: 1 }, columns: { lr: { n: 2, min: 0.1, max: 0.2 } } },
      { values: { 'opt.name': 'adam' }, runs: 1, columns: { lr: { mean: 1 } } },
    ]);
    expect((await get('/runs/groups', {})).statusCode).toBe(400);
  });

  it('finds a run by the name that clients print', async () => {
    const path = encodeURIComponent('ada/vision/aaaaaaaa');
    expect((await get(`/runs/${path}`)).json()).toMatchObject({ id: 'aaaaaaaa' });
    expect((await get(`/runs/${encodeURIComponent('ada/other/aaaaaaaa')}`)).statusCode).toBe(404);
  });
});

describe('runs that were selected', () => {
  const post = (path: string, body: unknown) => app.call('POST', `${base}/runs/${path}`, { body });
  beforeEach(three);

  it('are edited, and the answer takes it back', async () => {
    const changes = ['aaaaaaaa', 'bbbbbbbb'].map((id) => ({ id, addTags: ['best', 'new'], group: 'g' }));
    const { changed, undo } = (await post('edit', { changes })).json();
    expect(changed).toBe(2);
    expect((await app.store.runs.record(runId('aaaaaaaa')))!).toMatchObject({ tags: ['best', 'new'], group: 'g' });
    expect((await post('edit', undo)).json().changed).toBe(2);
    expect((await app.store.runs.record(runId('aaaaaaaa')))!).toMatchObject({ tags: ['best'], group: null });
    expect((await app.store.runs.record(runId('bbbbbbbb')))!).toMatchObject({ tags: [], group: null });
    expect((await post('edit', { changes: [{ id: 'aaaaaaaa', addTags: ['best'] }] })).json()).toEqual({ changed: 0, undo: null });
  });

  it.each([
    {},
    { changes: [] },
    { changes: [{ id: 'a', tags: [] }] },
    { changes: [{ id: 'a' }, { id: 'a' }] },
    { changes: [{ id: 'a', addTags: [''] }] },
  ])('are not edited by %j', async (body) => {
    expect((await post('edit', body)).statusCode).toBe(400);
  });

  it('are deleted when they are over, and brought back', async () => {
    const gone = await post('delete', { ids: ['aaaaaaaa', 'cccccccc', 'nobody99'] });
    expect(gone.json()).toEqual({
      done: ['aaaaaaaa'],
      refused: [
        { id: 'nobody99', reason: 'there is no such run' },
        { id: 'cccccccc', reason: 'it goes on: stop it first' },
      ],
    });
    expect(await ids({ sort: 'name' })).toBe('bc');
    expect((await get('/runs/aaaaaaaa')).statusCode).toBe(404);
    expect((await post('restore', { ids: ['aaaaaaaa', 'bbbbbbbb'] })).json()).toMatchObject({
      done: ['aaaaaaaa'],
      refused: [{ id: 'bbbbbbbb' }],
    });
    expect(await ids({ sort: 'name' })).toBe('abc');
  });

  it('are stopped: trials, programs on their own, and nothing that is over', async () => {
    const sweep = await createSweep(app, random);
    const [trial] = (await app.call('POST', `${base}/sweeps/${sweep}/trials`, { body: { params: [{ lr: 0.5 }] } })).json().items;
    const answer = (await post('stop', { ids: [trial.id, 'aaaaaaaa', 'cccccccc'] })).json();
    expect(new Set(answer.done)).toEqual(new Set([trial.id, 'cccccccc']));
    expect(answer.refused).toEqual([{ id: 'aaaaaaaa', reason: 'it is over' }]);
    expect((await app.store.runs.record(runId('cccccccc')))!.stopRequested).toBe(true);
    expect((await get(`/trials/${trial.id}`)).json()).toMatchObject({ state: 'cancelled' });
  });
});

describe('saved views', () => {
  const view = { project: 'vision', page: 'runs', name: 'mine', state: { where: 'lr < 1', columns: ['config.lr'] } };

  it('are kept for the project, and changed only by who made them or an administrator', async () => {
    await three();
    const bob = (await app.store.keys.createUser({ id: userId('bobbobbo'), name: 'bob', admin: false }))!;
    const key = (await app.call('POST', `${base}/keys`, { body: { name: 'k', scope: 'user', user: bob.name } })).json().secret;
    const made = savedView.parse((await app.call('POST', `${base}/views`, { key, body: { ...view, project: 'ada/vision' } })).json());
    expect(made).toMatchObject({ project: 'ada/vision', by: 'bob', state: view.state });
    expect((await get('/views', { project: 'vision', page: 'runs' })).json().items).toEqual([made]);
    const other = await app.keyOf('user');
    expect((await app.call('PUT', `${base}/views/${made.id}`, { key: other, body: { name: 'x' } })).statusCode).toBe(403);
    expect((await app.call('PUT', `${base}/views/${made.id}`, { key, body: { state: {} } })).json()).toMatchObject({
      name: 'mine',
      state: {},
    });
    expect((await app.call('DELETE', `${base}/views/${made.id}`, { key: other })).statusCode).toBe(403);
    expect((await app.call('DELETE', `${base}/views/${made.id}`)).statusCode).toBe(204);
    expect((await app.call('DELETE', `${base}/views/${made.id}`)).statusCode).toBe(404);
  });

  it.each([
    { ...view, project: 'a/b/c' },
    { ...view, page: 'Runs!' },
    { ...view, state: 'x' },
    { ...view, name: '' },
  ])('are not %j', async (body) => {
    expect((await app.call('POST', `${base}/views`, { body })).statusCode).toBe(400);
  });
});
