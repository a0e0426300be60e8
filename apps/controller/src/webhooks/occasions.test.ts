/** What happens to sweeps, trials, runs and machines, and what webhooks are told of it. */
import { agentId, type SweepId } from '@sweep/domain';
import type { FakeAgent } from '@sweep/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineFixture, end, eventually, finish, openEngine, ready } from '../../testing/engine-fixture.js';

const grid = (points: number): string =>
  `method: grid\nprogram: train.py\nmetric: {name: loss}\nparameters: {x: {values: [${Array.from({ length: points }, (_, x) => x).join(', ')}]}}\n`;

let fixture: EngineFixture;
beforeEach(async () => {
  fixture = await openEngine();
});
afterEach(() => fixture.close());

async function hooked(sweep: SweepId, ...events: readonly string[]) {
  const { project } = (await fixture.store.sweeps.find(sweep))!;
  await fixture.store.webhooks.replace(project, [{ id: `w-${sweep}`, url: 'https://hooks.example', secret: 'whsec_', events }]);
  return async () =>
    (await fixture.store.webhooks.deliveries(project, 100)).map(({ body }) => JSON.parse(body) as { type: string; data: object });
}

async function works(agent: FakeAgent, exitCode: number): Promise<void> {
  for (;;) {
    await ready(agent, 0);
    const grant = await agent.next('grant');
    await (exitCode === 0 ? finish(agent, grant, 1) : end(agent, grant, exitCode, 0));
    await agent.next('finishedAck');
  }
}

/** Ends with the session. */
const begin = (work: Promise<void>): void => void work.catch(() => undefined);

describe('webhooks are told', () => {
  it('that a trial failed, with its cause, and that its sweep has ended', async () => {
    const sweep = await fixture.create(grid(1));
    const told = await hooked(sweep.id, 'run.failed', 'sweep.ended');
    begin(works(await fixture.agent({ name: 'box' }), 3));
    const all = await eventually(async () => ((await told()).length >= 2 ? await told() : undefined), 'two deliveries');
    const [trial] = await fixture.trials(sweep.id);
    expect(all).toHaveLength(2);
    expect(all.find(({ type }) => type === 'run.failed')).toMatchObject({
      data: {
        run: { id: trial!.id, url: expect.stringMatching(new RegExp(`/runs/${trial!.id}$`)) },
        sweep: sweep.id,
        trial: 1,
        failure: { state: 'failed', cause: 'exit', reason: expect.stringContaining('3') },
      },
    });
    expect(all.find(({ type }) => type === 'sweep.ended')).toMatchObject({ data: { sweep: { id: sweep.id } } });
  });

  it('that a run without a sweep failed or crashed, each time, and of none that finished', async () => {
    const sweep = await fixture.create(grid(1));
    const told = await hooked(sweep.id, 'run.failed');
    const { project } = (await fixture.store.sweeps.find(sweep.id))!;
    const { store, caller } = fixture;
    const ensure = async (name: string) => {
      const { record } = await store.runs.ensure({ project, handle: name, user: caller.user.id, name, state: 'running' });
      return record.id;
    };
    const [good, bad] = [await ensure('good'), await ensure('bad')];
    await store.runs.change(good, () => ({ state: 'finished', exitCode: 0 }));
    await store.runs.change(bad, () => ({ state: 'failed', exitCode: 7 }));
    await eventually(async () => ((await told()).length === 1 ? true : undefined), 'the failure to be told');
    await store.runs.change(bad, () => ({ state: 'running', exitCode: null }));
    await store.runs.change(bad, () => ({ state: 'crashed' }));
    const all = await eventually(async () => ((await told()).length === 2 ? await told() : undefined), 'the crash to be told');
    expect(all.map(({ data }) => data)).toEqual(
      expect.arrayContaining(
        Array.from({ length: 2 }, () => expect.objectContaining({ run: expect.objectContaining({ id: bad, name: 'bad' }), sweep: null })),
      ),
    );
  });

  it('that a machine which failed trials of their project gets none any more', async () => {
    const sweep = await fixture.create(grid(40));
    const told = await hooked(sweep.id, 'agent.quarantined');
    const other = await fixture.create(`project: other\n${grid(1)}`);
    const elsewhere = await hooked(other.id, 'agent.quarantined');
    begin(works(await fixture.agent({ name: 'bad-box' }), 1));
    begin(works(await fixture.agent({ name: 'good-box' }), 0));
    const [only] = await eventually(async () => ((await told()).length > 0 ? await told() : undefined), 'the quarantine to be told');
    const { quarantine } = (await fixture.store.agents.find(agentId('bad-box')))!;
    const ofOther = quarantine!.evidence.some(({ sweep: id }) => id === other.id);
    expect(only).toMatchObject({ data: { agent: { id: 'bad-box', name: 'bad-box' }, reason: quarantine!.reason } });
    expect((await elsewhere()).length > 0).toBe(ofOther);
  });
});
