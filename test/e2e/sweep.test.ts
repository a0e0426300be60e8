/** The main path: a file in, programs run, metrics back, a best trial out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

/** Reports `loss` = (x - 3)² over three steps, in plain shell and Python-free. */
const program = `
const fs = require('fs');
const params = JSON.parse(fs.readFileSync(process.env.SWEEP_PARAMS, 'utf8'));
for (let step = 0; step < 3; step++) {
  fs.appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ step, loss: (params.x - 3) ** 2 + (2 - step) }) + '\\n');
}
console.log('x is ' + params.x);
`;

const grid = (extra = ''): string => `
method: grid
metric: {name: loss, goal: minimize}
parameters:
  x: {values: [1, 2, 3, 4, 5, 6]}
command: [node, -e, ${JSON.stringify(program)}]
${extra}
`;

describe('a sweep on two agents', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
    cluster.startAgent();
    cluster.startAgent({ slots: 2 });
  });
  afterAll(() => cluster.stop());

  it('runs every grid point once and finds the best', async () => {
    const { id } = await cluster.create(grid());
    const sweep = await cluster.finished(id);
    expect(sweep).toMatchObject({
      state: 'completed',
      reason: 'exhausted',
      counts: { completed: 6 },
      best: { value: 0, params: { x: 3 } },
    });
    const trials = await cluster.trials(id);
    expect(trials.map((trial) => trial.params['x']).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(trials.every((trial) => trial.attempts === 1)).toBe(true);
  });

  it('keeps every point and the console output', async () => {
    const { id } = await cluster.create(grid());
    await cluster.finished(id);
    const metrics = await cluster.client.trialMetrics(`${id}#1`, { keys: ['loss'], samples: 0 });
    expect(metrics.series['loss']).toMatchObject({ steps: [0, 1, 2], values: [6, 5, 4] });
    const log = await until(
      async () => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of cluster.client.trialLogs(`${id}#1`, { stream: 'stdout' })) chunks.push(chunk);
        return Buffer.concat(chunks).toString() || undefined;
      },
      { what: 'the output to arrive' },
    );
    expect(log).toBe('x is 1\n');
  });

  it('shows a sweep and one of its trials on the command line', async () => {
    const { id } = await cluster.create(grid());
    await cluster.finished(id);
    expect((await cluster.sweep(['show', id])).stdout).toContain('completed (exhausted)');
    const trial = await cluster.sweep(['show', `${id}#3`]);
    expect(trial).toMatchObject({ code: 0 });
    expect(trial.stdout).toContain(`trial      ${id}#3`);
    expect(trial.stdout).toContain('params     x=3');
    const { items: agents } = await cluster.client.listAgents();
    const names = agents.map(({ name }) => name).join('|');
    expect(trial.stdout).toMatch(new RegExp(`^attempts   1 on (${names}): exit code 0$`, 'm'));
    expect(trial.stdout).toContain('why        proposed: ');
    expect((await cluster.sweep(['show', 'zzzzzzzz'])).code).toBe(3);
  });

  it('stops at the cap', async () => {
    const { id } = await cluster.create(grid('run_cap: 2'));
    const sweep = await cluster.finished(id);
    expect(sweep).toMatchObject({ state: 'completed', reason: 'budget', counts: { completed: 2 } });
  });

  it('ends when a trial reaches the target', async () => {
    const yaml = grid().replace('goal: minimize', 'goal: minimize, target: 0');
    const { id } = await cluster.create(yaml);
    const sweep = await cluster.finished(id);
    expect(sweep).toMatchObject({ state: 'completed', reason: 'target' });
  });

  it('says what was logged when the objective is missing', async () => {
    const { id } = await cluster.create(grid().replace('name: loss', 'name: val_loss'));
    const sweep = await cluster.finished(id);
    expect(sweep.state).toBe('failed');
    const [trial] = await cluster.trials(id);
    expect(trial).toMatchObject({ state: 'failed', reason: 'you logged `loss`; the sweep wants `val_loss`' });
  });

  it('pauses, resumes and cancels', async () => {
    const slow = grid().replace(
      "console.log('x is '",
      "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000); console.log('x is '",
    );
    const { id } = await cluster.create(slow);
    await until(async () => (await cluster.client.getSweep(id)).counts.running === 3, { what: 'three running trials' });
    await cluster.client.commandSweep(id, 'pause');
    expect((await cluster.client.getSweep(id)).state).toBe('paused');
    await cluster.client.commandSweep(id, 'resume');
    await cluster.client.commandSweep(id, 'cancel');
    const sweep = await cluster.finished(id);
    expect(sweep).toMatchObject({ state: 'cancelled', counts: { running: 0, queued: 0 } });
    await expect(cluster.client.commandSweep(id, 'pause')).rejects.toThrow(/is cancelled/);
  });

  it('what was just deleted is not collected, and the command line says so', async () => {
    const { id } = await cluster.create(gridOf('report({ loss: 1 });'));
    await cluster.finished(id);
    await cluster.client.removeSweep(id);
    for (const [args, said] of [
      [['gc', '--dry-run'], /^would give back: 0 deleted sweeps, /],
      [['gc'], /^gave back: 0 deleted sweeps, .*, 0 leftovers of cut uploads$/m],
    ] as const)
      expect(await cluster.sweep(args)).toMatchObject({ code: 0, stdout: expect.stringMatching(said) });
    expect(JSON.parse((await cluster.sweep(['gc', '--json'])).stdout)).toMatchObject({ sweeps: 0, runs: 0 });
  });

  it('refuses a bad file with every finding and creates nothing', async () => {
    const before = (await cluster.client.listSweeps()).total;
    await expect(cluster.create('method: grid\nparameters:\n  a: {min: 3, max: 1}\n')).rejects.toThrow(/refused/);
    expect((await cluster.client.listSweeps()).total).toBe(before);
  });
});
