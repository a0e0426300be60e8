/** Programs, lines and machines that are hard to live with: what they do costs neither the agent's memory nor a single point. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

/** MiB: the most that a process ever held. */
const peakOf = (pid: number): number => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
/** Of a busy machine. */
const patience = 110_000;
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** From the offset on. */
async function printedBytes({ client }: Cluster, trial: string, offset: number): Promise<number> {
  let bytes = 0;
  for await (const part of client.trialLogs(trial, { stream: 'stdout', offset })) bytes += part.length;
  return bytes;
}

describe('a training program that', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  it('names ten thousand metrics is kept whole', async () => {
    const agent = cluster.startAgent({ args: ['--count', '1'] });
    const program = `
for (let step = 0; step < 2; step++)
  report({ step, loss: 1, ...Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => ['layer/' + i, i + step])) });`;
    const { id } = await cluster.create(gridOf(program));
    await cluster.finished(id, patience);
    await agent.ended;
    const [trial] = await cluster.trials(id);
    expect(trial).toMatchObject({ state: 'completed', attempts: 1 });
    const { series } = await cluster.client.trialMetrics(trial!.id, { samples: 0 });
    expect(Object.keys(series)).toHaveLength(10_001);
    const wrong = upTo(10_000).filter((i) => [0, 1].some((step) => series[`layer/${i}`]?.values[step] !== i + step));
    expect(wrong).toEqual([]);
  });

  it('writes a line of 100 MB costs the agent no memory, and no other line', async () => {
    const agent = cluster.startAgent();
    const program = `
report({ step: 0, loss: 2 });
const block = Buffer.alloc(1024 * 1024, 'x');
fs.appendFileSync(env.SWEEP_METRICS, '{"noise": "');
for (let i = 0; i < 100; i++) fs.appendFileSync(env.SWEEP_METRICS, block);
fs.appendFileSync(env.SWEEP_METRICS, '"}\\n');
report({ step: 1, loss: 1 });
for (let i = 0; i < 100; i++) fs.writeSync(1, block);`;
    const { id } = await cluster.create(gridOf(program));
    await until(() => agent.stderr().includes('started'), { what: 'the program to start' });
    const before = peakOf(agent.pid);
    await cluster.finished(id);
    const [trial] = await cluster.trials(id);
    expect(trial).toMatchObject({ state: 'completed', attempts: 1 });
    const { series } = await cluster.client.trialMetrics(trial!.id, { samples: 0 });
    expect(series['loss']).toMatchObject({ steps: [0, 1], values: [2, 1] });
    // Output may come after the result.
    const all = 100 * 1024 * 1024;
    await until(async () => (await printedBytes(cluster, trial!.id, all - 1)) === 1, { what: 'all of the output', withinMs: patience });
    expect(await printedBytes(cluster, trial!.id, 0)).toBe(all);
    expect(peakOf(agent.pid) - before).toBeLessThan(100);
  });
});

describe('a machine on which every program fails', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  it('is quarantined after a few trials, named with the evidence, and costs none', async () => {
    cluster.startAgent({ name: 'bad-box', env: { BROKEN: 'yes' } });
    cluster.startAgent({ name: 'good-box' });
    await until(async () => (await cluster.client.listAgents()).items.length === 2, { what: 'both machines' });
    const program =
      "if (env.BROKEN) { console.error('ImportError: no module named torch'); process.exit(1); } nap(100); report({ loss: 1 });";
    const { id } = await cluster.create(gridOf(program, '', upTo(20)));
    expect(await cluster.finished(id, patience)).toMatchObject({ state: 'completed', counts: { completed: 20, failed: 0 } });
    const bad = await until(
      async () => (await cluster.client.listAgents()).items.find(({ name, quarantine }) => name === 'bad-box' && quarantine !== null),
      { what: 'the machine to be quarantined' },
    );
    const evidence = bad.quarantine?.evidence ?? [];
    expect(new Set(evidence.map(({ trial }) => trial)).size).toBeGreaterThanOrEqual(3);
    for (const one of evidence) expect(one).toMatchObject({ ranOn: 'good-box' });
    const all = await Promise.all((await cluster.trials(id)).map((trial) => cluster.client.trialAttempts(trial.id)));
    // Three are evidence; a few more may fail before the third of them has run elsewhere.
    expect(all.flatMap(({ items }) => items).filter(({ agent }) => agent === bad.id).length).toBeLessThan(10);
    const listed = await cluster.sweep(['agents', 'ls']);
    expect(listed.stdout).toMatch(/bad-box.*quarantined/);
  });
});
