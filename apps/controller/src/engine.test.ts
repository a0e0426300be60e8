import { leaseId, trialId } from '@sweep/domain';
import { type Grant, VerdictKind } from '@sweep/protocol';
import type { FakeAgent } from '@sweep/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineFixture, end, eventually, finish, openEngine, ready } from '../testing/engine-fixture.js';

const grid = (values: readonly number[], extra = ''): string => `
method: grid
program: train.py
metric: {name: loss, goal: minimize}
parameters: {x: {values: [${values.join(', ')}]}}
${extra}
`;

let fixture: EngineFixture;

describe('the main path', () => {
  beforeEach(async () => {
    fixture = await openEngine();
  });
  afterEach(() => fixture.close());

  it('hands out every grid point once, to one slot, and completes the sweep', async () => {
    const sweep = await fixture.create(grid([1, 2, 3]));
    const agent = await fixture.agent();
    const seen: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      await ready(agent, 0);
      const grant = await agent.next('grant');
      seen.push(JSON.parse(grant.params));
      await finish(agent, grant, i);
      expect(await agent.next('finishedAck')).toMatchObject({ leaseId: grant.leaseId, state: 'completed' });
    }
    expect(seen).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
    expect(await fixture.reaches(sweep.id, 'completed')).toMatchObject({ reason: 'exhausted' });
    expect((await fixture.trials(sweep.id)).map((trial) => trial.values)).toEqual([[0], [1], [2]]);
  });

  it('fills a slot that was ready before there was anything to do', async () => {
    const agent = await fixture.agent();
    await ready(agent, 0);
    const sweep = await fixture.create(grid([7]));
    expect(await agent.next('grant')).toMatchObject({ sweepId: sweep.id, params: '{"x":7}', program: 'train.py', attempt: 1 });
  });

  it('acknowledges points after their commit, and ignores what it has seen', async () => {
    await fixture.create(grid([1]));
    const agent = await fixture.agent();
    await ready(agent, 0);
    const grant = await agent.next('grant');
    const points = { leaseId: grant.leaseId, sequence: 1, series: [{ name: 'loss', steps: [0, 1], values: [2, 1], times: [1, 2] }] };
    await agent.send({ $case: 'points', value: points });
    expect(await agent.next('acknowledged')).toMatchObject({ pointSequence: 1 });
    await agent.send({ $case: 'points', value: points });
    expect(await agent.next('acknowledged')).toMatchObject({ pointSequence: 1 });
    const [trial] = await fixture.store.trials.inStates(['running'], 1);
    const [series] = await fixture.store.metrics.read(trial!.id, 1, ['loss']);
    expect([...series!.values]).toEqual([2, 1]);
  });

  it('never runs more trials at once than `parallel` says, and goes on when one ends', async () => {
    await fixture.create(grid([1, 2, 3], 'parallel: 1'));
    const agent = await fixture.agent({ slots: [0, 1].map((index) => ({ index, gpuUuids: [] })) });
    await ready(agent, 0, 1);
    const first = await agent.next('grant');
    await finish(agent, first, 1);
    await agent.next('finishedAck');
    await agent.next('grant');
    expect(await fixture.store.trials.inStates(['running'], 10)).toHaveLength(1);
  });

  it('gives the slots to the sweep with the higher priority first', async () => {
    await fixture.create(grid([1, 2]));
    const urgent = await fixture.create(grid([1, 2], 'priority: 5'));
    const agent = await fixture.agent();
    await eventually(
      async () => ((await fixture.store.trials.inStates(['queued'], 10)).some((trial) => trial.sweep === urgent.id) ? true : undefined),
      'queued trials',
    );
    await ready(agent, 0);
    expect((await agent.next('grant')).sweepId).toBe(urgent.id);
  });

  it('shares slots fairly between sweeps of one priority', async () => {
    await fixture.create(grid([1, 2, 3, 4]));
    await fixture.create(grid([1, 2, 3, 4]));
    const agent = await fixture.agent({ slots: [0, 1, 2, 3].map((index) => ({ index, gpuUuids: [] })) });
    await ready(agent, 0, 1, 2, 3);
    const sweeps: string[] = [];
    for (let i = 0; i < 4; i++) sweeps.push((await agent.next('grant')).sweepId);
    expect(sweeps.filter((id) => id === sweeps[0])).toHaveLength(2);
  });

  it('hands nothing to a machine without what the trials need, and says what is missing', async () => {
    const sweep = await fixture.create(grid([1], 'resources: {labels: {zone: a}}'));
    const agent = await fixture.agent();
    await ready(agent, 0);
    const [trial] = await eventually(async () => {
      const trials = await fixture.trials(sweep.id);
      return trials.length > 0 ? trials : undefined;
    }, 'a queued trial');
    expect((await fixture.engine.trials.waitingFor(sweep, [trial!])).get(trial!.id)).toContain('label zone=a is missing');
    expect(agent.received.filter((message) => message.$case === 'grant')).toEqual([]);
  });
});

describe('stopping', () => {
  beforeEach(async () => {
    fixture = await openEngine();
  });
  afterEach(() => fixture.close());

  it('tells the agents of a cancelled sweep at once, and ends when the last program has ended', async () => {
    const sweep = await fixture.create(grid([1, 2]));
    const agent = await fixture.agent();
    await ready(agent, 0);
    const grant = await agent.next('grant');
    await fixture.engine.sweeps.command(sweep.id, 'cancel');
    expect(await agent.next('stop')).toMatchObject({ leaseId: grant.leaseId, kind: 'cancel' });
    expect((await fixture.store.sweeps.find(sweep.id))?.state).toBe('stopping');
    await end(agent, grant, 1, 0);
    expect(await agent.next('finishedAck')).toMatchObject({ state: 'cancelled' });
    await fixture.reaches(sweep.id, 'cancelled');
  });

  it('repeats a stop in every renew reply until the program has ended', async () => {
    const sweep = await fixture.create(grid([1]));
    const agent = await fixture.agent();
    await ready(agent, 0);
    const grant = await agent.next('grant');
    await fixture.engine.sweeps.command(sweep.id, 'cancel');
    await agent.send({ $case: 'renew', value: { leaseIds: [grant.leaseId] } });
    const { renewals } = await agent.next('renewed');
    expect(renewals).toMatchObject([{ leaseId: grant.leaseId, current: true, stop: { kind: 'cancel' } }]);
  });

  it('prunes the worst of three by hyperband, and records why', async () => {
    const sweep = await fixture.create(grid([1, 2, 3], 'early_terminate: {type: hyperband, min_iter: 1, eta: 2}'));
    const agent = await fixture.agent({ slots: [0, 1, 2].map((index) => ({ index, gpuUuids: [] })) });
    await ready(agent, 0, 1, 2);
    const grants = [await agent.next('grant'), await agent.next('grant'), await agent.next('grant')];
    for (const [index, grant] of grants.entries()) {
      const series = [{ name: 'loss', steps: [0], values: [index], times: [1] }];
      await agent.send({ $case: 'points', value: { leaseId: grant.leaseId, sequence: 1, series } });
    }
    expect(await agent.next('stop')).toMatchObject({ leaseId: grants[2]!.leaseId, kind: 'prune' });
    await agent.send({
      $case: 'finished',
      value: {
        leaseId: grants[2]!.leaseId,
        exitCode: -1,
        signal: 'SIGTERM',
        signalled: true,
        evidence: '',
        detail: 'killed',
        lastSequence: 1,
      },
    });
    expect(await agent.next('finishedAck')).toMatchObject({ state: 'pruned' });
    const decisions = await fixture.store.decisions.list(sweep.id, null, { limit: 100, cursor: null });
    expect(decisions.items.some((decision) => decision.about === 'stopped')).toBe(true);
  });

  it('ends the sweep when a value reaches the target, and lets running trials finish', async () => {
    const sweep = await fixture.create(grid([1, 2]).replace('goal: minimize', 'goal: minimize, target: 0.5'));
    const agent = await fixture.agent();
    await ready(agent, 0);
    const grant = await agent.next('grant');
    await finish(agent, grant, 0.4);
    expect(await agent.next('finishedAck')).toMatchObject({ state: 'completed' });
    expect(await fixture.reaches(sweep.id, 'completed')).toMatchObject({ reason: 'target' });
  });

  it('tells an agent that works for one sweep to leave when the sweep is over', async () => {
    const sweep = await fixture.create(grid([1]));
    const agent = await fixture.agent({ sweepId: sweep.id });
    await ready(agent, 0);
    await finish(agent, await agent.next('grant'), 1);
    expect(await agent.next('drain')).toMatchObject({ finished: true });
    await expect(fixture.agent({ name: 'late', sweepId: sweep.id })).rejects.toThrow(/is not running/);
  });
});

describe('an agent that was away', () => {
  afterEach(() => fixture.close());

  it('keeps its attempt and hears what was stored of it', async () => {
    fixture = await openEngine();
    await fixture.create(grid([1]));
    const agent = await fixture.agent({ name: 'box' });
    await ready(agent, 0);
    const grant = await agent.next('grant');
    await agent.send({ $case: 'points', value: { leaseId: grant.leaseId, sequence: 1, series: [] } });
    await agent.next('acknowledged');
    agent.vanish();
    const held = [{ leaseId: grant.leaseId, trialId: grant.trialId, attempt: 1, slot: 0, ended: false }];
    const again = await fixture.agent({ name: 'box', held });
    expect(again.welcome.verdicts).toMatchObject([{ leaseId: grant.leaseId, kind: VerdictKind.KEEP }]);
    expect(again.welcome.acknowledged).toMatchObject([{ pointSequence: 1 }]);
    await end(again, grant, 1, 1);
    expect(await again.next('finishedAck')).toMatchObject({ state: 'failed' });
  });

  it('gives back at once what it was granted but never received', async () => {
    fixture = await openEngine();
    const sweep = await fixture.create(grid([1]));
    const agent = await fixture.agent({ name: 'box' });
    await ready(agent, 0);
    const first = await agent.next('grant');
    agent.vanish();
    const again = await fixture.agent({ name: 'box' });
    await ready(again, 0);
    expect(await again.next('grant')).toMatchObject({ trialId: first.trialId, attempt: 2 });
    expect(await fixture.trials(sweep.id)).toMatchObject([{ causes: ['lost'] }]);
  });

  it('takes its trial back from a replacement that has reported nothing; the replacement is stopped', async () => {
    fixture = await openEngine({ ttlMs: 300, agentSilenceMs: 300 });
    const sweep = await fixture.create(grid([1], 'disconnect: {lost_after: 0.3s}'));
    const old = await fixture.agent({ name: 'old' });
    await ready(old, 0);
    const first = await old.next('grant');
    old.vanish();
    const other = await fixture.agent({ name: 'other' });
    await ready(other, 0);
    const second = await other.next('grant');
    expect(second).toMatchObject({ trialId: first.trialId, attempt: 2 });
    const held = [{ leaseId: first.leaseId, trialId: first.trialId, attempt: 1, slot: 0, ended: false }];
    const back = await fixture.agent({ name: 'old', held });
    expect(back.welcome.verdicts).toMatchObject([{ kind: VerdictKind.KEEP }]);
    expect(await other.next('stop')).toMatchObject({ leaseId: second.leaseId, kind: 'stale' });
    await finish(back, first, 3);
    expect(await back.next('finishedAck')).toMatchObject({ state: 'completed' });
    await fixture.reaches(sweep.id, 'completed');
    const attempts = await fixture.store.attempts.list((await fixture.trials(sweep.id))[0]!.id);
    expect(attempts.filter((attempt) => attempt.counted).map((attempt) => attempt.number)).toEqual([1]);
  });

  it('is stopped when the replacement has reported, but a good result that arrives first counts once', async () => {
    fixture = await openEngine({ ttlMs: 300, agentSilenceMs: 300 });
    const sweep = await fixture.create(grid([1], 'disconnect: {lost_after: 0.3s}'));
    const old = await fixture.agent({ name: 'old' });
    await ready(old, 0);
    const first = await old.next('grant');
    old.vanish();
    const other = await fixture.agent({ name: 'other' });
    await ready(other, 0);
    const second = await other.next('grant');
    await other.send({
      $case: 'points',
      value: { leaseId: second.leaseId, sequence: 1, series: [{ name: 'loss', steps: [0], values: [9], times: [1] }] },
    });
    await other.next('acknowledged');
    const held = [{ leaseId: first.leaseId, trialId: first.trialId, attempt: 1, slot: 0, ended: true }];
    const back = await fixture.agent({ name: 'old', held });
    expect(back.welcome.verdicts).toMatchObject([{ kind: VerdictKind.STOP }]);
    await finish(back, first, 3);
    expect(await back.next('finishedAck')).toMatchObject({ state: 'completed' });
    await end(other, second, 0, 1);
    await other.next('finishedAck');
    const [trial] = await fixture.trials(sweep.id);
    expect(trial).toMatchObject({ state: 'completed', values: [3] });
    const attempts = await fixture.store.attempts.list(trial!.id);
    expect(attempts.filter((attempt) => attempt.counted)).toHaveLength(1);
    // What the other one measured stays readable.
    const [series] = await fixture.store.metrics.read(trial!.id, 2, ['loss']);
    expect([...series!.values]).toEqual([9]);
  });

  const lostWhileAway = async (agent: FakeAgent): Promise<Grant> => {
    await ready(agent, 0);
    const grant = await agent.next('grant');
    agent.vanish();
    await eventually(async () => {
      const trial = await fixture.store.trials.find(trialId(grant.trialId));
      return trial?.state === 'queued' ? trial : undefined;
    }, 'the trial to be given up');
    return grant;
  };
  const endedHeld = ({ leaseId, trialId, attempt }: Grant) => [{ leaseId, trialId, attempt, slot: 0, ended: true }];

  it('with a result, of a trial that was given up, is heard before its slots get anything: the trial is not run again', async () => {
    fixture = await openEngine({ ttlMs: 300, agentSilenceMs: 300 });
    const sweep = await fixture.create(grid([1], 'disconnect: {lost_after: 0.3s}'));
    const first = await lostWhileAway(await fixture.agent({ name: 'old' }));
    const back = await fixture.agent({ name: 'old', held: endedHeld(first) });
    await ready(back, 0);
    await finish(back, first, 3);
    expect(await back.next('finishedAck')).toMatchObject({ state: 'completed' });
    await fixture.reaches(sweep.id, 'completed');
    expect(await fixture.store.attempts.list(trialId(first.trialId))).toMatchObject([{ number: 1, counted: true }]);
  });

  it('with much to say before its result is waited for while it speaks, however often it renews meanwhile', async () => {
    fixture = await openEngine({ ttlMs: 300, agentSilenceMs: 300 });
    await fixture.create(grid([1], 'disconnect: {lost_after: 0.3s}'));
    const first = await lostWhileAway(await fixture.agent({ name: 'old' }));
    const back = await fixture.agent({ name: 'old', held: endedHeld(first) });
    await ready(back, 0);
    for (const sequence of [1, 2, 3]) {
      const series = [{ name: 'loss', steps: [sequence], values: [1 / sequence], times: [sequence] }];
      await back.send({ $case: 'points', value: { leaseId: first.leaseId, sequence, series } });
      await back.send({ $case: 'renew', value: { leaseIds: [] } });
      await back.next('renewed');
    }
    await end(back, first, 0, 3);
    expect(await back.next('finishedAck')).toMatchObject({ state: 'completed' });
    expect(await fixture.store.attempts.list(trialId(first.trialId))).toMatchObject([{ number: 1, counted: true }]);
  });

  it('without the result of an attempt that is over, is given work again once it renews', async () => {
    fixture = await openEngine({ ttlMs: 300, agentSilenceMs: 300 });
    await fixture.create(grid([1], 'disconnect: {lost_after: 0.3s}'));
    const first = await lostWhileAway(await fixture.agent({ name: 'old' }));
    const back = await fixture.agent({ name: 'old', held: endedHeld(first) });
    await ready(back, 0);
    await back.send({ $case: 'renew', value: { leaseIds: [] } });
    expect(await back.next('grant')).toMatchObject({ trialId: first.trialId, attempt: 2 });
  });

  it('and never returns: its trial goes to another agent, and fails in the end naming those that lost it', async () => {
    fixture = await openEngine({ ttlMs: 200, agentSilenceMs: 200 });
    const sweep = await fixture.create(grid([1], 'disconnect: {lost_after: 0.2s}'));
    for (const name of ['a', 'b', 'c', 'd']) {
      const agent = await fixture.agent({ name });
      await ready(agent, 0);
      await agent.next('grant');
      agent.vanish();
    }
    const trial = await eventually(
      async () => (await fixture.trials(sweep.id)).find((candidate) => candidate.state === 'failed'),
      'the trial to fail',
    );
    expect(trial.reason).toContain('a, b, c, d');
  });

  it('is not told to forget a lease that another agent holds, only that it is unknown to it', async () => {
    fixture = await openEngine();
    await fixture.create(grid([1]));
    const agent = await fixture.agent({ name: 'holder' });
    await ready(agent, 0);
    const grant = await agent.next('grant');
    const thief = await fixture.agent({
      name: 'thief',
      held: [{ leaseId: grant.leaseId, trialId: grant.trialId, attempt: 1, slot: 0, ended: false }],
    });
    expect(thief.welcome.verdicts).toMatchObject([{ kind: VerdictKind.FORGET }]);
    await thief.send({ $case: 'points', value: { leaseId: grant.leaseId, sequence: 1, series: [] } });
    expect((await thief.closed)?.message).toContain('does not hold lease');
    expect((await fixture.store.attempts.findByLease(leaseId(grant.leaseId)))?.pointSequence).toBe(0);
  });
});

describe('ask and tell', () => {
  beforeEach(async () => {
    fixture = await openEngine();
  });
  afterEach(() => fixture.close());

  it('hands out points without an agent, takes reports, and counts what is told', async () => {
    const sweep = await fixture.create(grid([1, 2]));
    const { trials } = await fixture.engine.askTell.ask(sweep, 2, null, fixture.caller);
    expect(trials.map((trial) => trial.params)).toEqual([{ x: 1 }, { x: 2 }]);
    expect(await fixture.engine.askTell.report(trials[0]!, 0, { loss: 5 })).toEqual({ stop: false, reason: null });
    await fixture.engine.askTell.tell(trials[0]!, { state: 'completed', values: [4], metrics: {}, reason: null });
    await fixture.engine.askTell.tell(trials[1]!, { state: 'failed', values: [], metrics: {}, reason: 'diverged' });
    await fixture.reaches(sweep.id, 'completed');
    expect(await fixture.trials(sweep.id)).toMatchObject([
      { state: 'completed', values: [4] },
      { state: 'failed', reason: 'diverged' },
    ]);
  });

  it('ends an asked trial at once when its sweep is cancelled: there is no process to wait for', async () => {
    const sweep = await fixture.create(grid([1, 2]));
    await fixture.engine.askTell.ask(sweep, 1, null, fixture.caller);
    await fixture.engine.sweeps.command(sweep.id, 'cancel');
    await fixture.reaches(sweep.id, 'cancelled');
    expect((await fixture.trials(sweep.id))[0]).toMatchObject({ state: 'cancelled' });
  });

  it('says that the space has ended', async () => {
    const sweep = await fixture.create(grid([1]));
    expect(await fixture.engine.askTell.ask(sweep, 3, null, fixture.caller)).toMatchObject({
      trials: [{ params: { x: 1 } }],
      exhausted: true,
    });
  });
});

describe('people', () => {
  beforeEach(async () => {
    fixture = await openEngine();
  });
  afterEach(() => fixture.close());

  it('retry a failed trial as a new one, and an ended sweep goes on for it', async () => {
    const sweep = await fixture.create(grid([1]));
    const agent = await fixture.agent();
    await ready(agent, 0);
    await finish(agent, await agent.next('grant'), 1, 3);
    await fixture.reaches(sweep.id, 'completed');
    const [retried] = await fixture.engine.sweeps.retry(sweep.id, { failed: true });
    expect(retried).toMatchObject({ number: 2, origin: 'retry', params: { x: 1 }, state: 'queued' });
    await ready(agent, 0);
    await finish(agent, await agent.next('grant'), 1);
    await fixture.reaches(sweep.id, 'completed');
    expect((await fixture.trials(sweep.id)).map((trial) => trial.state)).toEqual(['failed', 'completed']);
  });

  it('enqueue a point, which a grid does not repeat', async () => {
    // More than are proposed ahead: the sampler must not have come to the last one yet.
    const values = Array.from({ length: 20 }, (_, index) => index);
    const sweep = await fixture.create(grid(values));
    await expect(fixture.engine.sweeps.enqueue(sweep.id, [{ x: 50 }])).rejects.toThrow(/"x" is not one of its values/);
    await expect(fixture.engine.sweeps.enqueue(sweep.id, [{ y: 1 }])).rejects.toThrow(/no parameter "y"/);
    await fixture.engine.sweeps.enqueue(sweep.id, [{ x: 19 }]);
    const agent = await fixture.agent();
    const seen: number[] = [];
    for (const _ of values) {
      await ready(agent, 0);
      const grant = await agent.next('grant');
      seen.push((JSON.parse(grant.params) as { x: number }).x);
      await finish(agent, grant, 1);
    }
    await fixture.reaches(sweep.id, 'completed');
    expect(seen.sort((a, b) => a - b)).toEqual(values);
  });

  it('edit the cap of a live sweep by revision', async () => {
    const sweep = await fixture.create(grid([1, 2, 3]));
    const edited = await fixture.engine.sweeps.edit(sweep.id, 1, { runCap: 1 }, fixture.caller);
    expect(edited).toMatchObject({ revision: 2, runCap: 1 });
    await expect(fixture.engine.sweeps.edit(sweep.id, 1, { runCap: 2 }, fixture.caller)).rejects.toThrow(/at revision 2/);
  });

  it('lower the cap: no more run than it says, but for points that were asked for', async () => {
    const sweep = await fixture.create(grid([1, 2, 3, 4, 5]));
    await eventually(async () => (await fixture.trials(sweep.id)).length === 5 || undefined, 'all points to wait');
    await fixture.engine.sweeps.enqueue(sweep.id, [{ x: 5 }]);
    await fixture.engine.sweeps.edit(sweep.id, 1, { runCap: 3 }, fixture.caller);
    const agent = await fixture.agent();
    for (const x of [1, 2, 5]) {
      await ready(agent, 0);
      const grant = await agent.next('grant');
      expect(JSON.parse(grant.params)).toEqual({ x });
      await finish(agent, grant, 1);
    }
    expect(await fixture.reaches(sweep.id, 'completed')).toMatchObject({ reason: 'budget' });
    const withdrawn = (await fixture.trials(sweep.id)).filter(({ state }) => state === 'cancelled');
    expect(withdrawn.map(({ number, reason }) => [number, reason])).toEqual(
      [3, 4, 5].map((number) => [number, 'beyond run_cap, which is 3']),
    );
  });
});
