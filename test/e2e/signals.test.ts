/** What a signal to an agent means for its programs with `--forward-signals`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { processesWith } from '../support/processes.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

describe('an agent with --forward-signals', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  const waitFor = (file: string) => until(() => existsSync(join(cluster.folder, file)), { what: file });

  it('hands each signal on: SIGUSR1 to save, SIGINT to end in its own way, once', async () => {
    const program = `
const note = (text) => fs.appendFileSync('signals', text + ' ');
process.on('SIGUSR1', () => { note('usr1'); fs.writeFileSync('saved', ''); });
process.on('SIGINT', () => { note('int'); report({ loss: 1 }); setTimeout(() => process.exit(0), 200); });
setInterval(() => {}, 1000);
fs.writeFileSync('ready', '');`;
    const { id } = await cluster.create(gridOf(program));
    const agent = cluster.startAgent({ args: ['--forward-signals'] });
    await waitFor('ready');
    agent.kill('SIGUSR1');
    await waitFor('saved');
    agent.kill('SIGINT');
    expect(await cluster.finished(id)).toMatchObject({ state: 'completed', counts: { completed: 1 } });
    expect(await agent.ended).toBe(130);
    expect(readFileSync(join(cluster.folder, 'signals'), 'utf8')).toBe('usr1 int ');
  });

  it('and --term-timeout kills what is left after that time, and claims no result', async () => {
    const program = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); fs.writeFileSync('stubborn', '');";
    const { id } = await cluster.create(gridOf(program));
    const agent = cluster.startAgent({ args: ['--forward-signals', '--term-timeout', '1'] });
    await waitFor('stubborn');
    agent.kill('SIGTERM');
    expect(await agent.ended).toBe(143);
    expect(processesWith(agent.workdir)).toEqual([]);
    const [trial] = await cluster.trials(id);
    expect(trial).toMatchObject({ attempt: 1, endedAt: null });
    await cluster.client.commandSweep(id, 'cancel');
  });
});
