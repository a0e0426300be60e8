/** The controller's engine on the in-memory twins, behind a real gRPC socket. */
import { openMemoryBlobs } from '@sweep/blobs';
import { openMemoryDispatch } from '@sweep/dispatch';
import { type LeaseTimes, type Sweep, type SweepId, type Trial } from '@sweep/domain';
import { type AgentServer, type Grant, type Hello, serveAgents } from '@sweep/protocol';
import { type FakeAgent, fakeAgent } from '@sweep/protocol/testing';
import { silentLogger, systemClock } from '@sweep/runtime';
import { openMemory, type Store } from '@sweep/store';
import { Authenticator } from '../src/auth/authenticate.js';
import type { Caller } from '../src/auth/caller.js';
import { createEngine, type Engine } from '../src/engine.js';
import { EventFeed } from '../src/live/event-feed.js';
import { Sampling } from '../src/sampling/sampling.js';
import { samplerProgram } from './thread-programs.js';

export interface EngineFixture {
  readonly engine: Engine;
  readonly store: Store;
  readonly caller: Caller;
  create(yaml: string): Promise<Sweep>;
  agent(hello?: Partial<Hello>): Promise<FakeAgent>;
  trials(sweep: SweepId): Promise<readonly Trial[]>;
  /** Waits until the sweep has this state. */
  reaches(sweep: SweepId, state: Sweep['state']): Promise<Sweep>;
  close(): Promise<void>;
}

const deadlineMs = 30_000;

export async function eventually<T>(probe: () => Promise<T | undefined>, what: string): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function openEngine(times: Partial<LeaseTimes> = {}): Promise<EngineFixture> {
  const store = openMemory();
  const dispatch = openMemoryDispatch();
  const authenticator = new Authenticator(store);
  const first = await authenticator.firstUser('ann');
  const caller = await authenticator.authenticate(first!.secret);
  const feed = new EventFeed({ events: store.events, clock: systemClock, onError: (error) => silentLogger.error({ err: error }) });
  await feed.start();
  const sampling = new Sampling({ store, threads: 1, program: await samplerProgram(), log: silentLogger });
  const engine = createEngine({
    store,
    sampling,
    feed,
    dispatch,
    blobs: openMemoryBlobs(),
    log: silentLogger,
    clock: systemClock,
    times: { ttlMs: 30_000, agentSilenceMs: 30_000, controllerHeartbeatMs: 5_000, ...times },
    authenticator,
    publicUrl: () => 'http://127.0.0.1:8420',
    privateWebhooks: true,
    version: '0.0.0',
  });
  const server: AgentServer = await serveAgents({ host: '127.0.0.1', port: 0, handler: engine.gateway, log: silentLogger });
  await engine.start();
  const agents: FakeAgent[] = [];

  return {
    engine,
    store,
    caller,
    create: (config) => engine.sweeps.create({ config }, caller),
    async agent(hello = {}) {
      const name = hello.name ?? `box-${agents.length + 1}`;
      const agent = await fakeAgent(`http://127.0.0.1:${server.port}`, first!.secret, { agentId: name, name, ...hello });
      agents.push(agent);
      return agent;
    },
    trials: async (sweep) => (await store.trials.list(sweep, {}, { limit: 1_000, cursor: null })).items,
    async reaches(id, state) {
      return eventually(async () => {
        const sweep = await store.sweeps.find(id);
        return sweep?.state === state ? sweep : undefined;
      }, `sweep to be ${state}`);
    },
    async close() {
      for (const agent of agents) agent.vanish();
      await engine.stop();
      await sampling.close();
      await feed.close();
      await server.close(100);
      await dispatch.close();
      await store.close();
    },
  };
}

/** Reports one value of a metric and a good end. */
export async function finish(agent: FakeAgent, grant: Grant, loss: number, exitCode = 0): Promise<void> {
  const series = [{ name: 'loss', steps: [0], values: [loss], times: [1_700_000_000_000] }];
  await agent.send({ $case: 'points', value: { leaseId: grant.leaseId, sequence: 1, series } });
  await end(agent, grant, exitCode, 1);
}

export async function end(agent: FakeAgent, grant: Grant, exitCode: number, lastSequence: number): Promise<void> {
  const value = {
    leaseId: grant.leaseId,
    exitCode,
    signal: '',
    signalled: false,
    evidence: '',
    detail: `exit code ${exitCode}`,
    lastSequence,
  };
  await agent.send({ $case: 'finished', value });
}

export const ready = (agent: FakeAgent, ...slots: readonly number[]): Promise<void> =>
  agent.send({ $case: 'ready', value: { slots: [...slots] } });
