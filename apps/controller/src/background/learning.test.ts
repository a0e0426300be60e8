/** Sweeps whose sampler learns, through the engine: real threads, and trials that run on an agent. */
import type { Sweep } from '@sweep/domain';
import type { FakeAgent } from '@sweep/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineFixture, end, eventually, finish, openEngine, ready } from '../../testing/engine-fixture.js';

const bayes = (extra = ''): string => `
method: bayes
program: train.py
metric: {name: loss, goal: minimize}
parameters: {x: {min: 0.0, max: 1.0}, k: {values: [1, 2, 3]}}
${extra}
`;

let fixture: EngineFixture;
beforeEach(async () => {
  fixture = await openEngine();
});
afterEach(() => fixture.close());

/** Runs trials on one slot until there are no more. Every third one fails when asked to. */
async function runAll(sweep: Sweep, agent: FakeAgent, failing = false): Promise<void> {
  for (let n = 1; ; n++) {
    await ready(agent, 0);
    const grant = await Promise.race([agent.next('grant'), over(sweep)]);
    if (grant === null) return;
    const { x } = JSON.parse(grant.params) as { x: number };
    if (failing && n % 3 === 0) await end(agent, grant, 1, 0);
    else await finish(agent, grant, (x - 0.3) ** 2);
    await agent.next('finishedAck');
  }
}

const over = async ({ id }: Sweep): Promise<null> => {
  await fixture.reaches(id, 'completed');
  return null;
};

const log = async ({ id }: Sweep) => (await fixture.store.searchLog.trials(id, { limit: 1_000, cursor: null })).items;
const decisions = async ({ id }: Sweep) =>
  (await fixture.store.decisions.list(id, null, { limit: 1_000, cursor: null })).items.map(({ text }) => text);

describe('a sweep whose sampler learns', () => {
  it('runs to its cap; the log says from what each trial was proposed', async () => {
    const sweep = await fixture.create(bayes('run_cap: 10'));
    await runAll(sweep, await fixture.agent());
    const trials = await log(sweep);
    expect(trials).toHaveLength(10);
    const seen = trials.flatMap(({ observed }) => observed ?? []).sort((a, b) => a - b);
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1));
    expect((await fixture.store.sweeps.find(sweep.id))!.logLength).toBe(seen.length);
    expect(trials.map(({ proposal }) => proposal?.index)).toEqual(Array.from({ length: 10 }, (_, index) => index));
    const known = trials.map(({ proposal }) => proposal!.asOf);
    expect(known).toEqual([...known].sort((a, b) => a - b));
    // One trial waits while another runs, so at most two ends were not seen when the last one was proposed.
    expect(known.at(-1)).toBeGreaterThanOrEqual(7);
  });

  it('goes on when trials fail', async () => {
    const sweep = await fixture.create(bayes('run_cap: 9'));
    await runAll(sweep, await fixture.agent(), true);
    const entries = await fixture.store.searchLog.observed(sweep.id, 0, 100);
    expect(entries.filter(({ state }) => state === 'failed').length).toBeGreaterThanOrEqual(2);
    expect(entries.every(({ state, blame }) => state !== 'failed' || blame === 'config')).toBe(true);
  });

  it('chooses again what waits behind the next trial, once results come in', async () => {
    const sweep = await fixture.create(bayes());
    const agent = await fixture.agent({ slots: [0, 1, 2, 3].map((index) => ({ index, gpuUuids: [] })) });
    await ready(agent, 0, 1, 2, 3);
    for (let n = 0; n < 12; n++) {
      const grant = await agent.next('grant');
      await finish(agent, grant, (JSON.parse(grant.params) as { x: number }).x);
      await agent.next('finishedAck');
      await ready(agent, grant.slots[0]!);
    }
    await eventually(
      async () => (await decisions(sweep)).find((text) => text.startsWith('chosen again after new results')),
      'a new choice',
    );
    // Nobody runs other params than the trial's row says.
    for (const trial of await fixture.trials(sweep.id)) {
      const grant = agent.received.find((message) => message.$case === 'grant' && message.value.trialId === trial.id);
      if (grant?.$case === 'grant') expect(JSON.parse(grant.value.params)).toEqual(JSON.parse(JSON.stringify(trial.params)));
    }
  });
});

describe('W&B sweep files', () => {
  it.each([
    ['last', 4],
    ['best', 2],
  ])('C111 the %s value of a trial is what counts', async (value, counted) => {
    const sweep = await fixture.create(bayes().replace('goal: minimize', `goal: minimize, value: ${value}`));
    const agent = await fixture.agent();
    await ready(agent, 0);
    const grant = await agent.next('grant');
    const series = [{ name: 'loss', steps: [0, 1, 2], values: [5, 2, 4], times: [1, 2, 3] }];
    await agent.send({ $case: 'points', value: { leaseId: grant.leaseId, sequence: 1, series } });
    await end(agent, grant, 0, 1);
    await agent.next('finishedAck');
    expect((await fixture.store.trials.findByNumber(sweep.id, grant.number))!.values).toEqual([counted]);
  });

  it('C161 may change their method until the first trial runs, and not after', async () => {
    const sweep = await fixture.create(bayes());
    const random = bayes().replace('method: bayes', 'method: random');
    await fixture.engine.sweeps.edit(sweep.id, 1, { config: random }, fixture.caller);
    const agent = await fixture.agent();
    await ready(agent, 0);
    await agent.next('grant');
    const late = fixture.engine.sweeps.edit(sweep.id, 2, { config: bayes() }, fixture.caller);
    await expect(late).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('has started') });
  });
});

describe('prior runs', () => {
  it('are learned from as they were when the sweep was made', async () => {
    const first = await fixture.create(bayes('run_cap: 3'));
    await runAll(first, await fixture.agent());
    const runs = (await fixture.trials(first.id)).map(({ id }) => id);
    const sweep = await fixture.engine.sweeps.create({ config: bayes(), priorRuns: runs }, fixture.caller);
    const priors = await fixture.store.searchLog.priors(sweep.id);
    expect(priors.map(({ number, state }) => [number, state])).toEqual([
      [-1, 'completed'],
      [-2, 'completed'],
      [-3, 'completed'],
    ]);
    expect(priors.map(({ values }) => values)).toEqual((await fixture.trials(first.id)).map(({ values }) => values));
  });

  it('of another space, or still running, teach nothing, and the sweep says so', async () => {
    await fixture.create(bayes().replace('max: 1.0', 'max: 100.0').replace('min: 0.0', 'min: 50.0'));
    const agent = await fixture.agent();
    await ready(agent, 0);
    const grant = await agent.next('grant');
    const running = await fixture.engine.sweeps.create({ config: bayes(), priorRuns: [grant.trialId] }, fixture.caller);
    expect(await decisions(running)).toContain(`prior run ${grant.trialId} teaches nothing: it is running`);
    await finish(agent, grant, 1);
    await agent.next('finishedAck');
    const sweep = await fixture.engine.sweeps.create({ config: bayes(), priorRuns: [grant.trialId] }, fixture.caller);
    expect(await fixture.store.searchLog.priors(sweep.id)).toEqual([]);
    expect((await decisions(sweep)).join()).toMatch(/prior run \w+ teaches nothing: "x" is [\d.]+, outside 0 … 1/);
  });

  it('without a value for a parameter teach nothing either', async () => {
    const first = await fixture.create(bayes().replace(', k: {values: [1, 2, 3]}', '').concat('run_cap: 1\n'));
    await runAll(first, await fixture.agent());
    const [run] = await fixture.trials(first.id);
    const sweep = await fixture.engine.sweeps.create({ config: bayes(), priorRuns: [run!.id] }, fixture.caller);
    expect(await decisions(sweep)).toContain(`prior run ${run!.id} teaches nothing: "k" is missing`);
  });

  it('that are not there refuse the sweep', async () => {
    const made = fixture.engine.sweeps.create({ config: bayes(), priorRuns: ['nothing1'] }, fixture.caller);
    await expect(made).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('nothing1') });
    expect((await fixture.store.sweeps.list({}, { limit: 10, cursor: null })).total).toBe(0);
  });
});
