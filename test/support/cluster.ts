/**
 * A whole system for one test: a controller on a database of its own, agents, and a client. Real processes, from `bundle`.
 *
 * `stop` ends everything, holds the database to the invariants, and fails if a process or a folder is left.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Client, createClient, type SweepView, type TrialView } from '@sweep/api';
import { parseJson, stringifyJson } from '@sweep/optimizer';
import { checkInvariants } from '@sweep/store';
import { testDatabase } from '@sweep/store/testing';
import { expectNoneLeft, type Started, start } from './processes.js';
import { until } from './until.js';

export const root = resolve(import.meta.dirname, '../..');

export interface ClusterOptions {
  /** Of a database that the test keeps; by default the cluster has one of its own. */
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** Further settings of the controller, by environment variable. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface AgentOptions {
  readonly name?: string;
  readonly slots?: number;
  readonly args?: readonly string[];
  /** Started again in the folder of an earlier one, an agent is the same agent. */
  readonly workdir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where programs run. */
  readonly cwd?: string;
}

export interface RunningAgent extends Started {
  readonly workdir: string;
}

export interface Cluster {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly url: string;
  readonly grpcUrl: string;
  readonly grpcPort: number;
  readonly fingerprint: string | undefined;
  readonly key: string;
  readonly client: Client;
  readonly controller: Started;
  /** All that were ever started, by name. */
  readonly everybody: (readonly [string, Started])[];
  startController(): Promise<void>;
  startAgent(options?: AgentOptions): RunningAgent;
  create(yaml: string): Promise<SweepView>;
  /** Waits until the sweep has ended. */
  finished(id: string, withinMs?: number): Promise<SweepView>;
  trials(id: string): Promise<readonly TrialView[]>;
  /** Runs the command line against this controller. */
  sweep(
    args: readonly string[],
    options?: { readonly input?: string; readonly cwd?: string },
  ): Promise<{ code: number | string; stdout: string; stderr: string }>;
  stop(): Promise<void>;
}

interface Ready {
  readonly url: string;
  readonly grpcUrl: string;
  /** Of the certificate that the controller made for itself. */
  readonly fingerprint?: string;
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'sweep-e2e-'));
  const database = options.databaseUrl === undefined ? await testDatabase() : { url: options.databaseUrl, drop: async () => undefined };
  if ('skip' in database) throw new Error(`no database for the test: ${database.skip}`);
  const agents: RunningAgent[] = [];
  const everybody: [string, Started][] = [];
  let key = '';
  let port = '0';
  let grpcPort = '0';
  let controller: Started;
  let ready: Ready;

  const environment = (): Record<string, string> => ({
    HOME: folder,
    SWEEP_DATA_DIR: join(folder, 'data'),
    SWEEP_DATABASE_URL: database.url,
    ...(options.redisUrl === undefined ? {} : { SWEEP_REDIS_URL: options.redisUrl }),
    ...options.settings,
  });

  const startController = async (): Promise<void> => {
    controller = start('node', [join(root, 'apps/controller/bundle/main.js'), '--port', port, '--grpc-port', grpcPort], {
      cwd: folder,
      env: environment(),
    });
    everybody.push(['controller', controller]);
    try {
      const seen = () => controller.stderr().slice(-2000);
      ready = await until(() => readyLine(controller), { what: 'the controller to be ready', withinMs: 120_000, seen });
    } catch (error) {
      // Whoever tries again finds its folder free.
      controller.kill('SIGKILL');
      await controller.ended;
      throw error;
    }
    key ||= firstKey(controller);
    // A restarted controller must be where its agents look for it.
    port = new URL(ready.url).port;
    grpcPort = new URL(ready.grpcUrl).port;
  };
  await startController();
  const client = createClient({
    url: ready!.url,
    key,
    parse: parseJson,
    stringify: (value) => stringifyJson(value, { nonFinite: 'text' }),
  });

  const startAgent = (agent: AgentOptions = {}): RunningAgent => {
    const name = agent.name ?? `box-${agents.length + 1}`;
    const workdir = agent.workdir ?? join(folder, name);
    const flags = ['--url', ready.url, '--workdir', workdir, '--name', name, '--gpus', 'none', '--slots', String(agent.slots ?? 1)];
    const started = start('node', [join(root, 'apps/cli/bin/sweep.mjs'), 'agent', ...flags, ...(agent.args ?? [])], {
      cwd: agent.cwd ?? folder,
      env: { HOME: folder, SWEEP_API_KEY: key, ...pinned(ready), WANDB_AGENT_DISABLE_FLAPPING: 'true', ...agent.env },
    });
    const running = { ...started, workdir };
    agents.push(running);
    everybody.push([name, started]);
    return running;
  };

  return {
    folder,
    databaseUrl: database.url,
    url: ready!.url,
    grpcUrl: ready!.grpcUrl,
    grpcPort: Number(grpcPort),
    fingerprint: ready!.fingerprint,
    key,
    client,
    get controller() {
      return controller;
    },
    everybody,
    startController,
    startAgent,
    create: (config) => client.createSweep({ config }),
    async finished(id, withinMs = 60_000) {
      let last: SweepView | undefined;
      return until(
        async () => {
          last = await client.getSweep(id);
          return ['completed', 'cancelled', 'failed'].includes(last.state) ? last : undefined;
        },
        {
          what: `sweep ${id} to end`,
          withinMs,
          seen: () => ({ state: last?.state, counts: last?.counts, agents: agents.map((agent) => agent.stderr().slice(-500)) }),
        },
      );
    },
    trials: async (id) => (await client.listTrials(id, { limit: 1000 })).items,
    async sweep(args, { input, cwd } = {}) {
      const run = start('node', [join(root, 'apps/cli/bin/sweep.mjs'), ...args], {
        cwd: cwd ?? folder,
        env: { HOME: folder, SWEEP_URL: ready.url, SWEEP_API_KEY: key, ...pinned(ready), NO_COLOR: '1' },
        ...(input === undefined ? {} : { input }),
      });
      return { code: await run.ended, stdout: run.stdout(), stderr: run.stderr() };
    },
    async stop() {
      for (const agent of agents) agent.kill('SIGTERM');
      for (const agent of agents) agent.kill('SIGINT');
      await Promise.all(agents.map((agent) => agent.ended));
      controller.kill('SIGTERM');
      await controller.ended;
      const violations = await checkInvariants(database.url);
      await expectNoneLeft(folder);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
      if (violations.length > 0) throw new Error(`invariants are broken: ${JSON.stringify(violations)}`);
    },
  };
}

const pinned = ({ fingerprint }: Ready): Record<string, string> => (fingerprint === undefined ? {} : { SWEEP_FINGERPRINT: fingerprint });

interface Announcement {
  readonly event?: string;
  readonly key?: string;
  readonly url?: string;
  readonly grpcUrl?: string;
  readonly fingerprint?: string;
}

function announcements(controller: Started): readonly Announcement[] {
  return controller
    .stdout()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Announcement);
}

function readyLine(controller: Started): Ready | undefined {
  if (controller.child.exitCode !== null) throw new Error(`the controller ended with ${controller.child.exitCode}: ${controller.stderr()}`);
  const line = announcements(controller).find(({ event }) => event === 'ready');
  return line === undefined
    ? undefined
    : { url: line.url!, grpcUrl: line.grpcUrl!, ...(line.fingerprint === undefined ? {} : { fingerprint: line.fingerprint }) };
}

function firstKey(controller: Started): string {
  const line = announcements(controller).find(({ event }) => event === 'first-key');
  if (line?.key === undefined) throw new Error('the controller told no first key');
  return line.key;
}
