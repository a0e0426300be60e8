/** Everything a search can be asked for at once, on real processes: two objectives, a limit, early stopping, prior knowledge. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';

/** Small models are fast and bad: `width` trades `loss` against `mb`, and more than 60 of `ms` is too slow. */
const program = `
const fs = require('fs');
const { lr, width } = JSON.parse(fs.readFileSync(process.env.SWEEP_PARAMS, 'utf8'));
const loss = (Math.log10(lr) + 2) ** 2 + 4 / width;
const nap = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
for (let step = 0; step < 9; step++) {
  const point = { step, loss: loss * (1 + 1 / (1 + step)), mb: 10 * width, ms: 12 * width + step };
  fs.appendFileSync(process.env.SWEEP_METRICS, JSON.stringify(point) + '\\n');
  nap(15);
}
`;

const cap = 36;
const config = `
method: bayes
metrics:
  - {name: loss, goal: minimize}
  - {name: mb, goal: minimize}
  - {name: ms, constraint: '<= 60'}
seed: 23
parameters:
  lr: {distribution: log_uniform_values, min: 0.0001, max: 1.0, prior: {around: 0.01, confidence: low}}
  width: {distribution: q_uniform, min: 1, max: 8}
early_terminate: {type: hyperband, min_iter: 3}
run_cap: ${cap}
command: [node, -e, ${JSON.stringify(program)}]
`;

describe('two objectives, a limit and early stopping', () => {
  let cluster: Cluster;
  let id: string;
  beforeAll(async () => {
    cluster = await startCluster();
    cluster.startAgent({ slots: 2 });
    cluster.startAgent();
    ({ id } = await cluster.create(config));
    expect(await cluster.finished(id, 110_000)).toMatchObject({ state: 'completed', reason: 'budget', counts: { failed: 0 } });
  });
  afterAll(() => cluster.stop());

  const ok = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await cluster.sweep(args);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };

  it('are computed again from the log without a difference: limits and ways stand in it', async () => {
    expect(await ok('replay', id)).toBe(`${cap} proposals, no difference\n`);
    const { items } = await cluster.client.searchLog(id, { limit: 1000 });
    const whole = items.filter(({ state }) => state === 'completed');
    expect(whole.length).toBeGreaterThan(5);
    for (const { params, limits, curve } of whole) {
      const { width } = params as { width: { value: number } };
      expect(limits).toEqual([12 * width.value + 8]);
      expect(curve!.map(([place]) => place)).toEqual([3, 9]);
    }
    // Stopped at the first band, or on the way to the second.
    for (const { curve, limits } of items.filter(({ state }) => state === 'pruned')) {
      expect(curve!.length).toBeGreaterThan(0);
      expect(limits![0]).toEqual(expect.any(Number));
    }
  });

  it('have as the best what no other beats within the limit', async () => {
    const { items } = await cluster.client.bestTrials(id);
    const completed = (await cluster.trials(id)).filter(({ state }) => state === 'completed');
    const within = completed.filter(({ limits }) => limits[0]!.kept);
    const pair = ({ objective }: (typeof completed)[number]): readonly number[] => [objective].flat().map(Number);
    const beaten = (one: (typeof completed)[number]): boolean =>
      within.some(
        (other) => pair(other).every((value, at) => value <= pair(one)[at]!) && pair(other).some((value, at) => value < pair(one)[at]!),
      );
    expect(items.map(({ number }) => number).sort()).toEqual(
      within
        .filter((one) => !beaten(one))
        .map(({ number }) => number)
        .sort(),
    );
    expect(items.length).toBeGreaterThan(1);
    const table = (await ok('best', id)).split('\n');
    expect(table[0]).toMatch(/loss \(min\) +mb \(min\) +ms <= 60 +PARAMS/);
    expect(table.filter((line) => line.includes('completed'))).toHaveLength(items.length);
  });

  it('stay within the limit once that is learnt', async () => {
    const late = (await cluster.trials(id)).filter(({ number }) => number > cap / 2);
    const within = late.filter(({ params }) => Number((params as { width: { value: number } }).width.value) <= 4);
    // Blind to the limit the same search keeps to it in three of five.
    expect(within.length).toBeGreaterThan(0.8 * late.length);
  });

  it('show which parameters matter, and what 20 more trials would bring', async () => {
    const { items, outlook, notes } = await cluster.client.importance(id);
    expect(items.map(({ param }) => param).sort()).toEqual(['lr', 'width']);
    for (const { share, low, high } of items) expect(low! <= share! && share! <= high!).toBe(true);
    expect(outlook).toMatchObject({ trials: 20 });
    expect(outlook!.low).toBeLessThanOrEqual(outlook!.high);
    expect(notes).toEqual([]);
    const shown = await ok('show', id);
    expect(shown).toMatch(/objective +minimize loss\n +minimize mb\nlimits +ms <= 60\n/);
    expect(shown).toMatch(/importance +(lr|width): \d+ %/);
    expect(shown).toMatch(/outlook +20 more trials: /);
  });
});
