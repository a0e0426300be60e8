/** The runnable examples are promises: each is created as a user would and must end as its README says. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, root, startCluster } from '../support/cluster.js';

const python = spawnSync('python3', ['--version']).status === 0;

describe('the example', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
    cluster.startAgent({ slots: 2, cwd: root });
  });
  afterAll(() => cluster.stop());

  const run = async (name: string, file = 'sweep.yaml') => {
    const { id } = await cluster.create(await readFile(join(root, 'sweeps', name, file), 'utf8'));
    return cluster.finished(id, 90_000);
  };

  it('shell finds its metrics in the output', async () => {
    const sweep = await run('shell');
    expect(sweep).toMatchObject({ state: 'completed', counts: { failed: 0 } });
    expect(sweep.best?.value).toEqual(expect.any(Number));
  });

  it('python-any needs nothing but Python', async ({ skip }) => {
    if (!python) skip('python: python3 is not on PATH');
    expect(await run('python-any')).toMatchObject({ state: 'completed', counts: { completed: 10, failed: 0 } });
  });

  it('conditional gives each trial only the params that exist in it', async () => {
    const sweep = await run('conditional');
    expect(sweep).toMatchObject({ state: 'completed', counts: { failed: 0 } });
    const trials = await cluster.trials(sweep.id);
    expect(new Set(trials.map((trial) => Object.keys(trial.params).sort().join())).size).toBeGreaterThan(1);
  });

  it('iris trains a network on real data (two points of its grid)', async () => {
    const few = ['--set', 'parameters.lr.values=[0.05]', '--set', 'parameters.units.values=[8]'];
    const created = await cluster.sweep(['create', 'sweeps/iris/sweep.yaml', '--json', ...few], { cwd: root });
    expect(created).toMatchObject({ code: 0 });
    const { id } = JSON.parse(created.stdout) as { id: string };
    const sweep = await cluster.finished(id, 90_000);
    expect(sweep).toMatchObject({ state: 'completed', reason: 'exhausted', counts: { completed: 2, failed: 0 } });
    // Guessing costs ln 3 = 1.1.
    expect(sweep.best?.value).toBeLessThan(0.9);
  });

  it('flaky is tried again for the causes that it names', async () => {
    const sweep = await run('flaky');
    expect(sweep).toMatchObject({ state: 'completed', counts: { completed: 6, failed: 2 } });
    expect((await cluster.trials(sweep.id)).some((trial) => trial.attempts > 1)).toBe(true);
  });
});
