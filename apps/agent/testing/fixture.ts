/** An agent against a fake controller, with real child processes in a folder of its own; everything is gone after the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bug, SweepError } from '@sweep/domain';
import type { AgentMessage, Grant, Hello, Points, Welcome } from '@sweep/protocol';
import { type FakeGateway, type FakeGatewayOptions, type FakeSession, fakeGateway, testGrant, testWelcome } from '@sweep/protocol/testing';
import { build } from 'esbuild';
import type { AttemptRecord } from '../src/attempt-record.js';
import { type AgentConfig, readAgentConfig } from '../src/config.js';
import { runAgent } from '../src/run-agent.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));

/** The agent as it is delivered: processes are started from JavaScript. Made once for each test file. */
export async function buildAgent(): Promise<{ readonly main: string; readonly keeper: string; remove(): void }> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'agent-'));
  await build({
    entryPoints: [join(root, 'src/main.ts'), join(root, 'src/keeper.ts')],
    outdir: join(folder, 'dist'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    external: ['@grpc/grpc-js', 'pino', 'systeminformation', '@bufbuild/protobuf', 'zod', 'yaml', 're2js', 'tar-stream'],
    logLevel: 'error',
  });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  cpSync(join(folder, 'dist', 'keeper.mjs'), join(folder, 'dist', 'keeper.js'));
  return {
    main: join(folder, 'dist', 'main.mjs'),
    keeper: join(folder, 'dist', 'keeper.mjs'),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export interface RunningAgent {
  readonly said: readonly string[];
  readonly exit: Promise<number>;
  /** As a first signal would. */
  drain(): void;
}

export class Fixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'sweep-agent-'));
  readonly workdir = join(this.folder, 'work');
  readonly cwd = join(this.folder, 'cwd');
  private readonly gateways: FakeGateway[] = [];
  private readonly agents: RunningAgent[] = [];
  private readonly processes: ChildProcess[] = [];

  constructor(private readonly built: { readonly main: string; readonly keeper: string }) {
    mkdirSync(this.cwd);
  }

  async gateway(options: FakeGatewayOptions = {}): Promise<FakeGateway> {
    const gateway = await fakeGateway(options);
    this.gateways.push(gateway);
    return gateway;
  }

  config(url: string, flags: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): AgentConfig {
    const base = {
      PATH: process.env['PATH'],
      HOME: this.folder,
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      SWEEP_API_KEY: 'secret-key',
      WANDB_AGENT_DISABLE_FLAPPING: 'true',
    };
    const all = ['--grpc-url', url, '--workdir', this.workdir, '--name', 'box', '--log-level', 'debug', '--term-timeout', '1', ...flags];
    return readAgentConfig(all, { ...base, ...environment }, this.cwd);
  }

  start(config: AgentConfig): RunningAgent {
    const said: string[] = [];
    const stop = new AbortController();
    const exit = runAgent({ config, say: (line) => void said.push(line), keeperPath: this.built.keeper, stop: stop.signal });
    // Told when the fixture closes, if no test has expected it.
    exit.catch(() => undefined);
    const agent = { said, exit, drain: () => stop.abort() };
    this.agents.push(agent);
    return agent;
  }

  /** As a process of its own, to be killed. */
  spawn(url: string, flags: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): ChildProcess & { readonly said: () => string } {
    const args = [this.built.main, '--grpc-url', url, '--workdir', this.workdir, '--name', 'box', '--term-timeout', '1', ...flags];
    const base = { PATH: process.env['PATH'], HOME: this.folder, SWEEP_API_KEY: 'secret-key', WANDB_AGENT_DISABLE_FLAPPING: 'true' };
    const child = spawn(process.execPath, args, { cwd: this.cwd, env: { ...base, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    this.processes.push(child);
    return Object.assign(child, { said: () => text });
  }

  /** Ends everything, and fails when a process of a trial is left. */
  async close(): Promise<void> {
    for (const agent of this.agents) agent.drain();
    for (const child of this.processes) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    const left = trialProcesses(this.folder);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    const ended = Promise.allSettled(this.agents.map(({ exit }) => exit));
    const exits = await Promise.race([ended, new Promise<readonly []>((resolve) => setTimeout(() => resolve([]), 5_000))]);
    for (const gateway of this.gateways) await gateway.close();
    // A keeper may still be writing down how its program ended.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    if (left.length > 0) throw new Error(`${left.length} processes of trials were left behind`);
    // An agent ends with an exit code or for a reason that it names; anything else is a crash.
    const crash = exits.find((one) => one.status === 'rejected' && (!(one.reason instanceof SweepError) || one.reason instanceof Bug));
    if (crash?.status === 'rejected') throw crash.reason;
  }
}

/** Living processes whose environment names a file below the folder. */
export function trialProcesses(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`SWEEP_METRICS=${folder}`) &&
          !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z')
        );
      } catch {
        return false;
      }
    });
}

export const program = (name: string): string => join(root, 'testing', 'programs', name);

let leases = 0;

/** A trial of one of the programs in `programs/`, run by this Node. */
export function grantOf(name: string, args: readonly string[], change: Partial<Grant> = {}): Grant {
  const number = ++leases;
  return testGrant({
    leaseId: `lease-${number}-${process.pid}`,
    // An agent looks for a trial's processes by its id, over the whole machine: test files run beside each other.
    trialId: `trial${String(number).padStart(3, '0')}p${process.pid}`,
    number,
    program: name,
    command: [process.execPath, program(name), ...args],
    ...change,
  });
}

export const give = (session: FakeSession, grant: Grant): Promise<void> => session.send({ $case: 'grant', value: grant });

/** Commits everything and answers as a controller does. Keeps what it got, over sessions and restarts. */
export class Ledger {
  readonly points = new Map<string, Points[]>();
  readonly output = new Map<string, Buffer>();
  acknowledges = true;

  readonly options = {
    welcome: (hello: Hello): Welcome =>
      testWelcome({
        acknowledged: hello.held.map(({ leaseId }) => this.acknowledged(leaseId)),
      }),
    onMessage: (message: AgentMessage, session: FakeSession): Promise<void> => this.take(message, session),
  } satisfies FakeGatewayOptions;

  /** The values of one metric, in order of arrival. */
  values(leaseId: string, name: string): readonly number[] {
    return (this.points.get(leaseId) ?? []).flatMap((batch) =>
      batch.series.filter((series) => series.name === name).flatMap(({ values }) => values),
    );
  }

  text(leaseId: string, stream: string): string {
    return (this.output.get(`${leaseId}/${stream}`) ?? Buffer.alloc(0)).toString('utf8');
  }

  private acknowledged(leaseId: string) {
    const size = (stream: string): number => this.output.get(`${leaseId}/${stream}`)?.length ?? 0;
    return {
      leaseId,
      pointSequence: this.points.get(leaseId)?.at(-1)?.sequence ?? 0,
      stdoutBytes: size('stdout'),
      stderrBytes: size('stderr'),
    };
  }

  private async take(message: AgentMessage, session: FakeSession): Promise<void> {
    if (message.$case === 'points') this.takePoints(message.value);
    if (message.$case === 'output') {
      const key = `${message.value.leaseId}/${message.value.stream}`;
      const known = this.output.get(key) ?? Buffer.alloc(0);
      if (message.value.offset > known.length) throw new Error(`a gap in ${key}: have ${known.length}, got ${message.value.offset}`);
      this.output.set(key, Buffer.concat([known.subarray(0, message.value.offset), message.value.data]));
    }
    if (message.$case === 'renew') {
      const renewals = message.value.leaseIds.map((leaseId) => ({ leaseId, current: true }));
      await session.send({ $case: 'renewed', value: { renewals } });
    }
    if (!this.acknowledges) return;
    if (message.$case === 'points' || message.$case === 'output')
      await session.send({ $case: 'acknowledged', value: this.acknowledged(message.value.leaseId) });
    if (message.$case === 'finished')
      await session.send({ $case: 'finishedAck', value: { leaseId: message.value.leaseId, state: 'completed', reason: '' } });
  }

  private takePoints(batch: Points): void {
    const batches = this.points.get(batch.leaseId) ?? [];
    const last = batches.at(-1)?.sequence ?? 0;
    if (batch.sequence > last + 1) throw new Error(`a gap in the points of ${batch.leaseId}: have ${last}, got ${batch.sequence}`);
    if (batch.sequence === last + 1) this.points.set(batch.leaseId, [...batches, batch]);
  }
}

/** Looks until the condition holds. */
export async function until(what: string, holds: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const exists = (path: string): boolean => existsSync(path);

/** What the agent's journal says of an attempt last; null when it is over and done with. */
export function recordOf(workdir: string, leaseId: string): AttemptRecord | null {
  const lines = readFileSync(join(workdir, 'journal.jsonl'), 'utf8').split('\n');
  const last = lines.findLast((line) => line.includes(`"leaseId":"${leaseId}"`));
  return last === undefined ? null : (JSON.parse(last) as { readonly record: AttemptRecord | null }).record;
}
