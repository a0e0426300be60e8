import { curvesView, listOf, storageView, sweepPointsView, sweepSliceView, sweepTimelineView, unpackCurves, waitingView } from '@sweep/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, createSweep, startTestApp, type TestApp } from '../../testing/app.js';

const config = `method: random
metric: {name: loss, goal: minimize}
parameters:
  lr: {min: 0.0, max: 1.0}
  opt: {parameters: {name: {values: [adam, sgd]}}}
  layers: {values: [[1, 2], [3]]}
  fixed: {value: 7}
`;

let app: TestApp;
let sweep: string;
beforeEach(async () => {
  app = await startTestApp();
  sweep = await createSweep(app, config);
});
afterEach(() => app.close());

const get = (path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  app.call('GET', `${base}${path}`, { query, headers });

/** Asked for and told; a trial without a value goes on. */
async function trials(values: readonly (number | null)[]): Promise<readonly { readonly id: string; readonly number: number }[]> {
  const asked = (await app.call('POST', `${base}/sweeps/${sweep}/ask`, { body: { count: values.length } })).json().trials;
  for (const [index, value] of values.entries()) {
    const { id } = asked[index];
    await app.call('POST', `${base}/trials/${id}/report`, { body: { step: 1, metrics: { loss: 5 } } });
    if (value !== null) await app.call('POST', `${base}/trials/${id}/tell`, { body: { value } });
  }
  return asked;
}

describe('the points of a sweep', () => {
  it('are all trials in columns, of the parameters that vary', async () => {
    const asked = await trials([0.5, null, 0.25]);
    const points = sweepPointsView.parse((await get(`/sweeps/${sweep}/points`)).json());
    expect(points.objectives).toEqual([{ name: 'loss', goal: 'minimize' }]);
    // Others wait behind them: the search looks ahead.
    const at = asked.map(({ id }) => points.ids.indexOf(id));
    expect(at.map((place) => [points.numbers[place], points.states[place], points.values[0]![place]])).toEqual([
      [asked[0]!.number, 'completed', 0.5],
      [asked[1]!.number, 'running', 5],
      [asked[2]!.number, 'completed', 0.25],
    ]);
    expect([points.endedAt[at[1]!], points.kept.every((kept) => kept)]).toEqual([null, true]);
    const lengths = [points.ids, points.kept, points.startedAt, points.endedAt, ...Object.values(points.params)].map(
      ({ length }) => length,
    );
    expect(new Set(lengths)).toEqual(new Set([points.numbers.length]));
    expect(Object.keys(points.params).sort()).toEqual(['layers', 'lr', 'opt.name']);
    expect(points.params['opt.name']).toEqual(expect.arrayContaining([expect.stringMatching(/^(adam|sgd)$/)]));
    expect(points.params['layers']![0]).toMatch(/^\[(1,2|3)\]$/);
  });

  it('are those that changed or have not ended, when a time is given', async () => {
    const [{ id } = { id: '' }] = await trials([0.5]);
    const later = new Date(Date.now() + 60_000).toISOString();
    const since = sweepPointsView.parse((await get(`/sweeps/${sweep}/points`, { since: later })).json());
    expect(new Set(since.states)).toEqual(new Set(['queued']));
    expect(since.ids).not.toContain(id);
    expect((await get(`/sweeps/${sweep}/points`, { since: new Date(0).toISOString() })).json().ids).toContain(id);
    expect((await get(`/sweeps/${sweep}/points`, { since: 'yesterday' })).statusCode).toBe(400);
    expect((await get('/sweeps/zzzzzzzz/points')).statusCode).toBe(404);
  });
});

describe('the timeline of a sweep', () => {
  it('is every attempt with its agent, slot and times', async () => {
    await trials([0.5, null]);
    const timeline = sweepTimelineView.parse((await get(`/sweeps/${sweep}/timeline`)).json());
    expect(timeline).toMatchObject({
      agents: [{ name: expect.any(String) }],
      trials: [1, 2],
      attempts: [1, 1],
      agent: [0, 0],
      states: ['completed', 'running'],
    });
    expect(timeline.endedAt[0]).toBeGreaterThanOrEqual(timeline.startedAt[0]!);
    expect(timeline.endedAt[1]).toBeNull();
  });
});

describe('curves', () => {
  const octets = { accept: 'application/octet-stream' };

  it('of a sweep are those of all trials that ran, or of the wanted ones', async () => {
    const asked = await trials([0.5, null]);
    const all = curvesView.parse((await get(`/sweeps/${sweep}/curves`, { keys: 'loss' })).json());
    expect(all.curves.map(({ run, values }) => [run, values.at(-1)])).toEqual([
      [asked[0]!.id, 0.5],
      [asked[1]!.id, 5],
    ]);
    const { rawPayload } = await get(`/sweeps/${sweep}/curves`, { keys: 'loss', trials: '2' }, octets);
    const bytes = new Uint8Array(rawPayload).buffer;
    expect(unpackCurves(bytes).series).toMatchObject([{ run: asked[1]!.id, name: 'loss', values: Float64Array.of(5) }]);
    expect((await get(`/sweeps/${sweep}/curves`)).statusCode).toBe(400);
  });

  it('of several runs come in one answer, packed or not', async () => {
    const asked = await trials([0.5, 0.25]);
    const runs = asked.map(({ id }) => id).join(',');
    const { curves } = curvesView.parse((await get('/curves', { runs, keys: 'loss,other' })).json());
    expect(curves.map(({ name }) => name)).toEqual(['loss', 'loss']);
    const { rawPayload } = await get('/curves', { runs, keys: 'loss' }, octets);
    expect(
      unpackCurves(new Uint8Array(rawPayload).buffer)
        .series.map(({ run }) => run)
        .sort(),
    ).toEqual(asked.map(({ id }) => id).sort());
    expect((await get('/curves', { runs: 'nobody99', keys: 'loss' })).statusCode).toBe(404);
  });

  it('of one run are unpacked too', async () => {
    const [trial] = await trials([0.5]);
    const { rawPayload } = await get(`/trials/${trial!.id}/metrics`, {}, octets);
    expect(unpackCurves(new Uint8Array(rawPayload).buffer)).toMatchObject({ downsampled: false, series: [{ run: null, name: 'loss' }] });
  });
});

describe('a slice of the model', () => {
  it('says how many results are missing, and is there when they are', async () => {
    const few = sweepSliceView.parse((await get(`/sweeps/${sweep}/slice`, { x: 'lr' })).json());
    expect(few).toEqual({ slice: null, note: '8 more finished trials are needed to tell' });
    await trials(Array.from({ length: 12 }, (_, index) => index / 10));
    const { slice } = sweepSliceView.parse((await get(`/sweeps/${sweep}/slice`, { x: 'lr', y: 'opt.name', points: '9' })).json());
    expect(slice).toMatchObject({
      x: { param: 'lr', scale: 'linear' },
      y: { param: 'opt.name', scale: 'category', values: ['adam', 'sgd'] },
    });
    expect([slice!.x.values.length, slice!.mean.length]).toEqual([9, 18]);
    expect(slice!.low.every((low, index) => low! <= slice!.mean[index]!)).toBe(true);
  });

  it('is refused along what is no parameter', async () => {
    const answer = await get(`/sweeps/${sweep}/slice`, { x: 'nothing' });
    expect([answer.statusCode, answer.json().detail]).toEqual([400, expect.stringContaining('it has fixed, layers, lr, opt.name')]);
  });
});

describe('what waits', () => {
  it('is listed with its reason, the higher priority first', async () => {
    const other = await createSweep(app, config);
    await app.call('PATCH', `${base}/sweeps/${other}`, { body: { priority: 5 } });
    for (const id of [sweep, other])
      await app.call('POST', `${base}/sweeps/${id}/trials`, {
        body: { params: [{ lr: 0.5, opt: { name: 'adam' }, layers: [3], fixed: 7 }] },
      });
    const { items } = listOf(waitingView).parse((await get('/queue')).json());
    const order = items.map(({ sweep: of }) => of);
    expect([order[0], order.at(-1), order.lastIndexOf(other) < order.indexOf(sweep)]).toEqual([other, sweep, true]);
    expect(items[0]).toMatchObject({ priority: 5, waitingFor: expect.stringContaining('no agent is online') });
  });
});

describe('room', () => {
  it('is told', async () => {
    expect(storageView.parse((await get('/storage')).json())).toEqual({ databaseBytes: null, parts: [], blobs: 0, blobBytes: 0 });
  });
});

describe('a join token', () => {
  it('is listed without its secret and can be revoked while it is unused', async () => {
    const { token } = (await app.call('POST', `${base}/tokens`, { body: {} })).json();
    const list = await get('/tokens');
    expect(list.body).not.toContain(token);
    const [{ id }] = list.json().items;
    expect(list.json().items).toMatchObject([{ by: 'ada', usedAt: null }]);
    expect((await app.call('GET', `${base}/tokens`, { key: await app.keyOf('user') })).statusCode).toBe(403);
    expect((await app.call('DELETE', `${base}/tokens/${id}`)).statusCode).toBe(204);
    expect((await app.call('DELETE', `${base}/tokens/${id}`)).statusCode).toBe(404);
    expect((await app.call('GET', `${base}/server`, { key: token })).statusCode).toBe(401);
  });
});
