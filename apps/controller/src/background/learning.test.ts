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
      const { x, k } = JSON.parse(grant.params) as { x: number; k: number };
      // Rugged: each result moves the best next point.
      await finish(agent, grant, k * Math.sin(25 * x));
      await agent.next('finishedAck');
      // Or all that waits is taken before the search has heard of the result.
      const heard = async () => ((await fixture.store.sweeps.find(sweep.id))!.logLength > n ? true : undefined);
      await eventually(heard, 'the result in the log');
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

describe('limits and early stopping', () => {
  const watched = `
method: bayes
program: train.py
metrics: [{name: loss, goal: minimize}, {name: ms, constraint: '<= 50', value: best}, {name: mb, constraint: '>= 1'}]
early_terminate: {type: hyperband, min_iter: 2, eta: 2}
parameters: {x: {min: 0.0, max: 1.0}}
run_cap: 3
`;

  /** Runs one trial with these metrics. */
  async function runOne(agent: FakeAgent, metrics: Readonly<Record<string, readonly number[]>>, exitCode = 0): Promise<void> {
    await ready(agent, 0);
    const grant = await agent.next('grant');
    const series = Object.entries(metrics).map(([name, values]) => ({
      name,
      steps: values.map((_, step) => step),
      values: [...values],
      times: values.map(() => 1),
    }));
    await agent.send({ $case: 'points', value: { leaseId: grant.leaseId, sequence: 1, series } });
    await end(agent, grant, exitCode, 1);
    await agent.next('finishedAck');
  }

  it('stand in the log with each end: what counts of the limited metrics, and the objective where trials are compared', async () => {
    const sweep = await fixture.create(watched);
    const agent = await fixture.agent();
    await runOne(agent, { loss: [9, 8, 7, 6, 5], ms: [60, 40, 45], mb: [3] });
    await runOne(agent, { loss: [9, 3], ms: [70, 60] });
    await runOne(agent, { loss: [4] }, 1);
    await fixture.reaches(sweep.id, 'completed');
    expect(await log(sweep)).toMatchObject([
      {
        state: 'completed',
        values: [5],
        limits: [40, 3],
        curve: [
          [2, 8],
          [4, 6],
        ],
      },
      { state: 'completed', values: [3], limits: [60, null], curve: [[2, 3]] },
      { state: 'failed', values: [4], limits: [null, null] },
    ]);
    const best = await fixture.store.trials.best(sweep.id, { goal: 'minimize', limits: [{ keep: 'below', bound: 50 }] }, 9);
    expect(best.map(({ number }) => number)).toEqual([1]);
  });

  it('are read from prior runs as the new sweep counts them', async () => {
    const first = await fixture.create(watched.replace('run_cap: 3', 'run_cap: 1'));
    await runOne(await fixture.agent(), { loss: [9, 8, 7, 6, 5], ms: [60, 40, 45], mb: [3] });
    await fixture.reaches(first.id, 'completed');
    const [run] = await fixture.trials(first.id);
    const config = watched.replace('value: best', 'value: last').replace('min_iter: 2', 'min_iter: 3');
    const sweep = await fixture.engine.sweeps.create({ config, priorRuns: [run!.id] }, fixture.caller);
    expect(await fixture.store.searchLog.priors(sweep.id)).toMatchObject([{ number: -1, values: [5], limits: [45, 3], curve: [[3, 7]] }]);
  });

  it('keep a sweep from ending at its target by a trial that breaks them, in whatever order its metrics come', async () => {
    const config = watched.replace('goal: minimize}', 'goal: minimize, target: 2}').replace('run_cap: 3', 'run_cap: 9');
    const sweep = await fixture.create(config);
    const agent = await fixture.agent();
    await runOne(agent, { loss: [1], ms: [60], mb: [3] });
    await runOne(agent, { loss: [1], mb: [3] });
    expect(await fixture.store.sweeps.find(sweep.id)).toMatchObject({ state: 'running' });
    await ready(agent, 0);
    const grant = await agent.next('grant');
    for (const [sequence, [name, value]] of [['ms', 40] as const, ['loss', 1.5] as const, ['mb', 2] as const].entries()) {
      const series = [{ name, steps: [0], values: [value], times: [1] }];
      await agent.send({ $case: 'points', value: { leaseId: grant.leaseId, sequence: sequence + 1, series } });
    }
    await end(agent, grant, 0, 3);
    expect(await fixture.reaches(sweep.id, 'completed')).toMatchObject({ reason: 'target' });
  });

  it('may get another bound while the sweep runs, but no other metric', async () => {
    const sweep = await fixture.create(watched);
    await runOne(await fixture.agent(), { loss: [1], ms: [1], mb: [1] });
    const edit = (config: string) => fixture.engine.sweeps.edit(sweep.id, null, { config }, fixture.caller);
    await expect(edit(watched.replace('<= 50', '<= 20'))).resolves.toMatchObject({ revision: 2 });
    for (const other of [watched.replace('name: ms', 'name: seconds'), watched.replace('goal: minimize', 'goal: maximize')])
      await expect(edit(other)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('has started with minimize loss'),
      });
  });
});

describe('what cannot be', () => {
  const impossible = bayes("constraints: ['x > 2']");
  const named = { code: 'sweep-file-refused', message: expect.stringContaining('x > 2') };

  it('a constraint that no point satisfies refuses the sweep, and nothing is made', async () => {
    await expect(fixture.create(impossible)).rejects.toMatchObject(named);
    expect((await fixture.store.sweeps.list({}, { limit: 10, cursor: null })).total).toBe(0);
  });

  it('an edit to one is refused, as is a point outside the space, and the sweep goes on', async () => {
    const sweep = await fixture.create(bayes('run_cap: 3'));
    const { sweeps } = fixture.engine;
    await expect(sweeps.edit(sweep.id, 1, { config: impossible }, fixture.caller)).rejects.toMatchObject(named);
    await expect(sweeps.enqueue(sweep.id, [{ x: 7, k: 1 }])).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('"x" is 7'),
    });
    await runAll(sweep, await fixture.agent());
    expect(await fixture.store.sweeps.find(sweep.id)).toMatchObject({ state: 'completed', revision: 1 });
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
