/** What a sweep file asks of an agent while a trial runs: limits, retries, collection. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, root, startCluster } from '../support/cluster.js';
import { processesWith } from '../support/processes.js';
import { gridOf } from '../support/programs.js';

describe('a sweep file', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
    cluster.startAgent({ slots: 2 });
  });
  afterAll(() => cluster.stop());

  const run = async (yaml: string) => {
    const { id } = await cluster.create(yaml);
    return { sweep: await cluster.finished(id), trials: await cluster.trials(id) };
  };

  it('with `timeout` ends a trial that takes longer, with all of its processes, and says so', async () => {
    const program = `
report({ loss: 1 });
require('child_process').spawn('setsid', ['sleep', '600'], { stdio: 'ignore', detached: true });
nap(600000);`;
    const { trials } = await run(gridOf(program, 'timeout: 1s'));
    expect(trials).toMatchObject([{ state: 'failed', attempts: 1, reason: expect.stringContaining('longer than the time limit of 1 s') }]);
    expect(processesWith(`SWEEP_TRIAL=${trials[0]!.id}`)).toEqual([]);
  });

  it('with `timeout` among the causes of `retry` tries such a trial again', async () => {
    const { sweep, trials } = await run(
      gridOf('report({ loss: attempt }); if (attempt === 1) nap(600000);', 'timeout: 1s\nretry: {max: 1, on: [timeout], backoff: 0.1s}'),
    );
    expect(sweep.state).toBe('completed');
    expect(trials).toMatchObject([{ state: 'completed', attempts: 2, objective: 2 }]);
  });

  it('with `retry` tries the causes that it names as often as it says, and no others', async () => {
    const program = 'report({ loss: attempt }); if (params.x === 1 && attempt < 3) process.exit(3); if (params.x === 2) process.exit(4);';
    const { trials } = await run(gridOf(program, 'retry: {max: 2, on: [{exit: [3]}], backoff: 0.1s}', [1, 2]));
    expect(trials.find(({ params }) => params['x'] === 1)).toMatchObject({ state: 'completed', attempts: 3, objective: 3 });
    expect(trials.find(({ params }) => params['x'] === 2)).toMatchObject({ state: 'failed', attempts: 1 });
    const { items } = await cluster.client.trialAttempts(trials.find(({ params }) => params['x'] === 1)!.id);
    expect(items.map(({ exitCode, counted }) => [exitCode, counted])).toEqual([
      [3, false],
      [3, false],
      [0, true],
    ]);
  });

  it('with `retry` gives up after the last allowed attempt', async () => {
    const { trials } = await run(gridOf('process.exit(3)', 'retry: {max: 1, on: [{exit: [3]}], backoff: 0.1s}'));
    expect(trials).toMatchObject([{ state: 'failed', attempts: 2 }]);
  });

  it('with `collect.stdout` takes metrics from what a program prints', async () => {
    const program = "for (let epoch = 1; epoch <= 3; epoch++) console.log('epoch ' + epoch + '/3 - loss: ' + 1 / epoch + ' - lr 1e-4');";
    const collect = "collect: {stdout: ['epoch (?<step>\\d+)/\\d+ - loss: (?<loss>\\S+)', 'lr (?<lr>\\S+)']}";
    const { trials } = await run(gridOf(program, collect));
    expect(trials).toMatchObject([{ state: 'completed', objective: 1 / 3, summary: { loss: 1 / 3, lr: 1e-4 } }]);
    const { series } = await cluster.client.trialMetrics(trials[0]!.id, { keys: ['loss', 'lr'], samples: 0 });
    expect(series['loss']).toMatchObject({ steps: [1, 2, 3], values: [1, 0.5, 1 / 3] });
    expect(series['lr']).toMatchObject({ steps: [0, 1, 2] });
  });

  it('with `collect.tensorboard` takes the scalars of event files, each trial its own', async () => {
    const program = `
import(${JSON.stringify(join(root, 'apps/agent/testing/events.mjs'))}).then(({ event, record, scalar }) => {
  fs.mkdirSync('runs/' + params.x, { recursive: true });
  const file = 'runs/' + params.x + '/events.out.tfevents.1700000000.box.' + process.pid + '.0';
  fs.writeFileSync(file, record(event(1, 0, scalar('other', 1))));
  for (let step = 0; step < 4; step++) fs.appendFileSync(file, record(event(1, step, scalar('loss', params.x / 2 ** step))));
});`;
    const { trials } = await run(gridOf(program, 'collect: {tensorboard: runs}', [8, 16]));
    for (const trial of trials) {
      const x = trial.params['x'] as number;
      expect(trial).toMatchObject({ state: 'completed', objective: x / 8 });
      const { series } = await cluster.client.trialMetrics(trial.id, { keys: ['loss'], samples: 0 });
      expect(series['loss']).toMatchObject({ steps: [0, 1, 2, 3], values: [x, x / 2, x / 4, x / 8] });
    }
  });
});
