/** What the contract's tests start from: a store with a project, sweeps, proposed trials, leases. */
import { randomBytes } from 'node:crypto';
import {
  type AgentId,
  type AttemptEnd,
  agentId,
  applyTrialEvent,
  knownPlace,
  leaseId,
  type Measured,
  nothingMeasured,
  randomId,
  type Series,
  type Sweep,
  type SweepState,
  sweepId,
  type Trial,
  type TrialEvent,
  trialId,
} from '@sweep/domain';
import type { Params } from '@sweep/optimizer';
import { afterAll, beforeAll } from 'vitest';
import type { Leased, LeaseRequest, NewSweep, NewTrial, SamplerStep, Store } from '../../src/store.js';

export interface OpenStore {
  readonly store: Store;
  close(): Promise<void>;
}

export const freshId = (length = 8): string => randomId(length, randomBytes);

/** One store for the tests of a describe block. They share it, so each works with its own sweep in its own pool. */
export function openOnce(open: () => Promise<OpenStore>): () => Store {
  let opened: OpenStore | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(async () => {
    await opened?.close();
  });
  return () => opened!.store;
}

export async function newSweep(store: Store, change: Partial<NewSweep> = {}): Promise<Sweep> {
  const project = change.project ?? (await store.projects.ensure('ada', 'digits')).id;
  return await store.sweeps.create({
    id: sweepId(freshId()),
    project,
    name: 'a sweep',
    config: 'method: random\n',
    seed: 7n,
    pool: `pool-${freshId()}`,
    priority: 0,
    parallel: null,
    runCap: null,
    priorRuns: [],
    priors: [],
    createdBy: null,
    ...change,
  });
}

export const newTrial = (params: Params = { lr: 0.1 }, change: Partial<NewTrial> = {}): NewTrial => ({
  id: trialId(freshId()),
  params,
  origin: 'sampler',
  retryOf: null,
  why: 'uniform',
  proposal: null,
  ...change,
});

export const aStep = (change: Partial<SamplerStep> = {}): SamplerStep => ({
  cursor: 0,
  exhausted: false,
  observed: [],
  renewed: [],
  ...change,
});

export async function propose(store: Store, sweep: Sweep, count: number): Promise<readonly Trial[]> {
  const now = (await store.sweeps.find(sweep.id))!;
  const proposed = Array.from({ length: count }, (_, i) => newTrial({ lr: i + 0.5 }));
  return (await store.trials.propose(sweep.id, now.version, proposed, aStep({ cursor: now.cursor + count })))!;
}

export const aLease = (sweep: Sweep, change: Partial<LeaseRequest> = {}): LeaseRequest => ({
  agent: agentId('agent-1'),
  slot: 0,
  lease: leaseId(freshId(12)),
  ttlMs: 30_000,
  pool: sweep.pool,
  among: null,
  key: null,
  ...change,
});

/** A sweep with one trial that runs. */
export async function running(store: Store, change: Partial<NewSweep> = {}): Promise<Leased> {
  const sweep = await newSweep(store, change);
  await propose(store, sweep, 1);
  return (await store.trials.lease(aLease(sweep)))!;
}

/** Applies an event as a controller does: decide on what was read, then write under its guard. */
export async function happens(store: Store, trial: Trial, event: TrialEvent): Promise<boolean> {
  const outcome = applyTrialEvent(trial, event, { retry: null, objectives: ['loss'], now: await store.now(), place: knownPlace });
  if (outcome.kind !== 'moved') throw new Error(`the event does not apply: ${JSON.stringify(outcome)}`);
  return (await store.trials.move(trial, outcome.move, event.kind === 'ended' ? { end: event.end } : {})) !== null;
}

export const exitZero: AttemptEnd = { exitCode: 0, signal: null, signalled: false, evidence: null, detail: 'exit code 0' };
export const exitThree: AttemptEnd = { ...exitZero, exitCode: 3, detail: 'exit code 3' };

export const ended = (
  trial: Trial,
  value: number | null,
  end: AttemptEnd = exitZero,
  more: Partial<Measured> = {},
): Extract<TrialEvent, { kind: 'ended' }> => ({
  kind: 'ended',
  lease: trial.lease!.id,
  end,
  measured: { values: [value], limits: [], curve: [], ...more },
  logged: ['loss'],
});

export const lost: TrialEvent = { kind: 'lost', measured: nothingMeasured };

export async function moveSweep(store: Store, sweep: Sweep, state: SweepState): Promise<void> {
  const now = (await store.sweeps.find(sweep.id))!;
  if (!(await store.sweeps.move(sweep.id, now, { state, reason: null }))) throw new Error('the sweep has moved on');
}

export async function connect(store: Store, pool: string, id: AgentId = agentId(freshId())): Promise<AgentId> {
  const machine = { hostname: 'box', platform: 'linux', cpus: 8, memoryBytes: 1e9, gpus: [], labels: { zone: 'a' } };
  await store.agents.connect({ id, name: `box ${id}`, pool, sweep: null, machine, slots: [{ index: 0, gpus: [] }], version: '1' });
  return id;
}

export const series = (name: string, values: readonly number[], firstStep = 0): Series => ({
  name,
  steps: Float64Array.from(values.keys(), (i) => firstStep + i),
  values: Float64Array.from(values),
  times: Float64Array.from(values.keys(), (i) => 1.79e12 + (firstStep + i) * 10),
});

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
