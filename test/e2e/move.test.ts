/**
 * From one command on one machine to two controllers behind a proxy, with a PostgreSQL and a Redis of their own, while a sweep runs: as
 * docs/how-to/back-up-and-move.md says it. Every machine is a host of its own; agents reach nothing but the address that they always knew,
 * and only the controllers reach the database.
 *
 *     outside   agents, the desk where somebody types, and the one address: first the old machine's, then the proxy's
 *     inside    proxy, controllers, database
 *
 * PostgreSQL itself listens at a socket in the file system; what answers for it inside hands connections on.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttemptView, SweepView, TrialView } from '@sweep/api';
import { checkInvariants } from '@sweep/store';
import { type KillableDatabase, killableDatabase } from '@sweep/store/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/cluster.js';
import { type Host, makeNetwork, type Network } from '../support/network.js';
import { expectNoneLeft, type Started } from '../support/processes.js';
import { until } from '../support/until.js';

const service = '10.77.0.10';
const hardware = '02:00:00:00:77:10';
const controllerAddresses = ['10.77.1.11', '10.77.1.12'] as const;
const databaseAddress = '10.77.1.20';
const sweepCommand = ['node', join(root, 'apps/cli/bin/sweep.mjs')];
const points = 16;
const slots = 2;
/** End before the move. */
const early = 4;
const steps = 6;
/** Far less than a move takes. */
const settings = { SWEEP_LEASE_TTL: '3s', SWEEP_AGENT_SILENCE: '3s', SWEEP_CONTROLLER_HEARTBEAT: '1s' };

const sweepFile = `
method: grid
name: moves
program: train.cjs
command: [node, '\${program}']
metric: {name: loss, goal: minimize}
parameters: {x: {values: [${Array.from({ length: points }, (_, x) => x).join(', ')}]}}
code: {ship: true}
disconnect: {lost_after: 60s}
`;

/** Its beginning and its end are written down beside the product, too; after the first few it ends only when the old machine is gone. */
const program = (folder: string): string => `
const fs = require('fs');
const { x } = JSON.parse(fs.readFileSync(process.env.SWEEP_PARAMS, 'utf8'));
const note = (word) => fs.appendFileSync(${JSON.stringify(join(folder, 'notes'))}, word + ' ' + process.env.SWEEP_ID + ' ' + x + '\\n');
const nap = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
note('began');
for (let step = 0; step < ${steps}; step++) {
  fs.appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ step, loss: x + step }) + '\\n');
  nap();
  while (step === 2 && x >= ${early} && !fs.existsSync(${JSON.stringify(join(folder, 'gone'))})) nap();
}
note('ended');
`;

/** Answers of the HTTP interface, in order, as one JSON array. */
const reader = `
const headers = { authorization: 'Bearer ' + process.env.SWEEP_API_KEY };
const get = (path) => fetch(process.env.SWEEP_URL + path, { headers }).then((answer) => answer.json());
Promise.all(process.argv.slice(1).map(get)).then((answers) => console.log(JSON.stringify(answers)));
`;

interface Ready {
  readonly event: string;
  readonly key?: string;
  readonly fingerprint?: string;
}

describe('a move to machines of their own, during a sweep', () => {
  let folder: string;
  let network: Network | null = null;
  let database: KillableDatabase | null = null;
  let skipped: string | null = null;
  const running: Started[] = [];
  /** By which the desk and the agents know the service, before and after. */
  let trusted: Readonly<Record<string, string>> = {};
  let desk: Host;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sweep-move-'));
    const made = makeNetwork(['outside', 'inside']);
    if ('skip' in made) skipped = made.skip;
    else network = made;
    if (network !== null) database = await killableDatabase(join(folder, 'postgres'));
    if (network !== null && database === null) skipped = 'postgres: none is here that could stand on a machine of its own';
    if (spawnSync('redis-server', ['--version']).status !== 0) skipped ??= 'redis: no redis-server is installed';
  });
  afterAll(async () => {
    for (const one of running) one.kill('SIGTERM');
    // Of an agent: at once, whatever it holds.
    for (const one of running) one.kill('SIGINT');
    await Promise.all(running.map((one) => one.ended));
    await database?.stop();
    await expectNoneLeft(folder);
    network?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (host: Host, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = '.'): Started => {
    const started = host.start(args[0]!, args.slice(1), { cwd: join(folder, cwd), env: { HOME: folder, NO_COLOR: '1', ...env } });
    running.push(started);
    return started;
  };
  const sweep = async (host: Host, args: readonly string[], env = trusted, cwd = '.'): Promise<string> => {
    const command = run(host, [...sweepCommand, ...args], env, cwd);
    expect(await command.ended, `sweep ${args[0]}: ${command.stderr()}`).toBe(0);
    return command.stdout();
  };
  const read = async <T extends readonly unknown[]>(...paths: readonly string[]): Promise<T> => {
    const asked = run(desk, ['node', '-e', reader, ...paths.map((path) => `/api/v1${path}`)], {
      ...trusted,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    });
    expect(await asked.ended, asked.stderr()).toBe(0);
    return JSON.parse(asked.stdout()) as T;
  };
  const controller = async (host: Host, dataDir: string, env: Readonly<Record<string, string>> = {}) => {
    const started = run(host, ['node', join(root, 'apps/controller/bundle/main.js')], {
      SWEEP_DATA_DIR: join(folder, dataDir),
      SWEEP_HOST: '0.0.0.0',
      SWEEP_PUBLIC_URL: `https://${service}:8420`,
      ...settings,
      ...env,
    });
    const lines = (): readonly Ready[] =>
      started
        .stdout()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Ready);
    await until(() => lines().some(({ event }) => event === 'ready'), {
      what: `the controller on ${dataDir}`,
      withinMs: 90_000,
      seen: () => started.stderr().slice(-1000),
    });
    return { started, said: (event: string) => lines().find((line) => line.event === event) };
  };
  const agent = async (host: Host, name: string): Promise<Started> => {
    const { token } = JSON.parse(await sweep(desk, ['token', 'create', '--json'])) as { readonly token: string };
    const { SWEEP_API_KEY: _, ...known } = trusted;
    const flags = ['--workdir', join(folder, name), '--name', name, '--gpus', 'none', '--slots', String(slots)];
    const started = run(host, [...sweepCommand, 'agent', ...flags], {
      ...known,
      HOME: join(folder, name),
      SWEEP_JOIN_TOKEN: token,
    });
    await until(() => started.stderr().includes(`connected as ${name}`), { what: name, withinMs: 60_000, seen: () => started.stderr() });
    return started;
  };
  const notes = (word: string, id: string): readonly number[] =>
    readFileSync(join(folder, 'notes'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${word} ${id} `))
      .map((line) => Number(line.split(' ')[2]))
      .sort((a, b) => a - b);
  const finished = (id: string): Promise<SweepView> =>
    until(
      async () => {
        const [view] = await read<[SweepView]>(`/sweeps/${id}`);
        return view.endedAt === null ? null : view;
      },
      { what: `sweep ${id} to end`, withinMs: 90_000, seen: () => running.map((one) => one.stderr().slice(-300)) },
    );
  /** Every point by one execution, every step once and in order. */
  const expectWhole = async (id: string): Promise<void> => {
    expect(await finished(id)).toMatchObject({ state: 'completed', counts: { completed: points, failed: 0 } });
    const all = Array.from({ length: points }, (_, x) => x);
    expect(notes('began', id)).toEqual(all);
    expect(notes('ended', id)).toEqual(all);
    const [{ items }] = await read<[{ items: readonly TrialView[] }]>(`/sweeps/${id}/trials?limit=100`);
    expect(items.map(({ params }) => Number(params['x'])).sort((a, b) => a - b)).toEqual(all);
    const series = await read<{ series: { loss: { steps: number[]; values: number[] } } }[]>(
      ...items.map((trial) => `/trials/${trial.id}/metrics?keys=loss&samples=0`),
    );
    for (const [index, { params, number }] of items.entries()) {
      const expected = Array.from({ length: steps }, (_, step) => step);
      expect(series[index]?.series.loss.steps, `steps of trial ${number}`).toEqual(expected);
      expect(series[index]?.series.loss.values).toEqual(expected.map((step) => Number(params['x']) + step));
    }
  };

  it('loses nothing, runs nothing twice, and needs nothing done at the agents', { timeout: 300_000 }, async ({ skip }) => {
    if (network === null || database === null || skipped !== null) return skip(skipped ?? 'namespaces: none');
    desk = network.host('desk', { outside: { address: '10.77.0.40/24' } });
    const boxes = ['31', '32', '33'].map((last, index) => network!.host(`box${index + 1}`, { outside: { address: `10.77.0.${last}/24` } }));
    writeFileSync(join(folder, 'notes'), '');

    const oldHost = network.host('old', { outside: { address: `${service}/24`, hardware } });
    const old = await controller(oldHost, 'old');
    trusted = {
      SWEEP_URL: `https://${service}:8420`,
      SWEEP_API_KEY: old.said('first-key')!.key!,
      SWEEP_FINGERPRINT: old.said('ready')!.fingerprint!,
    };
    const first = [await agent(boxes[0]!, 'box-1'), await agent(boxes[1]!, 'box-2')];
    mkdirSync(join(folder, 'project'));
    writeFileSync(join(folder, 'project/train.cjs'), program(folder));
    writeFileSync(join(folder, 'project/sweep.yaml'), sweepFile);
    const { id } = JSON.parse(await sweep(desk, ['create', 'sweep.yaml', '--json'], trusted, 'project')) as SweepView;
    const held = early + 2 * slots;
    await until(() => notes('began', id).length === held && notes('ended', id).length === early, {
      what: 'the first trials to end and the next to begin',
      withinMs: 60_000,
      seen: () => running.map((one) => one.stderr().slice(-300)),
    });

    // The old machine: stopped, saved, unplugged. What trains goes on, and to its end.
    old.started.kill('SIGTERM');
    await old.started.ended;
    await sweep(oldHost, ['backup', join(folder, 'all.backup'), '--data-dir', join(folder, 'old')], {});
    oldHost.cable('outside', false);
    writeFileSync(join(folder, 'gone'), '');
    await until(() => notes('ended', id).length === held, { what: 'what trains to end by itself' });

    const { controllers, databaseUrl } = await newMachines(network, database);
    await sweep(controllers[0]!, ['restore', join(folder, 'all.backup'), '--data-dir', join(folder, 'new-1')], {
      SWEEP_DATABASE_URL: databaseUrl,
    });
    mkdirSync(join(folder, 'new-2'));
    // One volume for the files of both.
    symlinkSync(join(folder, 'new-1/blobs'), join(folder, 'new-2/blobs'));
    const env = {
      SWEEP_DATABASE_URL: databaseUrl,
      SWEEP_REDIS_URL: `redis://:secret@${databaseAddress}:6379`,
      SWEEP_TLS_CERT: join(folder, 'old/tls/cert.pem'),
      SWEEP_TLS_KEY: join(folder, 'old/tls/key.pem'),
    };
    const fresh = await Promise.all([controller(controllers[0]!, 'new-1', env), controller(controllers[1]!, 'new-2', env)]);
    expect(fresh.map(({ said }) => said('first-key'))).toEqual([undefined, undefined]);
    await plugProxy(network);
    await expectWhole(id);
    const attempts = await read<{ items: readonly AttemptView[] }[]>(
      ...Array.from({ length: points }, (_, index) => `/trials/${id}%23${index + 1}/attempts`),
    );
    expect(attempts.map(({ items }) => items.length)).toEqual(Array.from({ length: points }, () => 1));

    // One of the two dies, and an agent that was never at the old machine takes over: what programs were shipped came along.
    fresh[0]!.started.kill('SIGKILL');
    await fresh[0]!.started.ended;
    for (const each of first) each.kill('SIGINT');
    await Promise.all(first.map((each) => each.ended));
    await agent(boxes[2]!, 'box-3');
    const copy = JSON.parse(await sweep(desk, ['clone', id, '--json'])) as SweepView;
    await expectWhole(copy.id);
    expect(await checkInvariants(database.url)).toEqual([]);
  });

  /** Database, queue and two controllers, which nobody outside reaches. */
  async function newMachines(net: Network, postgres: KillableDatabase) {
    const host = net.host('database', { inside: { address: `${databaseAddress}/24` } });
    const socket = join(new URL(postgres.url).searchParams.get('host')!, '.s.PGSQL.5432');
    const door = run(host, ['node', join(root, 'test/support/forward.mjs'), `${databaseAddress}:5432`, socket]);
    mkdirSync(join(folder, 'redis'));
    const kept = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--dir', join(folder, 'redis')];
    const redis = run(host, ['redis-server', '--bind', databaseAddress, '--requirepass', 'secret', ...kept]);
    await until(() => door.stdout().includes('ready') && redis.stdout().includes('Ready to accept connections'), {
      what: 'database and queue',
      seen: () => [door.stderr(), redis.stdout()],
    });
    const controllers = controllerAddresses.map((address, index) =>
      net.host(`control${index + 1}`, { inside: { address: `${address}/24` } }),
    );
    return { controllers, databaseUrl: `postgres://sweep@${databaseAddress}:5432/postgres` };
  }

  /** The one machine that both sides reach gets the address that everybody knows. */
  async function plugProxy(net: Network): Promise<void> {
    const host = net.host('proxy', {
      outside: { address: `${service}/24`, hardware, plugged: false },
      inside: { address: '10.77.1.10/24' },
    });
    host.cable('outside', true);
    const lists = ['8420', '8421'].map((port) => [`${service}:${port}`, ...controllerAddresses.map((each) => `${each}:${port}`)]);
    const proxy = run(host, ['node', join(root, 'test/support/forward.mjs'), ...lists[0]!, '--', ...lists[1]!]);
    await until(() => proxy.stdout().includes('ready'), { what: 'the proxy', seen: () => proxy.stderr() });
  }
});
