/** A search that learns, on real processes: whatever is killed, every proposal can be computed again from the log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { until } from '../support/until.js';

/** Nine steps, so that early stopping has something to decide; the loss has its minimum at lr = 0.01, width = 3. */
const program = `
const fs = require('fs');
const params = JSON.parse(fs.readFileSync(process.env.SWEEP_PARAMS, 'utf8'));
const loss = (Math.log10(params.lr) + 2) ** 2 + (params.width - 3) ** 2 / 10 + (params.act === 'relu' ? 0 : 0.5);
const nap = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
for (let step = 0; step < 9; step++) {
  fs.appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ step, loss: loss + 1 / (1 + step) }) + '\\n');
  nap(20);
}
`;

const cap = 30;
const yaml = (extra = ''): string => `
method: bayes
metric: {name: loss, goal: minimize}
seed: 11
parameters:
  lr: {distribution: log_uniform_values, min: 0.0001, max: 1.0}
  width: {distribution: q_uniform, min: 1, max: 8}
  act: {values: [relu, tanh]}
early_terminate: {type: hyperband, min_iter: 3}
run_cap: ${cap}
command: [node, -e, ${JSON.stringify(program)}]
${extra}
`;

interface Replayed {
  readonly proposals: number;
  readonly difference: object | null;
}

describe('a sweep that learns', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ settings: { SWEEP_LEASE_TTL: '3s', SWEEP_AGENT_SILENCE: '3s', SWEEP_CONTROLLER_HEARTBEAT: '1s' } });
    cluster.startAgent({ slots: 2 });
    cluster.startAgent();
  });
  afterAll(() => cluster.stop());

  const replay = async (id: string): Promise<{ readonly code: number | string; readonly replayed: Replayed }> => {
    const { code, stdout, stderr } = await cluster.sweep(['replay', id, '--json']);
    if (stdout === '') throw new Error(stderr);
    return { code, replayed: JSON.parse(stdout) as Replayed };
  };

  it('is computed again from its log without a difference, although the controller was killed with -9', async () => {
    const { id } = await cluster.create(yaml());
    for (const ended of [8, 16]) {
      await until(async () => (await ends(cluster, id)) >= ended, { what: `${ended} ended trials` });
      cluster.controller.kill('SIGKILL');
      await cluster.controller.ended;
      await cluster.startController();
    }
    const sweep = await cluster.finished(id, 100_000);
    expect(sweep).toMatchObject({ state: 'completed', reason: 'budget', counts: { failed: 0 } });
    expect(await ends(cluster, id)).toBe(cap);
    expect(await replay(id)).toMatchObject({ code: 0, replayed: { proposals: cap, difference: null } });
    expect((await cluster.sweep(['replay', id])).stdout).toBe(`${cap} proposals, no difference\n`);
  });

  it('learns from what somebody else adds and from prior runs, and is computed again', async () => {
    const first = await cluster.create(yaml().replace(`run_cap: ${cap}`, 'run_cap: 6'));
    await cluster.finished(first.id);
    const runs = (await cluster.trials(first.id)).map(({ id }) => id);
    const { id } = await cluster.client.createSweep({ config: yaml().replace(`run_cap: ${cap}`, 'run_cap: 12'), priorRuns: runs });
    await cluster.sweep(['enqueue', id, 'lr=0.01', 'width=3.0', 'act=relu']);
    await cluster.finished(id);
    const log = await cluster.client.searchLog(id);
    expect(log.priors.map(({ number }) => number)).toEqual([-1, -2, -3, -4, -5, -6]);
    expect(log.items.filter(({ origin }) => origin === 'enqueued')).toHaveLength(1);
    const { code, replayed } = await replay(id);
    expect([code, replayed.difference]).toEqual([0, null]);
    expect(replayed.proposals).toBe(log.items.filter(({ origin }) => origin === 'sampler').length);
  });

  it('says of each trial why it was chosen, and what it recommends', async () => {
    const { id } = await cluster.create(yaml().replace(`run_cap: ${cap}`, 'run_cap: 14'));
    await cluster.finished(id);
    const last = await cluster.client.getTrial(`${id}#14`);
    expect(last.proposal).toMatchObject({ arm: expect.any(String), intent: expect.stringMatching(/^explor|^exploit/), index: 13 });
    const shown = (await cluster.sweep(['show', `${id}#14`])).stdout;
    expect(shown).toMatch(/proposal +\w+/);
    expect(shown).toContain('nearest earlier trials: ');
    const best = await cluster.client.bestTrials(id, 1);
    expect(best.recommended?.state).toBe('completed');
    expect((await cluster.sweep(['best', id])).stderr).toContain(`the model prefers trial ${best.recommended!.number}`);
  });
});

async function ends(cluster: Cluster, id: string): Promise<number> {
  const { counts } = await cluster.client.getSweep(id);
  return counts.completed + counts.pruned;
}
