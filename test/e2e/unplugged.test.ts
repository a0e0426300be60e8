/** A machine whose cable is pulled: programs go on and what they measured waits on disk, and when its lease is lost meanwhile nothing counts twice. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrialView } from '@sweep/api';
import { type TcpProxy, tcpProxy } from '@sweep/protocol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, type RunningAgent, startCluster } from '../support/cluster.js';
import { processesWith } from '../support/processes.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

async function printed({ client }: Cluster, trial: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of client.trialLogs(trial, { stream: 'stdout' })) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('an agent that is unplugged', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  it('keeps what is measured on disk, in little room, and all of it arrives', async () => {
    const proxy = await tcpProxy(cluster.grpcPort);
    try {
      const go = join(cluster.folder, 'go');
      const program = `
let step = 0;
while (!fs.existsSync(${JSON.stringify(go)})) {
  fs.appendFileSync(env.SWEEP_METRICS, Array.from({ length: 250 }, () => JSON.stringify({ step: step++, loss: 1 }) + '\\n').join(''));
  nap(20);
}
console.log(step);`;
      const { workdir } = cluster.startAgent({ env: { SWEEP_GRPC_URL: `http://127.0.0.1:${proxy.port}` } });
      const { id } = await cluster.create(gridOf(program));
      const trial = async () => (await cluster.trials(id))[0];
      await until(async () => ((await trial())?.summary['loss'] ?? 0) === 1, { what: 'points to arrive' });
      proxy.blackHole(true);
      const { id: running } = (await trial())!;
      const sizeOf = (file: string) => statSync(join(workdir, 'attempts', `${running}.1`, file)).size;
      await until(() => sizeOf('points.spool') > 400_000, { what: 'much to be measured' });
      expect(sizeOf('points.spool')).toBeLessThan(2 * sizeOf('metrics.jsonl'));
      proxy.blackHole(false);
      proxy.cut();
      writeFileSync(go, '');
      expect(await cluster.finished(id)).toMatchObject({ state: 'completed' });
      expect(await trial()).toMatchObject({ state: 'completed', attempts: 1 });
      const steps = async () => Number(await printed(cluster, running));
      const measured = await until(steps, { what: 'the number of steps' });
      const { series } = await cluster.client.trialMetrics(running, { keys: ['loss'], samples: 0 });
      expect(series['loss']?.steps).toEqual(upTo(measured));
      await until(() => readdirSync(join(workdir, 'attempts')).length === 0, { what: 'nothing to be left in the work folder' });
    } finally {
      await proxy.close();
    }
  });
});

const words = ['alone', 'replaced', 'overtaken', 'silent'] as const;
type Word = (typeof words)[number];

describe('an agent that is unplugged for so long that its leases are lost', () => {
  let cluster: Cluster;
  let proxy: TcpProxy;
  let unplugged: RunningAgent;
  let other: RunningAgent;
  const ids = {} as Record<Word, string>;

  const go = (word: Word): string => join(cluster.folder, `go-${word}`);
  const trialOf = async (word: Word): Promise<TrialView> => (await cluster.trials(ids[word]))[0]!;
  /** Programs of one attempt, on one of the machines. */
  const running = async (word: Word, { workdir }: RunningAgent, attempt: number) =>
    processesWith(join(workdir, 'attempts', `${(await trialOf(word)).id}.${attempt}`));
  const stepsOf = async (word: Word, attempt: number) => {
    const { series } = await cluster.client.trialMetrics((await trialOf(word)).id, { keys: ['loss'], samples: 0, attempt });
    return series['loss']?.steps;
  };

  /** The first attempt waits for a word, and so does a second that says nothing. */
  const sweepOf = (word: Word): string => {
    const waits = `while (!fs.existsSync(${JSON.stringify(go(word))})) nap(20);`;
    const first = `report({ step: 0, loss: 10 }); ${waits} report({ step: 1, loss: 1 });`;
    const second = word === 'silent' ? waits : 'report({ step: 0, loss: 2 });';
    const placed = word === 'alone' ? 'resources: {labels: {cable: loose}}' : '';
    return gridOf(`if (attempt === 1) { ${first} } else { ${second} }`, `disconnect: {lost_after: 3s}\n${placed}`);
  };

  beforeAll(async () => {
    cluster = await startCluster({ settings: { SWEEP_LEASE_TTL: '3s', SWEEP_AGENT_SILENCE: '3s' } });
    proxy = await tcpProxy(cluster.grpcPort);
    const env = { SWEEP_GRPC_URL: `http://127.0.0.1:${proxy.port}` };
    unplugged = cluster.startAgent({ name: 'unplugged', slots: words.length, args: ['--label', 'cable=loose'], env });
    for (const word of words) ids[word] = (await cluster.create(sweepOf(word))).id;
    for (const word of words) await until(async () => (await trialOf(word))?.summary['loss'] === 10, { what: `a point of ${word}` });
    proxy.blackHole(true);
    other = cluster.startAgent({ name: 'other', slots: words.length });
    await until(async () => (await trialOf('alone')).state === 'queued', { what: 'the lease to be lost' });
    for (const word of ['replaced', 'overtaken'] as const)
      await until(async () => (await trialOf(word)).state === 'completed', { what: `the replacement of ${word} to finish` });
    await until(async () => (await running('silent', other, 2)).length > 0, { what: 'the silent replacement' });
    writeFileSync(go('overtaken'), '');
    await until(async () => (await running('overtaken', unplugged, 1)).length === 0, { what: 'the unplugged program to end' });
    proxy.blackHole(false);
    proxy.cut();
  });
  afterAll(async () => {
    await proxy.close();
    await cluster.stop();
  });

  it('goes on where nobody has taken over: the same attempt, and no point is missing', async () => {
    await until(async () => (await trialOf('alone')).state === 'running', { what: 'the lease to be given back' });
    writeFileSync(go('alone'), '');
    await cluster.finished(ids.alone);
    expect(await trialOf('alone')).toMatchObject({ state: 'completed', attempts: 1, objective: 1 });
    expect(await stepsOf('alone', 1)).toEqual([0, 1]);
  });

  it('is stopped where a replacement has reported; what it measured stays readable', async () => {
    await until(async () => (await running('replaced', unplugged, 1)).length === 0, { what: 'the program to be stopped' });
    expect(await trialOf('replaced')).toMatchObject({ state: 'completed', attempts: 2, objective: 2 });
    expect([await stepsOf('replaced', 1), await stepsOf('replaced', 2)]).toEqual([[0], [0]]);
  });

  it('tells its result too late where a replacement has finished: kept, and not counted', async () => {
    await until(async () => (await stepsOf('overtaken', 1))?.length === 2, { what: 'what was measured meanwhile' });
    expect(await trialOf('overtaken')).toMatchObject({ state: 'completed', attempts: 2, objective: 2 });
  });

  it('takes the trial back from a replacement that has said nothing, which is stopped', async () => {
    await until(async () => (await running('silent', other, 2)).length === 0, { what: 'the replacement to be stopped' });
    expect(await trialOf('silent')).toMatchObject({ state: 'running', attempt: 1 });
    writeFileSync(go('silent'), '');
    await cluster.finished(ids.silent);
    expect(await trialOf('silent')).toMatchObject({ state: 'completed', objective: 1 });
    expect(await stepsOf('silent', 1)).toEqual([0, 1]);
  });
});
