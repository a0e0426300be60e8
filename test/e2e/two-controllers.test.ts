/** Two controllers on one database, agents on each: they share the work and the say, and never do a thing twice. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, createClient } from '@sweep/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, root, startCluster } from '../support/cluster.js';
import { freePort } from '../support/ports.js';
import { type Started, start } from '../support/processes.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

describe('two controllers on one database', () => {
  let cluster: Cluster;
  let second: Started;
  let other: Client;
  let secondGrpc: string;
  beforeAll(async () => {
    cluster = await startCluster();
    second = start('node', [join(root, 'apps/controller/bundle/main.js'), '--port', '0', '--grpc-port', '0'], {
      cwd: cluster.folder,
      env: { HOME: cluster.folder, SWEEP_DATA_DIR: join(cluster.folder, 'second'), SWEEP_DATABASE_URL: cluster.databaseUrl },
    });
    const { url, grpcUrl } = await until(() => readyIn(second.stdout()), {
      what: 'the second controller',
      seen: () => second.stderr().slice(-1000),
    });
    other = createClient({ url, key: cluster.key });
    secondGrpc = grpcUrl;
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

  it('stand behind the proxy of deploy/compose as one: requests, events and sessions go on when one of them dies', async ({ skip }) => {
    const before = [cluster.url, other.url, cluster.grpcUrl, secondGrpc].map((url) => new URL(url).host);
    const proxy = await startNginx(cluster.folder, {
      'controller-1:8420': before[0]!,
      'controller-2:8420': before[1]!,
      'controller-1:8421': before[2]!,
      'controller-2:8421': before[3]!,
    });
    if ('skip' in proxy) return skip(proxy.skip);
    const { http, grpc } = proxy;
    const client = createClient({ url: http, key: cluster.key });
    const following = new AbortController();
    try {
      const names = ['n1', 'n2'];
      for (const name of names) {
        const env = { SWEEP_GRPC_URL: grpc };
        cluster.startAgent({ name, slots: 2, args: ['--url', http, '--label', 'behind=nginx'], env });
      }
      const ended = new Set<unknown>();
      let connected = false;
      const followed = (async () => {
        const onConnection = (stands: boolean): void => {
          connected ||= stands;
        };
        for await (const event of client.events({ signal: following.signal, onConnection }))
          if (event.kind === 'trial.state' && event['state'] === 'completed') ended.add(event['trial']);
      })();
      await until(() => connected, { what: 'the stream of events' });
      const trials = upTo(24);
      const { id } = await client.createSweep({ config: gridOf('nap(200); report({ loss: params.x });', labelled, trials) });
      await until(() => ended.size >= 6, { what: 'events of six trials through the proxy' });
      second.kill('SIGKILL');
      await second.ended;
      expect(await cluster.finished(id)).toMatchObject({ state: 'completed', counts: { completed: 24, failed: 0 } });
      expect(await client.getSweep(id)).toMatchObject({ state: 'completed' });
      const done = await cluster.trials(id);
      expect(done.map(({ params }) => Number(params['x'])).sort((a, b) => a - b)).toEqual(trials);
      await until(() => ended.size === 24, { what: 'events of all trials', seen: () => ended.size });
      following.abort();
      await followed;
    } finally {
      following.abort();
      await proxy.stop();
    }
  });
});

const labelled = 'resources: {labels: {behind: nginx}}';
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** With the configuration of deploy/compose but for what is another here: who listens where. */
async function startNginx(folder: string, places: Readonly<Record<string, string>>) {
  if (spawnSync('nginx', ['-v']).status !== 0) return { skip: 'nginx: none is installed' };
  const loaded = '/usr/lib/nginx/modules/ngx_stream_module.so';
  let text = readFileSync(join(root, 'deploy/compose/nginx.conf'), 'utf8');
  for (const [name, place] of Object.entries(places)) text = text.replace(name, place);
  const [http, grpc] = [await freePort(), await freePort()];
  text = text.replace('listen 8420', `listen 127.0.0.1:${http}`).replace('listen 8421', `listen 127.0.0.1:${grpc}`);
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, `${existsSync(loaded) ? `load_module ${loaded};\n` : ''}daemon off;\npid ${join(folder, 'nginx.pid')};\n${text}`);
  const args = ['-c', config, '-e', join(folder, 'nginx.log')];
  const tried = spawnSync('nginx', [...args, '-t'], { encoding: 'utf8' });
  if (/unknown directive "stream"/.test(tried.stderr))
    return { skip: 'nginx: it has no stream module (apt-get install libnginx-mod-stream)' };
  expect(tried.status, tried.stderr).toBe(0);
  const server = start('nginx', args, { cwd: folder, env: {} });
  await until(() => answers(`http://127.0.0.1:${http}/healthz`), { what: 'the proxy', seen: () => server.stderr() });
  return {
    http: `http://127.0.0.1:${http}`,
    grpc: `http://127.0.0.1:${grpc}`,
    async stop() {
      server.kill('SIGTERM');
      await server.ended;
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

interface Line {
  readonly event: string;
  readonly url: string;
  readonly grpcUrl: string;
}

const readyIn = (stdout: string): Line | undefined =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
    .find(({ event }) => event === 'ready');
