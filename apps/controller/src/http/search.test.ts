import { bestView, oneTrialView, searchLogView } from '@sweep/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, createSweep, random, startTestApp, type TestApp } from '../../testing/app.js';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const bayes = `method: bayes
metric: {name: loss, goal: minimize}
seed: 18446744073709551615
parameters:
  lr: {min: 0.0, max: 1.0}
  bs: {distribution: q_uniform, min: 8, max: 64, q: 8.0}
`;

const get = async (path: string, query: Record<string, string> = {}) => (await app.call('GET', `${base}${path}`, { query })).json();

/** Asks for so many trials and tells all but the last. */
async function search(config: string, count: number): Promise<string> {
  const sweep = await createSweep(app, config);
  for (let n = 1; n <= count; n++) {
    const { trials } = (await app.call('POST', `${base}/sweeps/${sweep}/ask`, { body: { count: 1 } })).json() as {
      trials: { id: string; params: { lr: number } }[];
    };
    if (n < count) await app.call('POST', `${base}/trials/${trials[0]!.id}/tell`, { body: { value: trials[0]!.params.lr } });
  }
  return sweep;
}

describe('a search that learns', () => {
  it('says of a trial from what it was proposed, and why', async () => {
    const sweep = await search(bayes, 10);
    const { proposal } = oneTrialView.parse(await get(`/trials/${sweep}%239`));
    expect(proposal).toMatchObject({ index: 8, revision: 1, samplerVersion: expect.any(Number) });
    expect(proposal!.asOf).toBeGreaterThanOrEqual(7);
    expect(proposal!.near.length).toBeGreaterThan(0);
    expect(proposal!.near.every((number) => number < 9)).toBe(true);
  });

  it('recommends one of its finished trials', async () => {
    const sweep = await search(bayes, 8);
    const { items, recommended } = bestView.parse(await get(`/sweeps/${sweep}/best`, { limit: '1' }));
    expect(items).toHaveLength(1);
    expect(recommended).toMatchObject({ sweep, state: 'completed' });
  });

  it('gives the log from which all of it can be computed again, page by page', async () => {
    const sweep = await search(bayes, 6);
    const page = searchLogView.parse(await get(`/sweeps/${sweep}/search-log`, { limit: '4' }));
    expect(page).toMatchObject({ seed: '18446744073709551615', priors: [], total: expect.any(Number) });
    const next = searchLogView.parse(await get(`/sweeps/${sweep}/search-log`, { limit: '4', cursor: page.nextCursor! }));
    const all = [...page.items, ...next.items];
    expect(all.slice(0, 6).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(all[0]).toMatchObject({ origin: 'sampler', state: 'completed', observed: 1, values: [all[0]!.params['lr']] });
    expect(all[5]).toMatchObject({ state: 'live', observed: null, values: [], proposal: { index: 5 } });
  });

  it('keeps whole floats whole in the log', async () => {
    const sweep = await search(bayes, 2);
    const { body } = await app.call('GET', `${base}/sweeps/${sweep}/search-log`);
    expect(body).toMatch(/"bs":\s*\d+\.0/);
  });
});

describe('several objectives and a limit', () => {
  const several = `method: bayes
metrics:
  - {name: loss, goal: minimize}
  - {name: acc, goal: maximize}
  - {name: ms, constraint: '<= 50'}
seed: 5
parameters: {lr: {min: 0.0, max: 1.0}}
`;

  /** One trial for each result. */
  async function tellAll(results: readonly (readonly [loss: number, acc: number, ms: number | null])[]): Promise<string> {
    const sweep = await createSweep(app, several);
    for (const [loss, acc, ms] of results) {
      const { trials } = (await app.call('POST', `${base}/sweeps/${sweep}/ask`)).json() as { trials: { id: string }[] };
      const trial = `${base}/trials/${trials[0]!.id}`;
      if (ms !== null) await app.call('POST', `${trial}/report`, { body: { metrics: { ms } } });
      expect((await app.call('POST', `${trial}/tell`, { body: { values: [loss, acc] } })).statusCode).toBe(200);
    }
    return sweep;
  }

  it('have the Pareto set of the trials that keep the limit as the best, which is never cut unless asked for', async () => {
    const better = Array.from({ length: 12 }, (_, index) => [index, index, 50] as const);
    const sweep = await tellAll([...better, [-5, 99, 51], [-5, 99, null], [3, 2, 10]]);
    const best = bestView.parse(await get(`/sweeps/${sweep}/best`));
    expect(best.items.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(best.items[1]).toMatchObject({ objective: [1, 1], limits: [{ name: 'ms', value: 50, kept: true }] });
    expect(best.recommended).toBeNull();
    expect((await get(`/sweeps/${sweep}/pareto`)).items).toEqual(best.items);
    expect((await get(`/sweeps/${sweep}/best`, { limit: '2' })).items).toHaveLength(2);
    const shown = await get(`/sweeps/${sweep}`);
    expect(shown).toMatchObject({ best: { trial: 1, value: 0 }, limits: [{ name: 'ms', keep: 'below', bound: 50 }] });
    expect((await get(`/trials/${sweep}%2314`)).limits).toEqual([{ name: 'ms', value: null, kept: false }]);
  });

  it('have no best while no trial keeps the limit', async () => {
    const sweep = await tellAll([[1, 1, 60]]);
    expect(await get(`/sweeps/${sweep}/best`)).toMatchObject({ items: [], recommended: null });
    expect(await get(`/sweeps/${sweep}`)).toMatchObject({ best: null, counts: { completed: 1 } });
  });

  it('have what was measured in the log', async () => {
    const sweep = await tellAll([
      [1, 2, 30],
      [3, 4, null],
    ]);
    const { items } = searchLogView.parse(await get(`/sweeps/${sweep}/search-log`));
    expect(items.slice(0, 2)).toMatchObject([
      { values: [1, 2], limits: [30] },
      { values: [3, 4], limits: [null] },
    ]);
  });
});

describe('a search that does not', () => {
  it('recommends nothing, and its log says which cursor each trial came from', async () => {
    const sweep = await search(random, 3);
    expect(await get(`/sweeps/${sweep}/best`)).toMatchObject({ recommended: null });
    const { items } = searchLogView.parse(await get(`/sweeps/${sweep}/search-log`));
    expect(items.every(({ observed, proposal }) => observed === null && proposal?.asOf === 0)).toBe(true);
  });
});

it('a sweep that is not there has no log', async () => {
  expect((await app.call('GET', `${base}/sweeps/nothing1/search-log`)).statusCode).toBe(404);
});
