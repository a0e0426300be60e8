/** Agents that come with a one-time token instead of a key. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, root, startCluster } from '../support/cluster.js';
import { type Started, start } from '../support/processes.js';
import { gridOf } from '../support/programs.js';

describe('an agent with a join token', () => {
  let cluster: Cluster;
  const started: Started[] = [];
  beforeAll(async () => {
    // Its gRPC port is any free one: nothing but the controller can tell it.
    cluster = await startCluster();
  });
  afterAll(async () => {
    for (const one of started) one.kill('SIGTERM');
    await Promise.all(started.map((one) => one.ended));
    await cluster.stop();
  });

  const joining = (name: string, token: string): Started => {
    const flags = ['agent', '--join', token, '--url', cluster.url, '--workdir', join(cluster.folder, name), '--name', name, '--count', '1'];
    const one = start('node', [join(root, 'apps/cli/bin/sweep.mjs'), ...flags], {
      cwd: cluster.folder,
      env: { HOME: join(cluster.folder, name) },
    });
    started.push(one);
    return one;
  };

  it('needs nothing but the URL, works, and keeps a key of its own', async () => {
    const made = await cluster.sweep(['token', 'create', '--json']);
    const { token } = JSON.parse(made.stdout) as { token: string };
    const { id } = await cluster.create(gridOf('report({ loss: 1 });'));
    const agent = joining('newcomer', token);
    expect(await cluster.finished(id)).toMatchObject({ state: 'completed' });
    expect(await agent.ended, agent.stderr()).toBe(0);
    const key = readFileSync(join(cluster.folder, 'newcomer/agent.key'), 'utf8').trim();
    expect((await cluster.client.listKeys()).items.map(({ name, scope }) => [name, scope])).toContainEqual(['agent newcomer', 'agent']);
    expect(key).toMatch(/^[a-z0-9]{40}$/);

    const second = joining('latecomer', token);
    expect(await second.ended).toBe(4);
    expect(second.stderr()).toContain('the join token is unknown, used or expired: make another with `sweep token create`');
  });
});
