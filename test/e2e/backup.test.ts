/** A sweep moves from the embedded database to one of the user's own, with its keys, trials and files: `sweep backup`, `sweep restore`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@sweep/api';
import { testDatabase } from '@sweep/store/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/cluster.js';
import { expectNoneLeft, type Started, start } from '../support/processes.js';
import { until } from '../support/until.js';

const yaml = 'method: grid\nprogram: train.py\nmetric: {name: loss}\nparameters: {x: {values: [1, 2, 3]}}\n';

describe('a backup of the embedded database', () => {
  let folder: string;
  let key: string;
  const running: Started[] = [];

  const controller = async (
    dataDir: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ client: Client; stop(): Promise<void> }> => {
    const args = [join(root, 'apps/controller/bundle/main.js'), '--port', '0', '--grpc-port', '0', '--data-dir', join(folder, dataDir)];
    const started = start('node', args, { cwd: folder, env: { HOME: folder, ...env } });
    running.push(started);
    const url = await until(() => /"event":"ready","url":"([^"]+)"/.exec(started.stdout())?.[1], {
      what: 'the controller',
      withinMs: 90_000,
      seen: () => started.stderr().slice(-1000),
    });
    key ??= /"key":"([a-z0-9]{40})"/.exec(started.stdout())![1]!;
    const stop = async (): Promise<void> => {
      started.kill('SIGTERM');
      await started.ended;
    };
    return { client: createClient({ url, key }), stop };
  };

  const sweep = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const run = start('node', [join(root, 'apps/cli/bin/sweep.mjs'), ...args], {
      cwd: folder,
      env: { HOME: folder, NO_COLOR: '1', ...env },
    });
    return { code: await run.ended, said: run.stdout() + run.stderr() };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sweep-backup-'));
  });
  afterAll(async () => {
    for (const one of running) one.kill('SIGTERM');
    await Promise.all(running.map((one) => one.ended));
    await expectNoneLeft(folder);
    await rm(folder, { recursive: true });
  });

  it('is made beside the live controller, and goes into an external one and into a new folder, keys included', async ({ skip }) => {
    const external = await testDatabase();
    if ('skip' in external) return skip(external.skip);
    const first = await controller('old');
    const { id } = await first.client.createSweep({ config: yaml, name: 'moves' });
    await until(async () => (await first.client.listTrials(id)).items.length === 3, { what: 'three trials' });
    const made = await sweep(['backup', 'all.backup', '--data-dir', join(folder, 'old')]);
    expect(made).toMatchObject({ code: 0, said: expect.stringContaining('all.backup: ') });
    await first.stop();

    const into = [
      { dataDir: 'outside', env: { SWEEP_DATABASE_URL: external.url } },
      { dataDir: 'new', env: {} },
    ];
    for (const { dataDir, env } of into) {
      expect(await sweep(['restore', 'all.backup', '--data-dir', join(folder, dataDir)], env)).toMatchObject({ code: 0 });
      const again = await sweep(['restore', 'all.backup', '--data-dir', join(folder, dataDir)], env);
      expect(again).toMatchObject({ code: 1, said: expect.stringContaining('the database is in use') });
      const next = await controller(dataDir, env);
      expect(await next.client.getSweep(id)).toMatchObject({ name: 'moves' });
      expect((await next.client.listTrials(id)).items.map(({ params }) => params['x'])).toEqual([1, 2, 3]);
      await next.stop();
    }
    await external.drop();
  });
});
