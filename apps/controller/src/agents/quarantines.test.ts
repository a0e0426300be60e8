import { agentId, type Sweep } from '@sweep/domain';
import { type Grant, VerdictKind } from '@sweep/protocol';
import type { FakeAgent } from '@sweep/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineFixture, end, eventually, finish, openEngine, ready } from '../../testing/engine-fixture.js';

const points = 40;
const grid = (extra = ''): string => `
method: grid
program: train.py
metric: {name: loss}
parameters: {x: {values: [${Array.from({ length: points }, (_, index) => index).join(', ')}]}}
${extra}
`;

let fixture: EngineFixture;

/** Takes trials for as long as it is given any, and ends each in one way. Resolves with how many it ended when `over` is told. */
async function works(agent: FakeAgent, how: (grant: Grant) => Promise<void>): Promise<void> {
  for (;;) {
    await ready(agent, 0);
    await how(await agent.next('grant'));
    await agent.next('finishedAck');
  }
}

const fails = (agent: FakeAgent) => (grant: Grant) => end(agent, grant, 1, 0);
const runs = (agent: FakeAgent) => (grant: Grant) => finish(agent, grant, 1);

/** Ends with the session. */
const until = (work: Promise<void>): void => void work.catch(() => undefined);

async function quarantined(name: string) {
  return eventually(async () => (await fixture.store.agents.find(agentId(name)))?.quarantine ?? undefined, `${name} to be quarantined`);
}

/** A box that has failed three trials which run on another, and is quarantined. */
async function badBox(extra = ''): Promise<{ readonly sweep: Sweep; readonly bad: FakeAgent }> {
  const sweep = await fixture.create(grid(extra));
  const bad = await fixture.agent({ name: 'bad-box' });
  const good = await fixture.agent({ name: 'good-box' });
  until(works(bad, fails(bad)));
  until(works(good, runs(good)));
  await quarantined('bad-box');
  return { sweep, bad };
}

describe('a machine that fails what others can run', () => {
  beforeEach(async () => {
    fixture = await openEngine();
  });
  afterEach(() => fixture.close());

  it('costs no trial: it gets none after the first few, and every one of them runs elsewhere', async () => {
    const { sweep } = await badBox();
    await fixture.reaches(sweep.id, 'completed');
    const trials = await fixture.trials(sweep.id);
    expect(trials.map(({ state }) => state)).toEqual(Array.from({ length: points }, () => 'completed'));
    const there = await fixture.store.attempts.ofAgent(agentId('bad-box'));
    // Three are evidence; a few more may fail before the third of them has run elsewhere.
    expect(there.length).toBeGreaterThanOrEqual(3);
    expect(there.length).toBeLessThan(10);
  });

  it('is named with the evidence, in its record and in the decisions of the sweep', async () => {
    const { sweep } = await badBox();
    const { reason, evidence } = await quarantined('bad-box');
    expect(evidence.length).toBeGreaterThanOrEqual(3);
    expect(new Set(evidence.map(({ trial }) => trial)).size).toBe(evidence.length);
    expect(evidence[0]).toMatchObject({ failed: 'exit code 1', ranOn: 'good-box' });
    const decision = await eventually(
      async () =>
        (await fixture.store.decisions.list(sweep.id, null, { limit: 1000, cursor: null })).items.find(
          ({ about }) => about === 'quarantined',
        ),
      'the decision',
    );
    expect(decision.text).toBe(`bad-box is quarantined: ${reason}`);
  });

  it('stays so when it comes again, and works again once it is resumed', async () => {
    await badBox();
    const again = await fixture.agent({ name: 'bad-box' });
    await ready(again, 0);
    expect((await fixture.store.agents.find(agentId('bad-box')))?.quarantine).not.toBeNull();
    await fixture.create(grid('pool: default'));
    expect(await fixture.engine.agents.resume(agentId('bad-box'))).toMatchObject({ state: 'online', quarantine: null });
    await again.next('grant');
    await expect(fixture.engine.agents.resume(agentId('bad-box'))).rejects.toThrow(/only an agent that drains or is quarantined/);
  });

  it('loses the trials that it still runs to others, is told to stop them, and does not get them back', async () => {
    const slots = [0, 1].map((index) => ({ index, gpuUuids: [] }));
    await fixture.create(grid());
    const bad = await fixture.agent({ name: 'bad-box', slots });
    await ready(bad, 1);
    const kept = await bad.next('grant');
    const good = await fixture.agent({ name: 'good-box' });
    until(works(bad, fails(bad)));
    until(works(good, runs(good)));
    await quarantined('bad-box');
    let stopped = await bad.next('stop');
    while (stopped.leaseId !== kept.leaseId) stopped = await bad.next('stop');
    expect(stopped.kind).toBe('stale');
    await eventually(
      async () => (await fixture.store.trials.find(kept.trialId as never))?.state === 'completed' || undefined,
      'the trial to run',
    );
    expect(await fixture.store.trials.find(kept.trialId as never)).toMatchObject({ causes: [], lostBy: ['bad-box'] });
    const held = [{ leaseId: kept.leaseId, trialId: kept.trialId, attempt: 1, slot: 1, ended: false }];
    const again = await fixture.agent({ name: 'bad-box', held });
    expect(again.welcome.verdicts).toMatchObject([{ kind: VerdictKind.STOP }]);
  });
});

describe('no machine is quarantined', () => {
  beforeEach(async () => {
    fixture = await openEngine();
  });
  afterEach(() => fixture.close());

  it('for bare signals, however many of them', async () => {
    const sweep = await fixture.create(grid('retry: {max: 1, on: [signal], backoff: 0.01s}'));
    const bad = await fixture.agent({ name: 'bad-box' });
    const good = await fixture.agent({ name: 'good-box' });
    const value = { exitCode: -1, signal: 'SIGKILL', signalled: false, evidence: '', detail: 'killed by SIGKILL', lastSequence: 0 };
    until(works(bad, (grant) => bad.send({ $case: 'finished', value: { ...value, leaseId: grant.leaseId } })));
    until(works(good, runs(good)));
    await fixture.reaches(sweep.id, 'completed');
    expect((await fixture.store.attempts.ofAgent(agentId('bad-box'))).length).toBeGreaterThan(2);
    expect((await fixture.store.agents.find(agentId('bad-box')))?.quarantine).toBeNull();
  });

  it('for trials that fail on every machine: their sweep ends', async () => {
    const missing = { exitCode: 1, signal: '', signalled: false, evidence: 'import-error', detail: 'no module torch', lastSequence: 0 };
    const sweep = await fixture.create(grid());
    for (const name of ['one', 'two']) {
      const agent = await fixture.agent({ name });
      until(works(agent, (grant) => agent.send({ $case: 'finished', value: { ...missing, leaseId: grant.leaseId } })));
    }
    await fixture.reaches(sweep.id, 'failed');
    for (const name of ['one', 'two']) expect((await fixture.store.agents.find(agentId(name)))?.quarantine).toBeNull();
    expect((await fixture.trials(sweep.id)).filter(({ state }) => state === 'failed').length).toBeLessThan(12);
  });
});
