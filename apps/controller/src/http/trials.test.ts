import { attemptView, decisionView, importanceView, metricsView, trialView } from '@sweep/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, createSweep, random, startTestApp, type TestApp } from '../../testing/app.js';
import { eventually } from '../../testing/engine-fixture.js';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const limited = random.replace(
  'metric: {name: loss, goal: minimize}',
  "metrics: [{name: loss, goal: minimize}, {name: ms, constraint: '<= 50'}]",
);

interface Asked {
  readonly trials: { readonly id: string; readonly number: number; readonly params: { readonly lr: number } }[];
  readonly exhausted: boolean;
}

const ask = async (sweep: string, count: number): Promise<Asked> =>
  (await app.call('POST', `${base}/sweeps/${sweep}/ask`, { body: { count } })).json();
const report = (trial: string, step: number, loss: unknown) =>
  app.call('POST', `${base}/trials/${trial}/report`, { body: { step, metrics: { loss } as object } });
const tell = (trial: string, body: object) => app.call('POST', `${base}/trials/${trial}/tell`, { body });
const get = async (path: string, query: Record<string, string> = {}) => (await app.call('GET', `${base}${path}`, { query })).json();

describe('a program without an agent', () => {
  it('asks, reports, tells; the trial then shows params, curve, result and why', async () => {
    const sweep = await createSweep(app, random);
    const asked = await ask(sweep, 1);
    const [trial] = asked.trials;
    expect(asked.exhausted).toBe(false);
    expect((await report(trial!.id, 1, 0.5)).json()).toEqual({ stop: false, reason: null });
    expect(await get(`/trials/${trial!.id}`)).toMatchObject({ state: 'running', objective: 0.5, agent: expect.any(String) });
    await report(trial!.id, 2, 'NaN');
    expect(trialView.parse((await tell(trial!.id, { value: 0.25 })).json())).toMatchObject({
      state: 'completed',
      objective: 0.25,
      summary: { loss: 0.25 },
      attempt: 1,
      attempts: 1,
    });
    expect(await get(`/trials/${sweep}%231`)).toMatchObject({
      id: trial!.id,
      why: expect.any(String),
      durationSeconds: expect.any(Number),
    });
    expect(await get(`/sweeps/${sweep}`)).toMatchObject({
      best: { trial: 1, run: trial!.id, value: 0.25, params: trial!.params },
      counts: { completed: 1 },
    });
    const curve = metricsView.parse(await get(`/trials/${trial!.id}/metrics`, { keys: 'loss', samples: '0' }));
    expect(curve.series['loss']!.values.slice(0, 2)).toEqual([0.5, 'NaN']);
    const attempts = await get(`/trials/${trial!.id}/attempts`);
    expect(attemptView.parse(attempts.items[0])).toMatchObject({ number: 1, counted: true });
    const decisions = await get(`/trials/${trial!.id}/decisions`);
    expect(decisionView.parse(decisions.items[0])).toMatchObject({ trial: 1, about: 'proposed' });
  });

  it('gets 400 for a result that is none, 409 for one that is known', async () => {
    const sweep = await createSweep(app, random);
    const { trials } = await ask(sweep, 1);
    const id = trials[0]!.id;
    expect((await tell(id, {})).statusCode).toBe(400);
    expect((await tell(id, { value: 1, values: [1] })).statusCode).toBe(400);
    expect((await tell(id, { value: 'much' })).statusCode).toBe(400);
    expect((await tell(id, { state: 'failed', reason: 'no disk' })).json()).toMatchObject({ state: 'failed' });
    expect((await tell(id, { value: 1 })).statusCode).toBe(409);
  });

  it('tells what else was measured with the result, as a report does', async () => {
    const sweep = await createSweep(app, limited);
    const { trials } = await ask(sweep, 3);
    const [kept, broken, infinite] = trials.map(({ id }) => id);
    expect((await tell(kept!, { value: 2, metrics: { ms: 50, acc: 0.5, loss: 2 } })).json()).toMatchObject({
      objective: 2,
      limits: [{ name: 'ms', value: 50, kept: true }],
      summary: { loss: 2, ms: 50, acc: 0.5 },
    });
    await tell(broken!, { value: 1, metrics: { ms: 51 } });
    expect((await tell(infinite!, { state: 'failed', metrics: { ms: 'Infinity' } })).json()).toMatchObject({
      state: 'failed',
      summary: { ms: 'Infinity' },
    });
    expect(await get(`/sweeps/${sweep}/best`)).toMatchObject({ items: [{ id: kept }] });
  });

  it('gets 400 for metrics that are no numbers or that say something else than the value', async () => {
    const { trials } = await ask(await createSweep(app, limited), 1);
    const id = trials[0]!.id;
    expect((await tell(id, { value: 1, metrics: { ms: 'slow' } })).statusCode).toBe(400);
    const answer = await tell(id, { value: 1, metrics: { loss: 2 } });
    expect([answer.statusCode, answer.json().detail]).toEqual([400, expect.stringContaining('loss is 2')]);
    expect((await tell(id, { value: 1, metrics: { loss: 1 } })).statusCode).toBe(200);
  });

  it('cancels a trial by name of who asked', async () => {
    const sweep = await createSweep(app, random);
    const { trials } = await ask(sweep, 1);
    expect((await app.call('POST', `${base}/trials/${trials[0]!.id}/cancel`)).json()).toMatchObject({
      state: 'cancelled',
      reason: expect.stringContaining('ada'),
    });
  });
});

describe('the target of a sweep', () => {
  const aimed = (config: string): string => config.replace('goal: minimize', 'goal: minimize, target: 0.2');
  const state = async (sweep: string) => (({ state, reason }) => ({ state, reason }))(await get(`/sweeps/${sweep}`));
  const ends = (sweep: string) =>
    eventually(async () => ((await state(sweep)).state === 'completed' ? state(sweep) : undefined), 'the sweep to end');

  beforeEach(() => app.engine.start());

  it('is reached by what is told, and the sweep is over', async () => {
    const sweep = await createSweep(app, aimed(random));
    const { trials } = await ask(sweep, 2);
    await tell(trials[0]!.id, { value: 0.21 });
    expect(await state(sweep)).toMatchObject({ state: 'running' });
    await tell(trials[1]!.id, { value: 0.2 });
    expect(await ends(sweep)).toEqual({ state: 'completed', reason: 'target' });
  });

  it('is reached by what is reported; the trials that run are finished first', async () => {
    const sweep = await createSweep(app, aimed(random));
    const { trials } = await ask(sweep, 2);
    await report(trials[0]!.id, 1, 0.1);
    expect(await state(sweep)).toEqual({ state: 'stopping', reason: 'target' });
    expect((await app.call('POST', `${base}/sweeps/${sweep}/ask`)).statusCode).toBe(409);
    for (const { id } of trials) expect((await tell(id, { value: 0.5 })).json()).toMatchObject({ state: 'completed' });
    expect(await ends(sweep)).toMatchObject({ reason: 'target' });
  });

  it('is not reached by a trial that breaks a limit, or of which it is not known', async () => {
    const sweep = await createSweep(app, aimed(limited));
    const { trials } = await ask(sweep, 4);
    const [broken, unknown, reported, good] = trials.map(({ id }) => id);
    await tell(broken!, { value: 0.1, metrics: { ms: 51 } });
    await tell(unknown!, { value: 0.1 });
    await app.call('POST', `${base}/trials/${reported}/report`, { body: { metrics: { loss: 0.1, ms: 60 } } });
    await tell(reported!, { state: 'failed' });
    expect(await state(sweep)).toMatchObject({ state: 'running' });
    await tell(good!, { value: 0.1, metrics: { ms: 50 } });
    expect(await ends(sweep)).toMatchObject({ reason: 'target' });
  });
});

describe('the trials of a sweep', () => {
  let sweep: string;
  beforeEach(async () => {
    sweep = await createSweep(app, random);
    for (const [index, { id }] of (await ask(sweep, 6)).trials.entries()) await tell(id, { value: [0.5, 0.1, 0.9, 0.3, 0.7, 0.2][index] });
  });
  const numbers = (list: { items: { number: number }[] }): readonly number[] => list.items.map(({ number }) => number);

  it('come by number, or sorted, in pages', async () => {
    expect(numbers(await get(`/sweeps/${sweep}/trials`, { state: 'completed' }))).toEqual([1, 2, 3, 4, 5, 6]);
    const first = await get(`/sweeps/${sweep}/trials`, { sort: '-metrics.loss', state: 'completed', limit: '4' });
    const rest = await get(`/sweeps/${sweep}/trials`, { sort: '-metrics.loss', state: 'completed', limit: '4', cursor: first.nextCursor });
    expect([numbers(first), numbers(rest), rest.nextCursor]).toEqual([[3, 5, 1, 4], [6, 2], null]);
    const where = (text: string) => get(`/sweeps/${sweep}/trials`, { where: text, sort: '-number' });
    const above = numbers(await where('metrics.loss > 0 and state = completed and number >= 3'));
    expect(above.length).toBeGreaterThan(0);
    expect(above).toEqual([...above].sort((a, b) => b - a));
    expect(numbers(await where('params.lr < 0'))).toEqual([]);
    expect((await app.call('GET', `${base}/sweeps/${sweep}/trials`, { query: { where: 'loss >' } })).statusCode).toBe(400);
  });

  it('have in the list what each has alone: where it ran, why it was chosen, what it waits for', async () => {
    await app.call('POST', `${base}/sweeps/${sweep}/trials`, { body: { params: [{ lr: 0.5 }] } });
    const { items } = await get(`/sweeps/${sweep}/trials`, { limit: '1000' });
    expect(items[0]).toMatchObject({ state: 'completed', agent: 'ask-ada', slot: 0, why: expect.any(String), waitingFor: null });
    const queued = items.filter(({ state }: { state: string }) => state === 'queued');
    expect(queued[0]).toMatchObject({ agent: null, waitingFor: expect.stringContaining('no agent is online') });
    for (const item of items) {
      const { durationSeconds: _, proposal: __, ...alone } = await get(`/trials/${item.id}`);
      expect(item).toMatchObject(alone);
    }
  });

  it('tell the best, the Pareto front and what matters', async () => {
    expect(numbers(await get(`/sweeps/${sweep}/best`, { limit: '2' }))).toEqual([2, 6]);
    expect(numbers(await get(`/sweeps/${sweep}/pareto`))).toEqual([2]);
    const { items, outlook, notes } = await get(`/sweeps/${sweep}/importance`);
    expect(outlook).toMatchObject({ trials: 20 });
    expect(notes).toEqual([expect.stringMatching(/^shares .* 8 .* 6$/)]);
    expect(importanceView.parse(items[0])).toMatchObject({ param: 'lr', samples: 6, share: null });
  });

  it('tell why each was proposed, by its number', async () => {
    const { items } = await get(`/sweeps/${sweep}/decisions`, { limit: '1000' });
    const proposed = items.filter(({ about }: { about: string }) => about === 'proposed').map(({ trial }: { trial: number }) => trial);
    expect(proposed).toEqual(expect.arrayContaining([1, 2, 3, 4, 5, 6]));
  });
});

describe('curves and console output', () => {
  it('come packed for who accepts bytes', async () => {
    const sweep = await createSweep(app, random);
    const { trials } = await ask(sweep, 1);
    await report(trials[0]!.id, 3, 0.5);
    const answer = await app.call('GET', `${base}/trials/${trials[0]!.id}/metrics`, { headers: { accept: 'application/octet-stream' } });
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    const headLength = answer.rawPayload.readUInt32LE(0);
    expect(JSON.parse(answer.rawPayload.subarray(4, 4 + headLength).toString())).toEqual({
      downsampled: false,
      series: [{ name: 'loss', points: 1 }],
    });
    expect([4, 12].map((at) => answer.rawPayload.readDoubleLE(headLength + at))).toEqual([3, 0.5]);
  });

  it('are empty before the first attempt, and 404 for one that never was', async () => {
    const sweep = await createSweep(app, random);
    await app.call('POST', `${base}/sweeps/${sweep}/trials`, { body: { params: [{ lr: 0.5 }] } });
    expect(await get(`/trials/${sweep}%231/metrics`)).toEqual({ series: {}, downsampled: false });
    expect((await app.call('GET', `${base}/trials/${sweep}%231/logs`)).body).toBe('');
    expect((await app.call('GET', `${base}/trials/${sweep}%231/logs?attempt=1`)).statusCode).toBe(404);
  });

  it('are bytes from an offset, never a page', async () => {
    const sweep = await createSweep(app, random);
    const { trials } = await ask(sweep, 1);
    const data = new TextEncoder().encode('<script>1</script>\n');
    await app.store.logs.append([{ run: trials[0]!.id as never, attempt: 1, stream: 'stderr', offset: 0, data }]);
    const answer = await app.call('GET', `${base}/trials/${trials[0]!.id}/logs`, { query: { stream: 'stderr', offset: '8' } });
    expect([answer.body, answer.headers['content-type']]).toEqual(['1</script>\n', 'text/plain; charset=utf-8']);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });
});
