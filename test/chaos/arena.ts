/**
 * The system that faults are thrown at: a database that can be killed, perhaps Redis, one or two controllers, three agents behind a
 * proxy each, two sweeps; and what each kind of fault does to it. Whatever was killed, frozen, filled or cut is mended after a while.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TcpProxy, tcpProxy } from '@sweep/protocol/testing';
import { type KillableDatabase, killableDatabase } from '@sweep/store/testing';
import { type Cluster, type RunningAgent, root, startCluster } from '../support/cluster.js';
import { processesWith, type Started, start } from '../support/processes.js';
import { redisServer, type TestRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import type { Fault, FaultKind, Plan } from './schedule.js';
import { trainingPrograms } from './training.js';

const agentNames = ['box-1', 'box-2', 'box-3'] as const;
const slots = 2;
const diskMiB = 24;
const databaseDiskMiB = 400;
const hourMs = 3_600_000;
/** Of a busy machine. */
const patience = 120_000;

/** Scaled so that a loss is noticed within seconds. */
const settings = { SWEEP_LEASE_TTL: '3s', SWEEP_AGENT_SILENCE: '6s', SWEEP_CONTROLLER_HEARTBEAT: '1s' };

interface Box {
  readonly name: string;
  readonly proxy: TcpProxy;
  readonly workdir: string;
  readonly clock: string;
  agent: RunningAgent;
}

interface Controller {
  readonly clock: string;
  process(): Started;
  start(): Promise<void>;
}

interface ArenaParts {
  readonly cluster: Cluster;
  readonly boxes: readonly Box[];
  readonly folder: string;
  readonly database: KillableDatabase;
  readonly redis: TestRedis | null;
  readonly controllers: readonly Controller[];
  /** Small file systems that are ours to unmount. */
  readonly mounts: readonly string[];
}

export class Arena {
  /** What could not be done here, and why. */
  readonly skipped = new Set<string>();
  killed = 0;
  readonly #mending = new Map<object, Promise<void>>();
  #stopping = false;

  readonly cluster: Cluster;
  readonly boxes: readonly Box[];
  private readonly folder: string;
  private readonly database: KillableDatabase;
  private readonly redis: TestRedis | null;
  private readonly controllers: readonly Controller[];
  private readonly mounts: readonly string[];

  private constructor({ cluster, boxes, folder, database, redis, controllers, mounts }: ArenaParts) {
    this.cluster = cluster;
    this.boxes = boxes;
    this.folder = folder;
    this.database = database;
    this.redis = redis;
    this.controllers = controllers;
    this.mounts = mounts;
  }

  static async open({ queue, controllers: count }: Pick<Plan, 'queue' | 'controllers'>): Promise<Arena | { readonly skip: string }> {
    const redis = queue === 'redis' ? await redisServer() : null;
    if (redis !== null && 'skip' in redis) return redis;
    const folder = await mkdtemp(join(tmpdir(), 'sweep-chaos-'));
    const mounts: string[] = [];
    const disk = join(folder, 'disk');
    if (mountSmall(disk, databaseDiskMiB)) mounts.push(disk);
    const database = await killableDatabase(disk);
    if (database === null) return { skip: 'postgres: none is here that could be killed' };
    const moved = (clock: string) => ({
      NODE_OPTIONS: `--import=${join(root, 'test/support/moved-clock.mjs')}`,
      SWEEP_TEST_CLOCK: join(folder, clock),
    });
    const cluster = await startCluster({
      databaseUrl: database.url,
      settings: { ...settings, ...moved('clock-controller-1') },
      ...(redis === null ? {} : { redisUrl: redis.url }),
    });
    const controllers: Controller[] = [
      { clock: join(folder, 'clock-controller-1'), process: () => cluster.controller, start: () => again(() => cluster.startController()) },
    ];
    const ports = [cluster.grpcPort];
    if (count === 2) {
      const peer = await startPeer(cluster, { ...settings, ...moved('clock-controller-2') }, redis?.url ?? null);
      controllers.push({ clock: join(folder, 'clock-controller-2'), ...peer });
      ports.push(peer.grpcPort());
    }
    const boxes: Box[] = [];
    for (const [index, name] of agentNames.entries()) {
      const proxy = await tcpProxy(ports[index % ports.length]!);
      const workdir = join(cluster.folder, name);
      if (index === 0 && mountSmall(workdir, diskMiB)) mounts.push(workdir);
      const box = { name, proxy, workdir, clock: join(folder, `clock-${name}`) };
      boxes.push({ ...box, agent: startBox(cluster, box) });
    }
    return new Arena({ cluster, boxes, folder, database, redis, controllers, mounts });
  }

  /** What all processes of the system said so far, the dead ones included, into files of a folder that stays. */
  async keepLogs(): Promise<string> {
    const logs = await mkdtemp(join(tmpdir(), 'sweep-chaos-logs-'));
    for (const [index, [name, process]] of this.cluster.everybody.entries()) {
      const { exitCode, signalCode } = process.child;
      const end = exitCode ?? signalCode ?? 'alive';
      writeFileSync(join(logs, `${String(index).padStart(3, '0')}-${name}.log`), `${process.stdout()}\n${process.stderr()}\n${end}\n`);
    }
    for (const { name, workdir } of this.boxes) copyFileSync(join(workdir, 'journal.jsonl'), join(logs, `${name}.jsonl`));
    return logs;
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  /** Begins a fault; its mending goes on by itself. A target that is still being mended is waited for. */
  async apply({ kind, target, lastsMs }: Fault): Promise<void> {
    const of = this.#targetOf(kind, target);
    if (of === null) return;
    await this.#mending.get(of);
    const mend = await this.#begin(kind, of, target);
    if (kind.startsWith('kill-')) this.killed++;
    if (mend === null) return;
    const mended = (async () => {
      await new Promise((resolve) => setTimeout(resolve, lastsMs));
      await mend();
    })();
    this.#mending.set(of, mended);
    mended.catch(() => undefined);
  }

  /** Everything is mended and answers. */
  async settle(): Promise<void> {
    await Promise.all(this.#mending.values());
    for (const box of this.boxes) {
      if (box.agent.child.exitCode !== null || box.agent.child.signalCode !== null) box.agent = startBox(this.cluster, box);
      box.agent.kill('SIGCONT');
    }
    await this.#endQuarantines();
  }

  /** Ends all of it; answers how many processes were left that should not be. */
  async close(): Promise<number> {
    if (this.#stopping) return 0;
    this.#stopping = true;
    await Promise.allSettled(this.#mending.values());
    for (const box of this.boxes) {
      box.agent.kill('SIGCONT');
      box.agent.kill('SIGTERM');
      box.agent.kill('SIGINT');
    }
    await Promise.all(this.boxes.map(({ agent }) => agent.ended));
    for (const { process } of this.controllers.slice(1)) {
      process().kill('SIGTERM');
      await process().ended;
    }
    let left = 0;
    try {
      await this.cluster.stop();
    } catch {
      left = this.#killLeft();
    }
    await Promise.all(this.boxes.map(({ proxy }) => proxy.close()));
    await this.redis?.stop();
    await this.database.stop();
    for (const mount of this.mounts) spawnSync('umount', ['-l', mount]);
    await rm(this.cluster.folder, { recursive: true, force: true });
    await rm(this.folder, { recursive: true, force: true });
    return left;
  }

  #killLeft(): number {
    const left = processesWith(this.cluster.folder);
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    return left.length;
  }

  /** What two faults at once must not both hold; null where there is nothing of the kind. */
  #targetOf(kind: FaultKind, target: number): object | null {
    if (kind === 'agent-disk-full') return this.#mounted(this.boxes[0]!.workdir, 'an agent with a full disk') ? this.boxes[0]! : null;
    if (kind === 'database-disk-full')
      return this.#mounted(join(this.folder, 'disk'), 'a full disk of the database') ? this.database : null;
    if (kind.includes('redis')) return this.redis;
    if (kind === 'kill-postgres') return this.database;
    if (kind === 'kill-program') return {};
    if (kind.includes('controller')) return this.controllers[target % this.controllers.length]!;
    if (kind === 'move-clock') return target % 2 === 0 ? this.controllers[0]! : this.boxes[target % this.boxes.length]!;
    return this.boxes[target % this.boxes.length]!;
  }

  #mounted(path: string, what: string): boolean {
    if (this.mounts.includes(path)) return true;
    this.skipped.add(`${what}: needs the right to mount a small file system`);
    return false;
  }

  /** Answers how to mend it; null when there is nothing to mend. */
  async #begin(kind: FaultKind, of: object, target: number): Promise<(() => Promise<void>) | null> {
    switch (kind) {
      case 'kill-program': {
        const pids = await until(() => runningPrograms(this.cluster.folder), { what: 'a training program to kill', withinMs: patience });
        killQuietly(pids[target % pids.length]!, 'SIGKILL');
        return null;
      }
      case 'kill-agent':
      case 'kill-machine':
        return this.#killBox(of as Box, kind === 'kill-machine');
      case 'kill-controller':
      case 'replace-controller':
        return this.#endController(of as Controller, kind === 'kill-controller' ? 'SIGKILL' : 'SIGTERM');
      case 'kill-postgres':
        await this.database.kill();
        return () => this.database.start();
      case 'kill-redis':
        await this.redis!.kill();
        return () => this.redis!.start();
      case 'flush-redis':
        await this.redis!.flush();
        return null;
      case 'freeze-agent':
        return freeze((of as Box).agent);
      case 'freeze-controller':
        return freeze((of as Controller).process());
      case 'agent-disk-full':
        return fill((of as Box).workdir, () => this.#endQuarantines());
      case 'database-disk-full':
        return fill(join(this.folder, 'disk'), () => this.database.start());
      case 'move-clock': {
        const { clock } = of as Box | Controller;
        writeFileSync(clock, String(target % 4 < 2 ? hourMs : -hourMs));
        return async () => writeFileSync(clock, '0');
      }
      default:
        return this.#disturbLine(kind, (of as Box).proxy);
    }
  }

  async #killBox(box: Box, whole: boolean): Promise<() => Promise<void>> {
    box.agent.kill('SIGKILL');
    await box.agent.ended;
    if (whole) for (const { pid } of processesWith(box.workdir)) killQuietly(pid, 'SIGKILL');
    return async () => {
      box.agent = startBox(this.cluster, box);
    };
  }

  async #endController(controller: Controller, signal: 'SIGKILL' | 'SIGTERM'): Promise<() => Promise<void>> {
    const process = controller.process();
    process.kill(signal);
    // One that waits for a frozen or killed database may hurry.
    const hurry = setTimeout(() => process.kill('SIGKILL'), 20_000);
    await process.ended;
    clearTimeout(hurry);
    return () => controller.start();
  }

  #disturbLine(kind: FaultKind, proxy: TcpProxy): (() => Promise<void>) | null {
    if (kind === 'cut') proxy.cut();
    else if (kind === 'corrupt') proxy.corrupt(3);
    else if (kind === 'delay') proxy.delay(400);
    else proxy.blackHole(true);
    if (kind === 'cut' || kind === 'corrupt') return null;
    return async () => {
      proxy.delay(0);
      proxy.blackHole(false);
      // Of a black hole nobody noticed: connections would stand half open until keep-alives end them.
    };
  }

  /** A box that failed trials only because its disk was full may work again. */
  async #endQuarantines(): Promise<void> {
    const { client } = this.cluster;
    await again(async () => {
      for (const agent of (await client.listAgents()).items) if (agent.quarantine !== null) await client.resumeAgent(agent.id);
    });
  }
}

function startBox(cluster: Cluster, { name, proxy, workdir, clock }: Omit<Box, 'agent'>): RunningAgent {
  return cluster.startAgent({
    name,
    slots,
    workdir,
    env: {
      SWEEP_GRPC_URL: `http://127.0.0.1:${proxy.port}`,
      NODE_OPTIONS: `--import=${join(root, 'test/support/moved-clock.mjs')}`,
      SWEEP_TEST_CLOCK: clock,
    },
  });
}

async function startPeer(cluster: Cluster, env: Readonly<Record<string, string>>, redisUrl: string | null) {
  let peer: Started;
  let port = '0';
  const startIt = async (): Promise<void> => {
    peer = start('node', [join(root, 'apps/controller/bundle/main.js'), '--port', '0', '--grpc-port', port], {
      cwd: cluster.folder,
      env: {
        HOME: cluster.folder,
        SWEEP_DATA_DIR: join(cluster.folder, 'second'),
        SWEEP_DATABASE_URL: cluster.databaseUrl,
        ...(redisUrl === null ? {} : { SWEEP_REDIS_URL: redisUrl }),
        ...env,
      },
    });
    cluster.everybody.push(['controller-2', peer]);
    const ready = await until(() => /"event":"ready".*"grpcUrl":"http:\/\/[^"]*:(\d+)"/.exec(peer.stdout()) ?? hasEnded(peer), {
      what: 'the second controller',
      withinMs: patience,
      seen: () => peer.stderr().slice(-1000),
    });
    port = ready[1]!;
  };
  await startIt();
  return { grpcPort: () => Number(port), process: () => peer, start: () => again(startIt) };
}

function hasEnded(process: Started): undefined {
  if (process.child.exitCode !== null) throw new Error(`ended with ${process.child.exitCode}: ${process.stderr().slice(-1000)}`);
  return undefined;
}

/** Until it succeeds: what it needs may be killed too at this moment. */
async function again(work: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function freeze(process: Started): () => Promise<void> {
  process.kill('SIGSTOP');
  return async () => process.kill('SIGCONT');
}

/** Takes all room there is; mending frees it. */
function fill(path: string, after: () => Promise<void>): () => Promise<void> {
  const filler = join(path, 'filler');
  const file = openSync(filler, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
  return async () => {
    rmSync(filler, { force: true });
    await after();
  };
}

function mountSmall(path: string, mebibytes: number): boolean {
  mkdirSync(path, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path]).status === 0;
}

function runningPrograms(folder: string): readonly number[] | undefined {
  const pids = trainingPrograms(folder);
  return pids.length === 0 ? undefined : pids;
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
