import { type AgentId, agentId, keyId, leaseId, type Trial, trialId, userId } from '@sweep/domain';
import { Float, type Params } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import type { Ranking } from '../../src/store.js';
import {
  aLease,
  aStep,
  connect,
  ended,
  exitThree,
  freshId,
  happens,
  lost,
  moveSweep,
  newSweep,
  newTrial,
  type OpenStore,
  openOnce,
  propose,
  running,
} from './fixture.js';

const minimize: Ranking = { goal: 'minimize', limits: [] };

export function trialStoreContract(open: () => Promise<OpenStore>): void {
  describe('proposing', () => {
    const store = openOnce(open);

    it('queues trials with the next numbers, their runs, their whys, and moves the sampler on', async () => {
      const sweep = await newSweep(store());
      const made = await store().trials.propose(
        sweep.id,
        sweep.version,
        [newTrial({ lr: 0.1 }), newTrial({ lr: 0.2 })],
        aStep({ cursor: 2, exhausted: true }),
      );
      expect(made!.map(({ number, state, attempt, lease }) => [number, state, attempt, lease])).toEqual([
        [1, 'queued', 0, null],
        [2, 'queued', 0, null],
      ]);
      const after = (await store().sweeps.find(sweep.id))!;
      expect(after).toMatchObject({ cursor: 2, exhausted: true, version: sweep.version + 1 });
      const next = await store().trials.propose(sweep.id, after.version, [newTrial()], null);
      expect(next![0]!.number).toBe(3);
      expect(await store().sweeps.find(sweep.id)).toMatchObject({ cursor: 2, exhausted: true });
      expect(await store().trials.findByNumber(sweep.id, 2)).toEqual(made![1]);
      expect(await store().runs.record(made![0]!.id)).toMatchObject({
        sweep: sweep.id,
        trial: made![0]!.id,
        project: sweep.project,
        config: { lr: 0.1 },
      });
      const whys = await store().decisions.list(sweep.id, made![0]!.id, { limit: 10, cursor: null });
      expect(whys.items).toMatchObject([{ about: 'proposed', text: 'uniform' }]);
    });

    it('keeps params as they are: 16 beside 16.0, big integers, nested values, odd names', async () => {
      const params: Params = {
        i: 16,
        f: new Float(16),
        big: 2n ** 63n,
        list: [1, new Float(1), null, true],
        nested: { 'ä.b/"': 'x\n\u0001' },
        tiny: 1e-300,
      };
      const sweep = await newSweep(store());
      const [trial] = (await store().trials.propose(sweep.id, 1, [newTrial(params)], null))!;
      expect((await store().trials.find(trial!.id))!.params).toEqual(params);
      expect((await store().trials.find(trial!.id))!.params['f']).toBeInstanceOf(Float);
      expect((await store().runs.record(trial!.id))!.config).toEqual(params);
    });

    it('succeeds for one of many with the same version', async () => {
      const sweep = await newSweep(store());
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => store().trials.propose(sweep.id, sweep.version, [newTrial(), newTrial()], aStep({ cursor: 2 }))),
      );
      expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
      expect((await store().trials.list(sweep.id, {}, { limit: 100, cursor: null })).total).toBe(2);
    });

    it('is refused for a sweep that is over', async () => {
      const sweep = await newSweep(store());
      await moveSweep(store(), sweep, 'completed');
      const { version } = (await store().sweeps.find(sweep.id))!;
      expect(await store().trials.propose(sweep.id, version, [newTrial()], null)).toBeNull();
      expect((await store().trials.list(sweep.id, {}, { limit: 100, cursor: null })).total).toBe(0);
    });

    it('takes thousands at once', async () => {
      const sweep = await newSweep(store());
      const made = await propose(store(), sweep, 2_500);
      expect(made.at(-1)!.number).toBe(2_500);
    });
  });

  describe('reading trials', () => {
    const store = openOnce(open);

    it('pages by number, and by state', async () => {
      const sweep = await newSweep(store());
      await propose(store(), sweep, 5);
      await store().trials.lease(aLease(sweep));
      const first = await store().trials.list(sweep.id, {}, { limit: 3, cursor: null });
      const second = await store().trials.list(sweep.id, {}, { limit: 3, cursor: first.nextCursor });
      expect([...first.items, ...second.items].map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
      expect([first.total, second.nextCursor]).toEqual([5, null]);
      const queued = await store().trials.list(sweep.id, { states: ['queued'] }, { limit: 3, cursor: null });
      expect([queued.total, queued.items[0]!.number]).toEqual([4, 2]);
    });

    it('finds those of one origin', async () => {
      const sweep = await newSweep(store());
      const asked = { ...newTrial({ lr: 0.2 }), origin: 'enqueued' as const };
      await store().trials.propose(sweep.id, sweep.version, [newTrial({ lr: 0.1 }), asked], null);
      const numbers = async (origin: Trial['origin']) =>
        (await store().trials.list(sweep.id, { origin }, { limit: 3, cursor: null })).items.map(({ number }) => number);
      expect([await numbers('sampler'), await numbers('enqueued'), await numbers('retry')]).toEqual([[1], [2], []]);
    });

    it('finds those in given states over all sweeps, oldest first', async () => {
      const { trial } = await running(store());
      const found = await store().trials.inStates(['running'], 100);
      expect(found.map(({ id }) => id)).toContain(trial.id);
      expect(await store().trials.inStates(['running'], 0)).toEqual([]);
    });

    it('ranks by the first objective; pruned ones count only when nothing completed', async () => {
      const sweep = await newSweep(store());
      await propose(store(), sweep, 4);
      const trials: Trial[] = [];
      for (let i = 0; i < 4; i++) trials.push((await store().trials.lease(aLease(sweep)))!.trial);
      await happens(store(), trials[0]!, { kind: 'prune', reason: 'slow' });
      const stopping = (await store().trials.find(trials[0]!.id))!;
      await happens(store(), stopping, ended(stopping, -5, { ...exitThree, signalled: true }));
      expect((await store().trials.best(sweep.id, minimize, 3)).map(({ number }) => number)).toEqual([1]);
      for (const [i, value] of [0.5, 0.25, 0.75].entries()) await happens(store(), trials[i + 1]!, ended(trials[i + 1]!, value));
      expect((await store().trials.best(sweep.id, minimize, 2)).map(({ values }) => values[0])).toEqual([0.25, 0.5]);
      expect((await store().trials.best(sweep.id, { ...minimize, goal: 'maximize' }, 2)).map(({ values }) => values[0])).toEqual([
        0.75, 0.5,
      ]);
    });

    it('ranks those alone that keep every limit; one that was not measured is not kept', async () => {
      const sweep = await newSweep(store());
      await propose(store(), sweep, 5);
      for (const limits of [[51, 1], [50, 1], [10, 0.5], [null, 1], []] as const) {
        const { trial } = (await store().trials.lease(aLease(sweep)))!;
        await happens(store(), trial, ended(trial, trial.number, undefined, { limits }));
      }
      const within = async (limits: Ranking['limits']) =>
        (await store().trials.best(sweep.id, { ...minimize, limits }, 9)).map(({ number }) => number);
      const [fast, good] = [{ keep: 'below', bound: 50 } as const, { keep: 'above', bound: 1 } as const];
      expect(await within([fast])).toEqual([2, 3]);
      expect(await within([fast, good])).toEqual([2]);
      expect(await within([{ ...fast, bound: 1 }])).toEqual([]);
    });
  });

  describe('moving a trial', () => {
    const store = openOnce(open);

    it('ends it once, with one counted attempt, however many report the end', async () => {
      const { trial } = await running(store());
      const version = (await store().sweeps.find(trial.sweep))!.version;
      const won = await Promise.all(Array.from({ length: 10 }, () => happens(store(), trial, ended(trial, 0.5))));
      expect(won.filter(Boolean)).toHaveLength(1);
      const after = (await store().trials.find(trial.id))!;
      expect(after).toMatchObject({ state: 'completed', values: [0.5], lease: null });
      expect(after.endedAt).toBeGreaterThan(0);
      const [attempt] = await store().attempts.list(trial.id);
      expect(attempt).toMatchObject({ number: 1, counted: true, run: trial.id, end: { exitCode: 0 }, lease: trial.lease!.id });
      expect((await store().sweeps.find(trial.sweep))!.version).toBe(version);
    });

    it('changes nothing when the lease is another', async () => {
      const { trial } = await running(store());
      const stale = { ...trial, lease: { ...trial.lease!, id: leaseId('old') } };
      expect(await happens(store(), stale, ended(stale, 0.5))).toBe(false);
      expect(await store().trials.find(trial.id)).toEqual(trial);
    });

    it('keeps an expiry that was renewed since the caller read', async () => {
      const { trial } = await running(store());
      await store().trials.renew(trial.lease!.agent, [trial.lease!.id], 90_000);
      expect(await happens(store(), trial, { kind: 'cancel', reason: 'enough' })).toBe(true);
      const stopping = (await store().trials.find(trial.id))!;
      expect(stopping).toMatchObject({ state: 'stopping', stop: { kind: 'cancel', reason: 'enough' } });
      expect(stopping.lease!.expiresAt).toBeGreaterThan(trial.lease!.expiresAt + 30_000);
    });

    it('keeps the decision that came with it', async () => {
      const { trial } = await running(store());
      const stop = { kind: 'prune', reason: 'rung 3' } as const;
      const { state: _state, ...rest } = trial;
      const move = { ...rest, state: 'stopping', stop, counted: false } as const;
      await store().trials.move(trial, { ...pickMove(move) }, { decision: { about: 'stopped', text: 'rung 3: too slow' } });
      const { items } = await store().decisions.list(trial.sweep, trial.id, { limit: 10, cursor: null });
      expect(items.map(({ about, text }) => [about, text])).toEqual([
        ['proposed', 'uniform'],
        ['stopped', 'rung 3: too slow'],
      ]);
    });

    it('back to the queue ends its attempt without a result', async () => {
      const { trial } = await running(store());
      expect(await happens(store(), trial, lost)).toBe(true);
      expect(await store().trials.find(trial.id)).toMatchObject({
        state: 'queued',
        lease: null,
        lostBy: [trial.lease!.agent],
        causes: ['lost'],
        attempt: 1,
      });
      const [attempt] = await store().attempts.list(trial.id);
      expect(attempt).toMatchObject({ counted: false, end: null });
      expect(attempt!.endedAt).toBeGreaterThan(0);
    });
  });

  describe('an attempt that is not current', () => {
    const store = openOnce(open);

    it('gets its end recorded, uncounted', async () => {
      const { trial } = await running(store());
      await happens(store(), trial, lost);
      await store().attempts.endStale(trial.lease!.id, exitThree);
      expect(await store().attempts.findByLease(trial.lease!.id)).toMatchObject({ end: exitThree, counted: false });
      expect(await store().trials.find(trial.id)).toMatchObject({ state: 'queued' });
    });

    it('is never one whose lease still stands', async () => {
      const { trial } = await running(store());
      await store().attempts.endStale(trial.lease!.id, exitThree);
      expect(await store().attempts.find(trial.id, 1)).toMatchObject({ end: null, endedAt: null });
    });

    it('is found by nothing else', async () => {
      expect(await store().attempts.findByLease(leaseId('none'))).toBeNull();
      expect(await store().attempts.find(trialId('nothing1'), 1)).toBeNull();
    });
  });

  leasing(open);
}

function pickMove(move: Omit<Trial, 'state'> & { readonly state: 'stopping'; readonly counted: boolean }) {
  const { state, reason, cause, lease, stop, attempt, notBefore, lostBy, causes, values, limits, curve, counted } = move;
  return { state, reason, cause, lease, stop, attempt, notBefore, lostBy, causes, values, limits, curve, counted };
}

function leasing(open: () => Promise<OpenStore>): void {
  describe('leasing', () => {
    const store = openOnce(open);

    it('gives each trial once to 20 who ask at the same time', async () => {
      const sweep = await newSweep(store());
      await propose(store(), sweep, 12);
      const leased = await Promise.all(Array.from({ length: 20 }, () => store().trials.lease(aLease(sweep))));
      const given = leased.flatMap((answer) => (answer === null ? [] : [answer.trial.number]));
      expect(given.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      expect(leased.filter((answer) => answer?.first)).toHaveLength(1);
      expect(await store().sweeps.find(sweep.id)).toMatchObject({ state: 'running' });
    });

    it('gives one trial to an agent that works alone, however many ask for it at the same time', async () => {
      const sweep = await newSweep(store());
      await propose(store(), sweep, 12);
      const id = await connect(store(), sweep.pool);
      const ask = (agent: AgentId) => store().trials.lease(aLease(sweep, { agent, alone: true }));
      const asked = await Promise.all(Array.from({ length: 8 }, () => ask(id)));
      expect(asked.filter((leased) => leased !== null)).toHaveLength(1);
      expect(await store().trials.heldBy(id)).toHaveLength(1);
      expect(await ask(id)).toBeNull();
      const other = await connect(store(), sweep.pool);
      expect(await ask(other)).not.toBeNull();
    });

    it('never lets more than `parallel` run, however many ask at the same time', async () => {
      const sweep = await newSweep(store(), { parallel: 3 });
      await propose(store(), sweep, 12);
      const leased = await Promise.all(Array.from({ length: 20 }, () => store().trials.lease(aLease(sweep))));
      expect(leased.filter((answer) => answer !== null).length).toBeLessThanOrEqual(3);
      for (let i = 0; i < 5; i++) await store().trials.lease(aLease(sweep));
      expect((await store().sweeps.counts([sweep.id])).get(sweep.id)).toMatchObject({ running: 3, queued: 9 });
    });

    it('writes the lease, the attempt and the start', async () => {
      const sweep = await newSweep(store());
      await propose(store(), sweep, 1);
      const request = aLease(sweep, { slot: 2, ttlMs: 5_000 });
      const before = await store().now();
      const { trial, sweep: now, first } = (await store().trials.lease(request))!;
      expect(trial).toMatchObject({ state: 'running', attempt: 1, lease: { id: request.lease, agent: request.agent, slot: 2 } });
      expect(trial.lease!.expiresAt).toBeGreaterThanOrEqual(before + 5_000);
      expect([first, now.state, now.startedAt! >= before]).toEqual([true, 'running', true]);
      expect(await store().trials.find(trial.id)).toEqual(trial);
      expect(await store().trials.heldBy(request.agent)).toContainEqual(trial);
      expect(await store().attempts.find(trial.id, 1)).toMatchObject({
        agent: request.agent,
        slot: 2,
        lease: request.lease,
        endedAt: null,
        pointSequence: 0,
      });
    });

    it('answers the attempt that it wrote', async () => {
      const { trial, attempt } = await running(store());
      expect(await store().attempts.find(trial.id, 1)).toEqual(attempt);
    });

    it("stores the key of the attempt's program in the name of the sweep's maker, and none without one", async () => {
      const maker = (await store().keys.createUser({ id: userId(freshId()), name: freshId(), admin: false }))!;
      const key = { id: keyId(freshId()), hash: freshId(64) };
      const sweep = await newSweep(store(), { createdBy: maker.id });
      await propose(store(), sweep, 2);
      const { trial, keyed } = (await store().trials.lease(aLease(sweep, { key })))!;
      expect(keyed).toBe(true);
      expect(await store().keys.authenticate(key.hash)).toMatchObject({
        user: { id: maker.id },
        key: {
          id: key.id,
          scope: 'attempt',
          trial: trial.id,
          project: sweep.project,
          name: `trial ${sweep.id}#1, attempt 1`,
          expiresAt: null,
        },
      });
      await store().keys.removeUser(maker.id);
      const second = { id: keyId(freshId()), hash: freshId(64) };
      expect((await store().trials.lease(aLease(sweep, { key: second })))!.keyed).toBe(false);
      expect(await store().keys.authenticate(second.hash)).toBeNull();
    });

    it('prefers priority, then the sweep with fewer running trials, then the older one', async () => {
      const pool = `pool-${freshId()}`;
      const old = await newSweep(store(), { pool });
      const young = await newSweep(store(), { pool });
      const urgent = await newSweep(store(), { pool, priority: 5 });
      for (const sweep of [young, old, urgent]) await propose(store(), sweep, sweep === urgent ? 1 : 3);
      const order: string[] = [];
      for (let i = 0; i < 5; i++) order.push((await store().trials.lease(aLease(old)))!.sweep.id);
      expect(order[0]).toBe(urgent.id);
      expect(new Set(order.slice(1, 3))).toEqual(new Set([old.id, young.id]));
      expect(new Set(order.slice(3, 5))).toEqual(new Set([old.id, young.id]));
    });

    it('stays in the pool and among the wanted sweeps', async () => {
      const pool = `pool-${freshId()}`;
      const a = await newSweep(store(), { pool, priority: 1 });
      const b = await newSweep(store(), { pool });
      await propose(store(), a, 1);
      await propose(store(), b, 2);
      expect(await store().trials.lease(aLease(a, { pool: 'elsewhere' }))).toBeNull();
      expect((await store().trials.lease(aLease(a, { among: [b.id] })))!.sweep.id).toBe(b.id);
      expect((await store().trials.lease(aLease(a, { among: [b.id] })))!.sweep.id).toBe(b.id);
      expect(await store().trials.lease(aLease(a, { among: [b.id] }))).toBeNull();
      expect(await store().trials.lease(aLease(a, { among: [] }))).toBeNull();
      expect((await store().trials.lease(aLease(a, { among: [b.id, a.id] })))!.sweep.id).toBe(a.id);
    });

    it('gives nothing of a sweep that is paused or over', async () => {
      const sweep = await newSweep(store());
      const [trial] = await propose(store(), sweep, 1);
      await moveSweep(store(), sweep, 'paused');
      expect(await store().trials.lease(aLease(sweep))).toBeNull();
      expect(await store().trials.leaseOne(trial!.id, { id: leaseId(freshId(12)), agent: agentId('a'), slot: 0, ttlMs: 1_000 })).toBeNull();
    });

    it('waits for the back-off of a retried trial', async () => {
      const { trial, sweep } = await running(store());
      const outcome = { ...pickQueued(trial), notBefore: (await store().now()) + 60_000 };
      await store().trials.move(trial, outcome, {});
      expect(await store().trials.lease(aLease(sweep))).toBeNull();
      const queued = (await store().trials.find(trial.id))!;
      await store().trials.move(queued, { ...outcome, notBefore: (await store().now()) - 1 }, {});
      expect((await store().trials.lease(aLease(sweep)))!.trial).toMatchObject({ id: trial.id, attempt: 2, notBefore: null });
    });

    it('goes back to an agent that lost the trial only when nobody else is online', async () => {
      const sweep = await newSweep(store());
      await propose(store(), sweep, 1);
      const clumsy = await connect(store(), sweep.pool);
      const { trial } = (await store().trials.lease(aLease(sweep, { agent: clumsy })))!;
      const other = await connect(store(), sweep.pool);
      await happens(store(), trial, lost);
      expect(await store().trials.lease(aLease(sweep, { agent: clumsy }))).toBeNull();
      await store().agents.move(other, ['online'], 'offline', null);
      expect((await store().trials.lease(aLease(sweep, { agent: clumsy })))!.trial.id).toBe(trial.id);
    });

    it('can take one given trial, once', async () => {
      const sweep = await newSweep(store());
      const [, second] = await propose(store(), sweep, 2);
      const ask = () => store().trials.leaseOne(second!.id, { id: leaseId(freshId(12)), agent: agentId('asker'), slot: 0, ttlMs: 1_000 });
      const answers = await Promise.all(Array.from({ length: 10 }, ask));
      expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
      expect(answers.find((answer) => answer !== null)!.trial.number).toBe(2);
    });
  });

  describe('a lease', () => {
    const store = openOnce(open);

    it('is renewed with all others of its agent; what is not current is told', async () => {
      const { trial, sweep } = await running(store());
      await propose(store(), sweep, 1);
      const second = (await store().trials.lease(aLease(sweep)))!.trial;
      await happens(store(), second, { kind: 'cancel', reason: 'enough' });
      const gone = leaseId('gone');
      const answers = await store().trials.renew(trial.lease!.agent, [gone, second.lease!.id, trial.lease!.id], 60_000);
      expect(answers).toEqual([
        { lease: gone, current: false, stop: null },
        { lease: second.lease!.id, current: true, stop: { kind: 'cancel', reason: 'enough' } },
        { lease: trial.lease!.id, current: true, stop: null },
      ]);
      expect((await store().trials.find(trial.id))!.lease!.expiresAt).toBeGreaterThan(trial.lease!.expiresAt);
      expect(await store().trials.renew(agentId('stranger'), [trial.lease!.id], 60_000)).toMatchObject([{ current: false }]);
      expect(await store().trials.renew(trial.lease!.agent, [], 60_000)).toEqual([]);
    });

    it('that ran out long enough ago is found', async () => {
      const sweep = await newSweep(store());
      await propose(store(), sweep, 2);
      const { trial } = (await store().trials.lease(aLease(sweep, { ttlMs: -5_000 })))!;
      const { trial: fresh } = (await store().trials.lease(aLease(sweep)))!;
      const ids = (await store().trials.expired(1_000, 100)).map(({ id }) => id);
      expect([ids.includes(trial.id), ids.includes(fresh.id)]).toEqual([true, false]);
      expect((await store().trials.expired(60_000, 100)).map(({ id }) => id)).not.toContain(trial.id);
    });

    it('taken back from the queue makes the loss undone', async () => {
      const { trial } = await running(store());
      await happens(store(), trial, lost);
      const queued = (await store().trials.find(trial.id))!;
      expect(await store().trials.takeBack(queued, 1, trial.lease!, 30_000)).toBe(true);
      expect(await store().trials.takeBack(queued, 1, trial.lease!, 30_000)).toBe(false);
      expect(await store().trials.find(trial.id)).toMatchObject({
        state: 'running',
        attempt: 1,
        lostBy: [],
        causes: [],
        lease: { id: trial.lease!.id },
      });
      expect(await store().attempts.list(trial.id)).toMatchObject([{ number: 1, endedAt: null, counted: false }]);
    });

    it('taken back from a replacement ends that one; the next attempt has a number of its own', async () => {
      const { trial, sweep } = await running(store());
      await happens(store(), trial, lost);
      const replacement = (await store().trials.lease(aLease(sweep, { agent: 'second' as AgentId })))!.trial;
      expect(await store().trials.takeBack(replacement, 1, trial.lease!, 30_000)).toBe(true);
      expect(await happens(store(), replacement, ended(replacement, 9))).toBe(false);
      const back = (await store().trials.find(trial.id))!;
      await happens(store(), back, lost);
      const third = (await store().trials.lease(aLease(sweep, { agent: 'third' as AgentId })))!.trial;
      expect(third.attempt).toBe(3);
      expect(await happens(store(), third, ended(third, 0.5))).toBe(true);
      const attempts = await store().attempts.list(trial.id);
      expect(attempts.map(({ number, counted, endedAt }) => [number, counted, endedAt !== null])).toEqual([
        [1, false, true],
        [2, false, true],
        [3, true, true],
      ]);
      expect(await store().attempts.listAll([trialId('nothing1'), trial.id])).toEqual(attempts);
      expect(await store().attempts.listAll([])).toEqual([]);
      expect(await store().attempts.ofSweep(trial.sweep)).toEqual(attempts);
    });
  });
}

function pickQueued(trial: Trial) {
  const { reason, cause, attempt, lostBy, causes, values, limits, curve } = trial;
  return {
    state: 'queued',
    reason,
    cause,
    lease: null,
    stop: null,
    attempt,
    lostBy,
    causes,
    values,
    limits,
    curve,
    counted: false,
  } as const;
}
