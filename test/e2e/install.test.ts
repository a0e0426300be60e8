/** A machine that has Node and nothing of ours: one line makes it an agent. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { type Started, start } from '../support/processes.js';
import { gridOf } from '../support/programs.js';

describe.each([
  ['on this machine alone', {}],
  ['with a certificate of its own', { SWEEP_HOST: '0.0.0.0' }],
])('a controller %s', (_, settings) => {
  let cluster: Cluster;
  let home: string;
  const started: Started[] = [];
  beforeEach(async () => {
    cluster = await startCluster({ settings });
    home = mkdtempSync(join(tmpdir(), 'sweep-bare-'));
  });
  afterEach(async () => {
    for (const one of started.splice(0)) one.kill('SIGTERM');
    await cluster.stop();
    rmSync(home, { recursive: true });
  });

  /** The line that `sweep token create` prints, with its token. */
  async function line(): Promise<string> {
    const made = await cluster.sweep(['token', 'create']);
    const printed = made.stderr.split('\n').find((text) => text.includes('/install.sh'));
    return printed!.trim().replace('TOKEN sh', `${made.stdout.trim()} sh -s -- --count 1 --gpus none --name bare`);
  }

  it('puts an agent into an empty folder by the printed line, and the agent runs a trial', async ({ skip }) => {
    if (spawnSync('curl', ['--version']).status !== 0) skip('curl: not installed');
    const installed = start('sh', ['-c', await line()], { cwd: home, env: { HOME: home } });
    started.push(installed);
    const first = await cluster.sweep(['create', '-', '--wait'], { input: gridOf('report({ loss: 1 });') });
    expect(first.code, first.stderr + installed.stderr()).toBe(0);
    expect(await installed.ended, installed.stderr()).toBe(0);
    expect(installed.stderr()).toMatch(/SHA-256 [0-9a-f]{64}/);
    expect(readdirSync(home)).toEqual(['.local']);

    const agent = join(home, '.local/share/sweep-agent/sweep-agent');
    const known = start(
      agent,
      ['--url', cluster.url, '--workdir', join(home, '.local/share/sweep-agent/work'), '--count', '1', '--gpus', 'none'],
      {
        cwd: home,
        env: { HOME: home },
      },
    );
    started.push(known);
    const again = await cluster.sweep(['create', '-', '--wait'], { input: gridOf('report({ loss: 2 });') });
    expect(again.code, again.stderr + known.stderr()).toBe(0);
    expect(await known.ended, known.stderr()).toBe(0);
  });
});
