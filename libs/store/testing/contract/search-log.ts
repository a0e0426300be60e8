import { isLive, type Sweep, type Trial } from '@sweep/domain';
import { Float } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import type { NewTrial, RenewedTrial, SamplerStep, Store, StoredProposal } from '../../src/store.js';
import { aLease, aStep, ended, exitThree, exitZero, happens, lost, newSweep, newTrial, type OpenStore, openOnce } from './fixture.js';

const aProposal = (change: Partial<StoredProposal> = {}): StoredProposal => ({
  index: 0,
  asOf: 0,
  revision: 1,
  samplerVersion: 3,
  detail: { arm: 'improve', hypothesis: 'A', mean: 0.125, deviation: 1e-9, intent: 'exploitation', near: [2, 1] },
  ...change,
});

const aRenewal = (number: number, change: Partial<RenewedTrial> = {}): RenewedTrial => ({
  number,
  params: { lr: new Float(7) },
  why: 'chosen again',
  proposal: aProposal({ asOf: 1 }),
  ...change,
});

export function searchLogContract(open: () => Promise<OpenStore>): void {
  describe('the log of a search', () => {
    const store = openOnce(open);
    readsLog(store);
    remembersProposals(store);
  });
  describe('new params for trials that wait', () => {
    renewsTrials(openOnce(open));
  });
}

function readsLog(store: () => Store): void {
  it('holds the ends of trials in the order in which the sampler saw them', async () => {
    const { sweep, trials } = await withTrials(store(), 4);
    const [first, second] = await leaseAll(store(), sweep, 2);
    await happens(store(), second!, ended(second!, 0.5));
    await step(store(), sweep, [], { observed: [2] });
    await happens(store(), first!, ended(first!, null, exitThree));
    await step(store(), sweep, [], { observed: [1] });

    const log = await store().searchLog.observed(sweep.id, 0, 10);
    expect(log).toEqual([
      { number: 2, params: '{"lr":1.5}', state: 'completed', values: [0.5] },
      { number: 1, params: '{"lr":0.5}', state: 'failed', blame: 'config', values: [null] },
    ]);
    expect(await store().searchLog.observed(sweep.id, 1, 10)).toEqual(log.slice(1));
    expect(await store().searchLog.observed(sweep.id, 0, 1)).toEqual(log.slice(0, 1));
    expect((await store().sweeps.find(sweep.id))!.logLength).toBe(2);
    expect((await store().searchLog.trials(sweep.id, { limit: 10, cursor: null })).items.map(({ observed }) => observed)).toEqual([
      2,
      1,
      null,
      null,
    ]);
    expect(trials).toHaveLength(4);
  });

  it('holds what each trial measured: its limits, and its way', async () => {
    const { sweep } = await withTrials(store(), 3);
    const [first, second, third] = await leaseAll(store(), sweep, 3);
    const curve = [
      [1, 0.1 + 0.2],
      [3, 1e-300],
    ] as const;
    await happens(store(), first!, ended(first!, 0.5, exitZero, { limits: [49.5, null], curve }));
    await happens(store(), second!, ended(second!, 0.25, exitZero, { limits: [-0, Number.NaN], curve: [[1, -0]] }));
    await happens(store(), third!, ended(third!, 1));
    const [one, two, three] = await store().searchLog.unobserved(sweep.id, 0, 10);
    expect(one).toMatchObject({ values: [0.5], limits: [49.5, null], curve });
    // Object.is, so that a negative zero is another number.
    expect(two).toEqual({
      number: 2,
      params: '{"lr":1.5}',
      state: 'completed',
      values: [0.25],
      limits: [0, null],
      curve: [[1, 0]],
      renewable: null,
    });
    expect(three).not.toHaveProperty('limits');
    expect(three).not.toHaveProperty('curve');
    expect(await store().trials.find(first!.id)).toMatchObject({ limits: [49.5, null], curve });
    await step(store(), sweep, [], { observed: [2, 1] });
    expect(await store().searchLog.observed(sweep.id, 0, 10)).toMatchObject([{ limits: [0, null] }, { limits: [49.5, null], curve }]);
  });

  it('does not hold what the sampler has not seen yet: ended and live trials, by number', async () => {
    const { sweep } = await withTrials(store(), 3);
    const [first] = await leaseAll(store(), sweep, 2);
    await happens(store(), first!, ended(first!, 0.5));
    const unseen = await store().searchLog.unobserved(sweep.id, 0, 10);
    expect(unseen).toMatchObject([
      { number: 1, state: 'completed', values: [0.5], renewable: null },
      { number: 2, state: 'live', values: [], renewable: null },
      { number: 3, state: 'live', values: [], renewable: 2 },
    ]);
    expect(await store().searchLog.unobserved(sweep.id, 1, 1)).toEqual(unseen.slice(1, 2));
    await step(store(), sweep, [], { observed: [1] });
    expect((await store().searchLog.unobserved(sweep.id, 0, 10)).map(({ number }) => number)).toEqual([2, 3]);
  });

  it('is extended by one of many with the same version, and by nobody else', async () => {
    const { sweep } = await withTrials(store(), 2);
    const [first] = await leaseAll(store(), sweep, 1);
    await happens(store(), first!, ended(first!, 0.5));
    const { version } = (await store().sweeps.find(sweep.id))!;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => store().trials.propose(sweep.id, version, [newTrial()], aStep({ observed: [1] }))),
    );
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    expect((await store().sweeps.find(sweep.id))!.logLength).toBe(1);
  });

  it('takes each end once, and no live trial', async () => {
    const { sweep } = await withTrials(store(), 2);
    const [first] = await leaseAll(store(), sweep, 1);
    await happens(store(), first!, ended(first!, 0.5));
    await step(store(), sweep, [], { observed: [1] });
    await expect(step(store(), sweep, [], { observed: [1] })).rejects.toThrow();
    await expect(step(store(), sweep, [], { observed: [2] })).rejects.toThrow();
    expect((await store().sweeps.find(sweep.id))!.logLength).toBe(1);
  });
}

function remembersProposals(store: () => Store): void {
  it('remembers from what each proposal was made, and why', async () => {
    const sweep = await newSweep(store());
    const proposal = aProposal({ index: 2 ** 40, asOf: 5, revision: 2 });
    const made = await step(store(), sweep, [newTrial({ lr: 1 }, { proposal }), newTrial({ lr: 2 }, { origin: 'enqueued' })]);
    expect(await store().searchLog.proposal(made![0]!.id)).toEqual(proposal);
    expect(await store().searchLog.proposal(made![1]!.id)).toBeNull();
    const page = await store().searchLog.trials(sweep.id, { limit: 1, cursor: null });
    expect(page).toMatchObject({ items: [{ number: 1, origin: 'sampler', observed: null, proposal }], total: 2 });
    const next = await store().searchLog.trials(sweep.id, { limit: 5, cursor: page.nextCursor });
    expect(next).toMatchObject({ items: [{ number: 2, origin: 'enqueued', proposal: null }], nextCursor: null });
  });

  it('tells the trials of others from the sampler’s own', async () => {
    const sweep = await newSweep(store());
    await step(store(), sweep, [newTrial(), newTrial({ lr: 9 }, { origin: 'enqueued' }), newTrial({ lr: 8 }, { origin: 'retry' })]);
    expect((await store().searchLog.others(sweep.id)).map(({ number, params }) => [number, params])).toEqual([
      [2, '{"lr":9}'],
      [3, '{"lr":8}'],
    ]);
  });

  it('keeps what prior runs said when the sweep was made, in the order given', async () => {
    const priors = [
      { number: -1, params: '{"lr":1.0}', state: 'completed', values: [0.25] },
      { number: -2, params: '{"lr":2}', state: 'failed', blame: 'infra', values: [null] },
      { number: -3, params: '{"lr":3}', state: 'pruned', values: [0.5], limits: [7, null], curve: [[1, 0.75]] },
    ] as const;
    const sweep = await newSweep(store(), { priors });
    expect(await store().searchLog.priors(sweep.id)).toEqual(priors);
    expect(await store().searchLog.priors((await newSweep(store())).id)).toEqual([]);
  });
}

function renewsTrials(store: () => Store): void {
  it('change the trial, its run and its why, and nothing else', async () => {
    const { sweep, trials } = await withTrials(store(), 2);
    const renewal = aRenewal(2);
    await step(store(), sweep, [], { renewed: [renewal] });
    const after = (await store().trials.findByNumber(sweep.id, 2))!;
    expect(after).toEqual({ ...trials[1], params: renewal.params });
    expect((await store().runs.record(after.id))!.config).toEqual(renewal.params);
    expect(await store().searchLog.proposal(after.id)).toEqual(renewal.proposal);
    expect(await store().decisions.proposals([after.id])).toEqual(new Map([[after.id, 'chosen again']]));
    expect(await store().trials.findByNumber(sweep.id, 1)).toEqual(trials[0]);
  });

  it('are refused, with the whole step, once one of them was leased, also when it waits again', async () => {
    const { sweep } = await withTrials(store(), 2);
    const [first] = await leaseAll(store(), sweep, 1);
    expect(await step(store(), sweep, [newTrial()], { renewed: [aRenewal(1), aRenewal(2)] })).toBeNull();
    await happens(store(), first!, lost);
    expect((await store().trials.find(first!.id))!.state).toBe('queued');
    expect(await step(store(), sweep, [newTrial()], { renewed: [aRenewal(1)] })).toBeNull();
    expect((await store().trials.list(sweep.id, {}, { limit: 10, cursor: null })).items.map(({ params }) => params)).toEqual([
      { lr: 0.5 },
      { lr: 1.5 },
    ]);
  });

  it('never reach a trial that is leased at the same moment: whoever runs it runs what its row says', async () => {
    for (let round = 0; round < 10; round++) {
      const { sweep } = await withTrials(store(), 3);
      const [leased] = await Promise.all([
        leaseAll(store(), sweep, 3),
        step(store(), sweep, [newTrial({ lr: 99 })], { renewed: [aRenewal(2), aRenewal(3)] }),
      ]);
      for (const trial of leased) expect((await store().trials.find(trial.id))!.params).toEqual(trial.params);
    }
  });
}

/** A sweep with so many trials of a sampler, `lr` being 0.5, 1.5, … */
async function withTrials(store: Store, count: number): Promise<{ readonly sweep: Sweep; readonly trials: readonly Trial[] }> {
  const sweep = await newSweep(store);
  const proposed = Array.from({ length: count }, (_, index) => newTrial({ lr: index + 0.5 }, { proposal: aProposal({ index }) }));
  const trials = (await step(store, sweep, proposed))!;
  return { sweep, trials };
}

/** Fewer when there are no more; a lease that finds its trial taken is tried again. */
async function leaseAll(store: Store, sweep: Sweep, count: number): Promise<readonly Trial[]> {
  const leased: Trial[] = [];
  for (let tries = 0; leased.length < count && tries < 50; tries++) {
    const given = await store.trials.lease(aLease(sweep));
    if (given !== null) leased.push(given.trial);
  }
  if (leased.some(({ state }) => !isLive(state))) throw new Error('a leased trial is not live');
  return leased;
}

async function step(
  store: Store,
  sweep: Sweep,
  trials: readonly NewTrial[],
  change: Partial<SamplerStep> = {},
): Promise<readonly Trial[] | null> {
  const { version } = (await store.sweeps.find(sweep.id))!;
  return store.trials.propose(sweep.id, version, trials, aStep(change));
}
