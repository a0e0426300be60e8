/**
 * Things are killed with -9 in the middle of a sweep. Every grid point must still be done exactly once, no point may be missing,
 * and nothing may be left running; the cluster's `stop` holds the database to the invariants.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { processesWith } from '../support/processes.js';
import { redisServer } from '../support/redis.js';
import { until } from '../support/until.js';

/** Twenty steps of 50 ms; reports after each. */
const program = `
const fs = require('fs');
const { x } = JSON.parse(fs.readFileSync(process.env.SWEEP_PARAMS, 'utf8'));
const nap = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
for (let step = 0; step < 20; step++) {
  fs.appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ step, loss: x + 1 / (1 + step) }) + '\\n');
  nap(50);
}
`;

const points = 16;
const yaml = (extra = ''): string => `
method: grid
metric: {name: loss}
parameters:
  x: {values: [${Array.from({ length: points }, (_, index) => index).join(', ')}]}
command: [node, -e, ${JSON.stringify(program)}]
retry: {max: 3, on: [lost, signal]}
disconnect: {lost_after: 3s}
${extra}
`;

/** Scaled so that a loss is noticed within seconds. */
const settings = { SWEEP_LEASE_TTL: '3s', SWEEP_AGENT_SILENCE: '3s', SWEEP_CONTROLLER_HEARTBEAT: '1s' };

async function expectWhole(cluster: Cluster, id: string): Promise<void> {
  const sweep = await cluster.finished(id, 120_000);
  expect(sweep).toMatchObject({ state: 'completed', reason: 'exhausted', counts: { completed: points, failed: 0 } });
  const trials = await cluster.trials(id);
  expect(trials.map((trial) => trial.params['x'] as number).sort((a, b) => a - b)).toEqual(
    Array.from({ length: points }, (_, index) => index),
  );
  for (const trial of trials) {
    const { series } = await cluster.client.trialMetrics(trial.id, { keys: ['loss'], samples: 0 });
    expect(series['loss']?.steps, `steps of trial ${trial.number}`).toEqual(Array.from({ length: 20 }, (_, step) => step));
  }
}

/** Grants that were lost on the way make attempts that nobody ran; what must not happen is that two were run. */
async function expectRunOnce(cluster: Cluster, id: string): Promise<void> {
  for (const trial of await cluster.trials(id)) {
    const { items } = await cluster.client.trialAttempts(trial.id);
    const measured = await Promise.all(
      items.map(async ({ number }) => (await cluster.client.trialMetrics(trial.id, { attempt: number, samples: 0 })).series['loss']),
    );
    expect(
      measured.filter((series) => series !== undefined),
      `attempts of trial ${trial.number} that measured`,
    ).toHaveLength(1);
  }
}

const someDone = (cluster: Cluster, id: string, atLeast: number): Promise<unknown> =>
  until(async () => (await cluster.client.getSweep(id)).counts.completed >= atLeast, { what: `${atLeast} finished trials` });

describe('with -9 in the middle of a sweep', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ settings });
  });
  afterAll(() => cluster.stop());

  it('an agent that is started again adopts its children and loses no point', async () => {
    const agent = cluster.startAgent({ name: 'adopter', slots: 4 });
    const { id } = await cluster.create(yaml());
    await someDone(cluster, id, 3);
    agent.kill('SIGKILL');
    await agent.ended;
    cluster.startAgent({ name: 'adopter', slots: 4, workdir: agent.workdir });
    await expectWhole(cluster, id);
    await expectRunOnce(cluster, id);
  });

  it('an agent that never returns: its trials go to another', async () => {
    const victim = cluster.startAgent({ name: 'victim', slots: 2 });
    const { id } = await cluster.create(yaml());
    await someDone(cluster, id, 3);
    victim.kill('SIGKILL');
    await victim.ended;
    // The machine is gone, not only the agent.
    for (const { pid } of processesWith(victim.workdir)) process.kill(pid, 'SIGKILL');
    await expectWhole(cluster, id);
  });

  it('a training program: the trial is tried again when the file says so', async () => {
    const { id } = await cluster.create(yaml());
    await someDone(cluster, id, 2);
    const programs = await until(() => trainingPrograms(cluster.folder), { what: 'running programs' });
    process.kill(programs[0]!, 'SIGKILL');
    await expectWhole(cluster, id);
    expect((await cluster.trials(id)).some((trial) => trial.attempts === 2)).toBe(true);
  });

  it('the controller: agents go on and everything arrives', async () => {
    const { id } = await cluster.create(yaml());
    await someDone(cluster, id, 3);
    cluster.controller.kill('SIGKILL');
    await cluster.controller.ended;
    await cluster.startController();
    await expectWhole(cluster, id);
    await expectRunOnce(cluster, id);
  });
});

describe('with Redis flushed in the middle of a sweep', () => {
  it('every trial is still run once', async ({ skip }) => {
    const redis = await redisServer();
    if ('skip' in redis) return skip(redis.skip);
    const cluster = await startCluster({ settings, redisUrl: redis.url });
    try {
      cluster.startAgent({ slots: 3 });
      const { id } = await cluster.create(yaml());
      await someDone(cluster, id, 3);
      await redis.flush();
      await someDone(cluster, id, 7);
      await redis.flush();
      await expectWhole(cluster, id);
    } finally {
      await cluster.stop();
      await redis.stop();
    }
  });
});

/** Pids of node programs that run under a trial's environment, newest last. */
function trainingPrograms(folder: string): readonly number[] | undefined {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isTraining(pid, folder));
  return pids.length > 0 ? pids : undefined;
}

function isTraining(pid: number, folder: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return (
      environment.includes('SWEEP_METRICS=') && environment.includes(folder) && command[0]?.endsWith('node') === true && command[1] === '-e'
    );
  } catch {
    return false;
  }
}
