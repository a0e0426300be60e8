/** Two controllers on one database, agents on each: they share the work and the say, and never do a thing twice. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, createClient } from '@sweep/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, root, startCluster } from '../support/cluster.js';
import { type Started, start } from '../support/processes.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

describe('two controllers on one database', () => {
  let cluster: Cluster;
  let second: Started;
  let other: Client;
  beforeAll(async () => {
    cluster = await startCluster();
    second = start('node', [join(root, 'apps/controller/bundle/main.js'), '--port', '0', '--grpc-port', '0'], {
      cwd: cluster.folder,
      env: { HOME: cluster.folder, SWEEP_DATA_DIR: join(cluster.folder, 'second'), SWEEP_DATABASE_URL: cluster.databaseUrl },
    });
    const { url } = await until(() => readyIn(second.stdout()), {
      what: 'the second controller',
      seen: () => second.stderr().slice(-1000),
    });
    other = createClient({ url, key: cluster.key });
    for (const name of ['a1', 'a2']) cluster.startAgent({ name, slots: 2 });
    for (const name of ['b1', 'b2']) cluster.startAgent({ name, slots: 2, args: ['--url', url] });
    await until(async () => (await other.listAgents()).items.length === 4, { what: 'four agents' });
  });
  afterAll(async () => {
    second.kill('SIGTERM');
    await second.ended;
    await cluster.stop();
  });

  it('make no second first key', () => {
    expect(second.stdout()).not.toContain('first-key');
  });

  it('run each point once, on agents of both', async () => {
    const points = Array.from({ length: 32 }, (_, index) => index);
    // Each execution leaves a line, whichever attempt it was.
    const program = "fs.appendFileSync('executions', params.x + '\\n'); nap(100); report({ loss: params.x });";
    const { id } = await cluster.create(gridOf(program, '', points));
    expect(await cluster.finished(id)).toMatchObject({ state: 'completed', counts: { completed: 32, failed: 0 } });
    const executed = readFileSync(join(cluster.folder, 'executions'), 'utf8').trim().split('\n').map(Number);
    expect(executed.sort((a, b) => a - b)).toEqual(points);
    const trials = await cluster.trials(id);
    expect(trials.map(({ params }) => params['x']).sort((a, b) => Number(a) - Number(b))).toEqual(points);
    expect(trials.every(({ attempts }) => attempts === 1)).toBe(true);
    const names = new Map((await other.listAgents()).items.map((agent) => [agent.id, agent.name]));
    const controllers = new Set(trials.map(({ agent }) => names.get(agent!)?.[0]));
    expect([...controllers].sort()).toEqual(['a', 'b']);
  });

  it('answer alike', async () => {
    const [here, there] = await Promise.all([cluster.client.listSweeps(), other.listSweeps()]);
    const bare = ({ url: _, ...rest }: { url: string }) => rest;
    expect(there.items.map(bare)).toEqual(here.items.map(bare));
  });

  it('pass a word on to agents of the other', async () => {
    const { id } = await cluster.create(gridOf('report({ loss: 1 }); nap(600000);', '', [1, 2, 3, 4, 5, 6, 7, 8]));
    await until(async () => (await other.getSweep(id)).counts.running === 8, { what: 'eight running trials' });
    await other.commandSweep(id, 'cancel');
    expect(await cluster.finished(id)).toMatchObject({ state: 'cancelled', counts: { cancelled: 8, running: 0 } });
  });
});

interface Line {
  readonly event: string;
  readonly url: string;
}

const readyIn = (stdout: string): Line | undefined =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
    .find(({ event }) => event === 'ready');
