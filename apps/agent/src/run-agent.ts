/** The agent's object graph, its signals and its end: everything is made here, handed over by constructor, and closed here. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Conflict, type Machine } from '@sweep/domain';
import { type Clock, createLogger, createShutdown, type Logger, startLoop, systemClock } from '@sweep/runtime';
import { Agent } from './agent.js';
import { AttemptBlobs } from './blobs.js';
import { createKeeper } from './child.js';
import type { AgentConfig } from './config.js';
import { Connection } from './connection.js';
import { type Journal, openJournal } from './journal.js';
import { Leaders } from './leaders.js';
import { listGpus, lookOver, sampleGpus } from './machine.js';
import { keepSession } from './session.js';
import { listenToSignals } from './signals.js';
import { chooseGpus, planSlots, Slots } from './slots.js';
import { tidy } from './tidy.js';
import { Trust } from './trust.js';
import { Uplink } from './uplink.js';
import { UsageTeller } from './usage.js';
import { Workdir } from './workdir.js';

export interface RunOptions {
  readonly config: AgentConfig;
  readonly say: (line: string) => void;
  readonly clock?: Clock;
  /** The built `keeper.js`. */
  readonly keeperPath?: string;
  /** Ends the agent as a first signal would; for programs that run it inside. */
  readonly stop?: AbortSignal;
}

const firstContactMs = 30_000;
/** How long a leaving agent waits for its controller to take its last results. */
const flushMs = 60_000;
const guardEveryMs = 250;
const tidyEveryMs = 3_600_000;

/** Runs until the agent has left. Answers the exit code. @throws what keeps it from starting, and refusals */
export async function runAgent({
  config,
  say,
  clock = systemClock,
  keeperPath = besideThis('keeper.js'),
  stop,
}: RunOptions): Promise<number> {
  const { journal, root } = openWorkdir(config);
  const log = createLogger({ name: 'agent', level: config.logLevel, file: join(root, 'agent.log') });
  const shutdown = createShutdown(log);
  shutdown.add('lock', () => journal.unlock());
  try {
    const gpus = await listGpus(config.environment, (problem) => {
      say(`${problem}; its GPUs are not used. Mend the driver and start the agent again, or give --gpus none`);
    });
    const chosen = chooseGpus(gpus, config.gpus);
    const onError = (error: unknown): void => log.error({ err: error }, 'background work failed');
    const sampler = sampleGpus(chosen, { environment: config.environment, clock, onError });
    shutdown.add('gpu sampler', () => sampler.stop());
    const keeper = createKeeper(keeperPath, clock);
    shutdown.add('keeper', () => keeper.release());
    const trust = new Trust(root, config);
    const connection = openConnection(config, root, trust);
    shutdown.add('connection', () => connection.close());
    const uplink = new Uplink(onError);
    const usage = new UsageTeller({ gpus: chosen.map(({ uuid }) => uuid), sampler, folder: root, clock, onError });
    shutdown.add('usage', () => usage.detach());
    const workdir = new Workdir(root);
    const agent = new Agent({
      identity: identityOf(config, await lookOver(chosen, config.labels)),
      journal,
      slots: new Slots(planSlots(chosen, config)),
      gpus: gpus.length === 0 ? null : chosen,
      uplink,
      usage,
      execution: {
        workdir,
        blobs: new AttemptBlobs(() => connection.channel, workdir.code),
        environment: config.environment,
        cwd: config.cwd,
        trust,
        allowed: config.allowed,
        keeper,
        uplink,
        sampler,
        leaders: new Leaders(),
        clock,
        log,
        termTimeoutMs: config.termTimeoutMs,
      },
      count: config.count,
      flapping: config,
      clock,
      log,
      say,
    });
    shutdown.add('signals', listenToSignals(agent, config, clock));
    const tidying = startLoop({
      name: 'tidy',
      everyMs: tidyEveryMs,
      maxPauseMs: tidyEveryMs,
      clock,
      body: async (signal) => {
        const { removed, failed } = await tidy({ workdir, grants: () => agent.grants, signal }, clock.now());
        if (removed.length > 0) log.info({ removed }, 'folders that nobody used for long were removed');
        if (failed.length > 0) log.warn({ failed }, 'some old folders could not be removed');
      },
      onError,
    });
    shutdown.add('tidying', () => tidying.stop());
    stop?.addEventListener('abort', () => agent.drain({ reason: 'asked to stop', exitCode: 0 }), { once: true });
    await converse({ agent, connection, clock, say, log, root });
    return agent.exitCode;
  } finally {
    await shutdown.run();
  }
}

interface Conversation {
  readonly agent: Agent;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly say: (line: string) => void;
  readonly log: Logger;
  readonly root: string;
}

/** Until the agent is done, is refused, or has waited long enough for its last results to be taken. */
async function converse({ agent, connection, clock, say, log, root }: Conversation): Promise<void> {
  const leaving = new AbortController();
  let idleSince: number | null = null;
  let giveUp: () => void = () => undefined;
  const givenUp = new Promise<void>((resolveGivenUp) => {
    giveUp = resolveGivenUp;
  });
  const body = async (): Promise<void> => {
    agent.guardLeases();
    idleSince = agent.isDraining && !agent.hasLivePrograms ? (idleSince ?? clock.now()) : null;
    if (idleSince !== null && clock.now() - idleSince > flushMs) giveUp();
  };
  const guard = startLoop({
    name: 'guard',
    everyMs: guardEveryMs,
    clock,
    body,
    onError: (error) => log.error({ err: error }, 'guarding failed'),
  });
  const session = keepSession({
    channel: () => connection.dial(),
    listener: agent,
    clock,
    random: Math.random,
    signal: leaving.signal,
    firstContactMs,
  });
  try {
    await Promise.race([agent.done, session, givenUp]);
    if (agent.undelivered > 0)
      say(`${agent.undelivered} results are not delivered: they go when an agent starts again with --workdir ${root}`);
    await agent.sayGoodbye();
  } finally {
    leaving.abort();
    await guard.stop();
  }
  await session;
}

/** The folder that was asked for, or the first of our own that no agent is using: several agents may be started side by side. */
function openWorkdir({ workdir, defaultWorkdirs, cwd }: AgentConfig): { readonly journal: Journal; readonly root: string } {
  const open = (root: string): { journal: Journal; root: string } => {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    return { journal: openJournal(root), root };
  };
  if (workdir !== null) return open(resolve(cwd, workdir));
  for (let number = 1; ; number++) {
    try {
      return open(join(defaultWorkdirs, String(number)));
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

function openConnection({ url, grpcUrl, key, joinToken, name }: AgentConfig, root: string, trust: Trust): Connection {
  return new Connection({ url, grpcUrl, key, joinToken, name, trust, keyPath: join(root, 'agent.key') });
}

function identityOf({ name, pool, sweepId }: AgentConfig, machine: Machine) {
  const { version } = JSON.parse(readFileSync(besideThis('../package.json'), 'utf8')) as { version: string };
  return {
    agentVersion: version,
    name,
    pool,
    sweepId,
    machine: { ...machine, gpus: machine.gpus.map((gpu) => ({ ...gpu })), labels: { ...machine.labels } },
  };
}

const besideThis = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
