/** What a sweep file asks of machines: GPUs, labels, shipped code, checkpoints that follow a trial, and life without the controller. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrialView } from '@sweep/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { fakeGpus } from '../support/gpus.js';
import { processesWith } from '../support/processes.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

describe('`resources`', () => {
  let cluster: Cluster;
  let uuids: readonly string[];
  beforeAll(async () => {
    cluster = await startCluster();
    const gpus = await fakeGpus(cluster.folder, { count: 4, memoryMiB: 40_960 });
    uuids = gpus.uuids;
    cluster.startAgent({ name: 'plain', slots: 2 });
    cluster.startAgent({ name: 'gpus', slots: 4, env: gpus.env, args: ['--gpus', 'all', '--label', 'rack=r1'] });
    await until(async () => (await cluster.client.listAgents()).items.length === 2, { what: 'both agents' });
  });
  afterAll(() => cluster.stop());

  /** Fails if another trial has one of its GPUs at this moment. */
  const visible = `
const gpus = (env.CUDA_VISIBLE_DEVICES ?? '').split(',').filter(Boolean);
for (const gpu of gpus) fs.mkdirSync('in-use-' + gpu);
report({ loss: gpus.length });
console.log(gpus.join(' '));
nap(300);
for (const gpu of gpus) fs.rmdirSync('in-use-' + gpu);`;
  const printed = async (trial: TrialView): Promise<string> => {
    let text = '';
    for await (const chunk of cluster.client.trialLogs(trial.id, { stream: 'stdout' })) text += Buffer.from(chunk).toString();
    return text.trim();
  };
  const run = async (resources: string, values?: readonly number[]): Promise<readonly TrialView[]> => {
    const { id } = await cluster.create(gridOf(visible, `resources: ${resources}`, values));
    await cluster.finished(id);
    return cluster.trials(id);
  };

  it('give a trial as many GPUs as it asks for, by UUID, and none of them to two trials at once', async () => {
    const trials = await run('{gpus: 2}', [1, 2, 3, 4, 5]);
    for (const trial of trials) {
      expect(trial).toMatchObject({ state: 'completed', objective: 2 });
      const gpus = await until(() => printed(trial), { what: 'the output' });
      expect(uuids).toEqual(expect.arrayContaining(gpus.split(' ')));
    }
  });

  it('are watched while they work: processors, memory, and each GPU as its driver tells', async () => {
    const told = await until(
      async () => {
        const { items } = await cluster.client.listAgents();
        const usages = new Map(items.map(({ name, usage }) => [name, usage]));
        return usages.get('plain')?.cpuPercent != null && usages.get('gpus')?.gpus.length === uuids.length ? usages : null;
      },
      { what: 'what the machines use' },
    );
    const gpu = { utilizationPercent: 7, memoryUsedBytes: 512 * 2 ** 20, temperatureCelsius: 41, powerWatts: 60.5 };
    expect(told.get('gpus')?.gpus).toEqual(uuids.map((uuid) => ({ uuid, ...gpu })));
    expect(told.get('plain')?.gpus).toEqual([]);
    expect(told.get('plain')).toMatchObject({ memoryUsedBytes: expect.any(Number), diskTotalBytes: expect.any(Number) });
  });

  it('with labels choose the machine', async () => {
    const trials = await run('{labels: {rack: r1}}', [1, 2, 3]);
    const { items } = await cluster.client.listAgents();
    const chosen = items.find(({ name }) => name === 'gpus')!;
    for (const trial of trials) {
      const attempts = await cluster.client.trialAttempts(trial.id);
      expect(attempts.items.map(({ agent }) => agent)).toEqual([chosen.id]);
    }
  });

  it.each([
    ['{gpus: 5}', /5 GPUs are needed|no GPU/],
    ['{gpus: 1, gpu_memory: 80GB}', /GPU memory|no GPU/],
    ['{labels: {rack: r2}}', /label rack=r2 is missing/],
    ['{memory: 100TB}', /memory/],
    ['{cpus: 9999}', /9999 CPUs are needed/],
  ])('%s, which nobody has, leave the trial waiting and say what is missing', async (resources, reason) => {
    const { id } = await cluster.create(gridOf(visible, `resources: ${resources}`));
    const trial = await until(async () => (await cluster.client.getTrial(`${id}#1`).catch(() => null))?.waitingFor, { what: 'a reason' });
    expect(trial).toMatch(reason);
    await cluster.client.commandSweep(id, 'cancel');
    await cluster.finished(id);
  });
});

describe('`code.ship`', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  it('runs the folder as it was when the sweep was created, on an agent that never saw it', async () => {
    const folder = join(cluster.folder, 'project');
    await mkdir(join(folder, 'lib'), { recursive: true });
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'lib/loss.cjs'), 'module.exports = (x) => x * 10;\n');
    await writeFile(join(folder, 'data/secret.txt'), 'not to be shipped\n');
    const train = `
const fs = require('fs');
const loss = require('./lib/loss.cjs');
const { x } = JSON.parse(fs.readFileSync(process.env.SWEEP_PARAMS, 'utf8'));
fs.appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ loss: loss(x), data: fs.existsSync('data/secret.txt') ? 1 : 0 }) + '\\n');
`;
    await writeFile(join(folder, 'train.cjs'), train);
    const yaml = `
method: grid
program: train.cjs
command: [node, '\${program}']
metric: {name: loss}
parameters: {x: {values: [1, 2]}}
code: {ship: true, exclude: ['data/**']}
`;
    await writeFile(join(folder, 'sweep.yaml'), yaml);
    const created = await cluster.sweep(['create', 'sweep.yaml', '--json'], { cwd: folder });
    expect(created).toMatchObject({ code: 0 });
    // What happens to the folder afterwards is nobody's business.
    await rm(folder, { recursive: true });
    const elsewhere = join(cluster.folder, 'elsewhere');
    await mkdir(elsewhere);
    cluster.startAgent({ cwd: elsewhere, slots: 2 });
    const { id } = JSON.parse(created.stdout) as { id: string };
    expect(await cluster.finished(id)).toMatchObject({ state: 'completed', best: { value: 10, params: { x: 1 } } });
    for (const trial of await cluster.trials(id))
      expect(trial.summary).toMatchObject({ loss: (trial.params['x'] as number) * 10, data: 0 });
  });
});

describe('an agent that is pinned to a folder', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  it('runs what lies there; anything else fails for that reason and never starts', async () => {
    const folder = join(cluster.folder, 'allowed');
    const traces = join(cluster.folder, 'traces');
    await mkdir(folder);
    await mkdir(traces);
    const train = "const fs = require('fs'); fs.appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ loss: 1 }) + '\\n');";
    await writeFile(join(folder, 'train.cjs'), train);
    cluster.startAgent({ cwd: folder, args: ['--allow-folder', folder, '--allow-program', 'node'] });
    const good = await cluster.create(gridOf('').replace(/command: .*/, 'command: [node, train.cjs]'));
    expect(await cluster.finished(good.id)).toMatchObject({ state: 'completed' });
    const bad = await cluster.create(gridOf(`fs.writeFileSync(${JSON.stringify(join(traces, 'ran'))}, '');`));
    await cluster.finished(bad.id);
    expect(await cluster.trials(bad.id)).toMatchObject([
      { state: 'failed', attempts: 1, reason: expect.stringMatching(/this agent does not run "node -e .*--allow-folder/s) },
    ]);
    expect(await readdir(traces)).toEqual([]);
  });
});

describe('a checkpoint', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  it('that one machine left is in the folder of the next attempt on another', async () => {
    const program = `
const path = env.SWEEP_CHECKPOINT_DIR + '/deep/state.json';
if (attempt === 1) {
  fs.mkdirSync(env.SWEEP_CHECKPOINT_DIR + '/deep');
  fs.writeFileSync(path, JSON.stringify({ step: 41, noise: 'x'.repeat(300000) }));
  process.exit(75);
}
report({ loss: JSON.parse(fs.readFileSync(path, 'utf8')).step + 1 });`;
    const { id } = await cluster.create(gridOf(program));
    const first = cluster.startAgent({ name: 'first', args: ['--count', '1'] });
    await first.ended;
    await rm(first.workdir, { recursive: true });
    cluster.startAgent({ name: 'second' });
    await cluster.finished(id);
    const [trial] = await cluster.trials(id);
    expect(trial).toMatchObject({ state: 'completed', attempts: 2, objective: 42 });
    const { items } = await cluster.client.trialAttempts(trial!.id);
    expect(new Set(items.map(({ agent }) => agent)).size).toBe(2);
  });
});

describe('while the controller is away', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster({ settings: { SWEEP_LEASE_TTL: '3s', SWEEP_AGENT_SILENCE: '3s', SWEEP_CONTROLLER_HEARTBEAT: '1s' } });
  });
  afterEach(() => cluster.stop());

  /** Goes on until a file appears; a second attempt does not wait. */
  const waiting = (go: string): string =>
    `report({ step: 0, loss: 1 }); while (attempt === 1 && !fs.existsSync(${JSON.stringify(go)})) nap(20); report({ step: 1, loss: 0 });`;
  const programsOf = async (id: string) => processesWith(`SWEEP_TRIAL=${(await cluster.trials(id))[0]?.id}`);

  it('`while_away: stop` ends the program before its lease can run out, and the trial is tried again', async () => {
    const go = join(cluster.folder, 'go');
    cluster.startAgent();
    const { id } = await cluster.create(gridOf(waiting(go), 'disconnect: {while_away: stop, lost_after: 3s}'));
    const [program] = await until(async () => ((await programsOf(id)).length > 0 ? programsOf(id) : null), { what: 'the program' });
    cluster.controller.kill('SIGKILL');
    await cluster.controller.ended;
    await until(() => processesWith('SWEEP_TRIAL=').every(({ pid }) => pid !== program!.pid), { what: 'the program to be ended' });
    await cluster.startController();
    await cluster.finished(id);
    expect(await cluster.trials(id)).toMatchObject([{ state: 'completed', attempts: 2, objective: 0 }]);
  });

  it('`while_away: continue` lets it go on, and what it measured meanwhile arrives', async () => {
    const go = join(cluster.folder, 'go');
    cluster.startAgent();
    const { id } = await cluster.create(gridOf(waiting(go), 'disconnect: {while_away: continue}'));
    await until(async () => (await programsOf(id)).length > 0, { what: 'the program' });
    const trial = (await cluster.trials(id))[0]!.id;
    cluster.controller.kill('SIGKILL');
    await cluster.controller.ended;
    await writeFile(go, '');
    await until(() => processesWith(`SWEEP_TRIAL=${trial}`).length === 0, { what: 'the program to end by itself' });
    await cluster.startController();
    await cluster.finished(id);
    expect(await cluster.trials(id)).toMatchObject([{ state: 'completed', attempts: 1, objective: 0 }]);
    const { series } = await cluster.client.trialMetrics(trial, { keys: ['loss'], samples: 0 });
    expect(series['loss']).toMatchObject({ steps: [0, 1], values: [1, 0] });
  });
});
