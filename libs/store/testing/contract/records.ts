import { agentId, applyTrialEvent, blobHash, keyId, knownPlace, runId, sweepId, trialId, userId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { ApiKey, Store } from '../../src/store.js';
import { aLease, connect, freshId, happens, lost, newSweep, type OpenStore, openOnce, propose, running, until } from './fixture.js';

export function recordStoreContract(open: () => Promise<OpenStore>): void {
  agents(open);
  eventsAndDecisions(open);
  keys(open);
  outages(open);
  runsAndFiles(open);
}

function agents(open: () => Promise<OpenStore>): void {
  describe('an agent', () => {
    const store = openOnce(open);

    it('is online once connected, with all that it said', async () => {
      const pool = `pool-${freshId()}`;
      const id = await connect(store(), pool);
      const agent = (await store().agents.find(id))!;
      expect(agent).toMatchObject({
        pool,
        state: 'online',
        reason: null,
        sweep: null,
        machine: { cpus: 8, labels: { zone: 'a' } },
        slots: [{ index: 0, gpus: [] }],
      });
      expect(await store().agents.online(pool)).toEqual([{ agent, leases: 0 }]);
      expect(await store().agents.find(agentId('nobody'))).toBeNull();
      expect(await store().agents.findAll([agentId('nobody'), id, id])).toEqual([agent]);
      expect(await store().agents.findAll([])).toEqual([]);
    });

    it('moves only from the states that the caller names, and comes back by connecting', async () => {
      const id = await connect(store(), 'p');
      expect(await store().agents.move(id, ['draining'], 'offline', 'bye')).toBe(false);
      expect(await store().agents.move(id, ['online', 'draining'], 'lost', 'silent')).toBe(true);
      expect(await store().agents.find(id)).toMatchObject({ state: 'lost', reason: 'silent' });
      await connect(store(), 'p', id);
      expect(await store().agents.find(id)).toMatchObject({ state: 'online', reason: null });
    });

    it('is silent when it was not seen for long', async () => {
      const id = await connect(store(), 'p');
      const silent = async () => (await store().agents.silent(50)).map((agent) => agent.id).includes(id);
      await until(silent, 'silence of 50 ms');
      await store().agents.seen(id);
      expect((await store().agents.silent(10_000)).map((agent) => agent.id)).not.toContain(id);
      await store().agents.move(id, ['online'], 'offline', null);
      expect((await store().agents.silent(-1_000)).map((agent) => agent.id)).not.toContain(id);
    });

    it('shows how many leases it holds, and cannot be removed while it is here or holds one', async () => {
      const { trial, sweep } = await running(store());
      const id = await connect(store(), sweep.pool, trial.lease!.agent);
      expect(await store().agents.online(sweep.pool)).toMatchObject([{ leases: 1 }]);
      await store().agents.move(id, ['online'], 'lost', null);
      expect(await store().agents.remove(id)).toBe(false);
      await happens(store(), trial, lost);
      expect(await store().agents.remove(id)).toBe(true);
      expect(await store().agents.remove(id)).toBe(false);
      const present = await connect(store(), 'p');
      expect(await store().agents.remove(present)).toBe(false);
    });

    it('is found by the sweep that it works for, with what it began', async () => {
      const sweep = await newSweep(store());
      await propose(store(), sweep, 1);
      const id = await connect(store(), sweep.pool, agentId(freshId()));
      const { trial } = (await store().trials.lease(aLease(sweep, { agent: id })))!;
      expect(await store().agents.ofSweep(sweep.id)).toEqual([]);
      const { state: _state, connectedAt: _at, lastSeenAt: _seen, reason: _reason, ...facts } = (await store().agents.find(id))!;
      await store().agents.connect({ ...facts, sweep: sweep.id });
      expect(await store().agents.ofSweep(sweep.id)).toMatchObject([{ id }]);
      expect(await store().attempts.ofAgent(id)).toMatchObject([{ trial: trial.id, number: 1 }]);
      expect(await store().attempts.ofAgent(agentId(freshId()))).toEqual([]);
    });

    it('is listed by name, page by page', async () => {
      for (let i = 0; i < 3; i++) await connect(store(), 'p');
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await store().agents.list({ limit: 2, cursor });
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        if (cursor === null) expect(page.total).toBe(ids.length);
      } while (cursor !== null);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });
}

function eventsAndDecisions(open: () => Promise<OpenStore>): void {
  describe('events', () => {
    const store = openOnce(open);
    /** Of this sweep only: while others write, a head may lie a little in the past. */
    const after = async (position: string, sweep: string, count: number) => {
      const read = async () =>
        (await store().events.since(position, 100_000)).filter(({ event }) => 'sweep' in event && event.sweep === sweep);
      await until(async () => (await read()).length >= count, `${count} events`);
      return await read();
    };

    it('tell what happened, in order, to whoever kept a position', async () => {
      const head = await store().events.head();
      const sweep = await newSweep(store());
      const [trial] = await propose(store(), sweep, 1);
      await store().sweeps.move(sweep.id, { state: 'pending', reason: null }, { state: 'paused', reason: null });
      const events = await after(head, sweep.id, 3);
      expect(events.map(({ event }) => event)).toEqual([
        { kind: 'sweep.created', sweep: sweep.id },
        { kind: 'trial.state', sweep: sweep.id, trial: trial!.id, number: 1, state: 'queued', attempt: 0 },
        { kind: 'sweep.state', sweep: sweep.id, state: 'paused', reason: null },
      ]);
      expect(await store().events.since(events[0]!.position, 1)).toEqual([events[1]]);
      expect(await store().events.since(events[2]!.position, 100)).toEqual([]);
      expect(await store().events.since(null, 100)).toEqual([]);
      expect(await after('0', sweep.id, 3)).toEqual(events);
      await expect(store().events.since('nonsense', 1)).rejects.toMatchObject({ code: 'invalid' });
    });

    it('wake every subscriber until it leaves', async () => {
      let heard = 0;
      let other = 0;
      const leave = await store().events.subscribe(() => heard++);
      const leaveOther = await store().events.subscribe(() => other++);
      await newSweep(store());
      await until(() => heard > 0 && other > 0, 'both subscribers woken');
      await leave();
      const then = heard;
      const before = other;
      await newSweep(store());
      await until(() => other > before, 'the other woken again');
      expect(heard).toBe(then);
      await leaveOther();
    });

    it('are all seen by one who follows while many write', async () => {
      let position = await store().events.head();
      const seen: string[] = [];
      const follow = async () => {
        for (const { position: next, event } of await store().events.since(position, 7)) {
          position = next;
          if (event.kind === 'sweep.created') seen.push(event.sweep);
        }
      };
      const made = Promise.all(Array.from({ length: 40 }, () => newSweep(store())));
      const ids = (await Promise.all([made, follow()]))[0].map(({ id }) => id);
      await until(async () => {
        await follow();
        return ids.every((id) => seen.includes(id));
      }, '40 sweeps seen');
      expect(new Set(seen).size).toBe(seen.length);
    });
  });

  describe('decisions', () => {
    const store = openOnce(open);

    it('are kept in order, for a sweep or for one of its trials', async () => {
      const { trial, sweep } = await running(store());
      await store().decisions.add({ sweep: sweep.id, trial: null, about: 'waiting', text: 'no agent' });
      await store().decisions.add({ sweep: sweep.id, trial: trial.id, about: 'continued', text: 'rung 1' });
      const first = await store().decisions.list(sweep.id, null, { limit: 2, cursor: null });
      const second = await store().decisions.list(sweep.id, null, { limit: 2, cursor: first.nextCursor });
      expect([...first.items, ...second.items].map(({ about }) => about)).toEqual(['proposed', 'waiting', 'continued']);
      expect([first.total, second.nextCursor]).toEqual([3, null]);
      expect((await store().decisions.list(sweep.id, trial.id, { limit: 9, cursor: null })).items).toMatchObject([
        { about: 'proposed' },
        { text: 'rung 1' },
      ]);
    });

    it('tell of several trials at once why each was proposed', async () => {
      const { trial } = await running(store());
      const { trial: other } = await running(store());
      const all = await store().decisions.proposals([other.id, trial.id, trialId('nothing1')]);
      const [{ text } = { text: '' }] = (await store().decisions.list(trial.sweep, trial.id, { limit: 1, cursor: null })).items;
      expect(all.get(trial.id)).toBe(text);
      expect([...all.keys()].sort()).toEqual([trial.id, other.id].sort());
      expect(await store().decisions.proposals([])).toEqual(new Map());
    });
  });
}

async function aUser(store: Store) {
  return (await store.keys.createUser({ id: userId(freshId()), name: freshId(), admin: false }))!;
}

const aKey = (user: ApiKey['user'], change: Partial<ApiKey> = {}): Omit<ApiKey, 'createdAt' | 'revokedAt'> => {
  const {
    createdAt: _created,
    revokedAt: _revoked,
    ...key
  } = {
    id: keyId(freshId()),
    user,
    name: 'laptop',
    scope: 'user' as const,
    expiresAt: null,
    trial: null,
    attempt: null,
    project: null,
    createdAt: 0,
    revokedAt: null,
    ...change,
  };
  return key;
};

function keys(open: () => Promise<OpenStore>): void {
  describe('users', () => {
    const store = openOnce(open);

    it('have names of their own', async () => {
      const name = freshId();
      const made = await Promise.all(
        Array.from({ length: 5 }, () => store().keys.createUser({ id: userId(freshId()), name, admin: true })),
      );
      const user = made.filter((answer) => answer !== null);
      expect(user).toHaveLength(1);
      expect(await store().keys.findUserByName(name)).toEqual(user[0]);
      expect(await store().keys.findUser(user[0]!.id)).toEqual(user[0]);
      expect(await store().keys.listUsers()).toContainEqual(user[0]);
    });

    it('take their keys and tokens with them', async () => {
      const user = await aUser(store());
      const hash = freshId(64);
      await store().keys.create(aKey(user.id), hash);
      await store().keys.createToken(`${hash}t`, user.id, (await store().now()) + 60_000);
      expect(await store().keys.removeUser(user.id)).toBe(true);
      expect(await store().keys.removeUser(user.id)).toBe(false);
      expect(await store().keys.authenticate(hash)).toBeNull();
      expect(await store().keys.redeemToken(`${hash}t`)).toBeNull();
      expect(await store().keys.findUser(user.id)).toBeNull();
    });
  });

  describe('a key', () => {
    const store = openOnce(open);

    it('says who it is, by its hash, until it is revoked', async () => {
      const user = await aUser(store());
      const hash = freshId(64);
      const key = await store().keys.create(aKey(user.id, { scope: 'agent' }), hash);
      expect(await store().keys.authenticate(hash)).toEqual({ key, user });
      expect(await store().keys.authenticate('unknown')).toBeNull();
      expect(await store().keys.list(user.id)).toEqual([key]);
      expect(await store().keys.list(null)).toContainEqual(key);
      expect(await store().keys.revoke(key.id)).toBe(true);
      expect(await store().keys.revoke(key.id)).toBe(false);
      expect(await store().keys.authenticate(hash)).toBeNull();
      expect(await store().keys.list(user.id)).toMatchObject([{ id: key.id, revokedAt: expect.any(Number) }]);
    });

    it('ends at its time', async () => {
      const user = await aUser(store());
      const hash = freshId(64);
      await store().keys.create(aKey(user.id, { expiresAt: (await store().now()) - 1 }), hash);
      expect(await store().keys.authenticate(hash)).toBeNull();
    });

    it('of an attempt ends with it, after the grace, and never later than before', async () => {
      const maker = await aUser(store());
      const sweep = await newSweep(store(), { createdBy: maker.id });
      await propose(store(), sweep, 1);
      const leaseAndLose = async (keyGraceMs: number) => {
        const key = { id: keyId(freshId()), hash: freshId(64) };
        const { trial } = (await store().trials.lease(aLease(sweep, { key })))!;
        const outcome = applyTrialEvent(trial, lost, { retry: null, objectives: [], now: 0, place: knownPlace });
        if (outcome.kind !== 'moved') throw new Error('a lost trial moves');
        await store().trials.move(trial, { ...outcome.move, state: 'queued', notBefore: null }, { keyGraceMs });
        return key.hash;
      };
      const before = await store().now();
      const first = await leaseAndLose(60_000);
      const { expiresAt } = (await store().keys.authenticate(first))!.key;
      expect(expiresAt).toBeGreaterThanOrEqual(before + 60_000);
      const second = await leaseAndLose(90_000);
      expect((await store().keys.authenticate(first))!.key.expiresAt).toBe(expiresAt);
      expect((await store().keys.authenticate(second))!.key.expiresAt).toBeGreaterThanOrEqual(before + 90_000);
    });
  });

  describe('a join token', () => {
    const store = openOnce(open);

    it('lets exactly one of many in', async () => {
      const user = await aUser(store());
      const hash = freshId(64);
      await store().keys.createToken(hash, user.id, (await store().now()) + 60_000);
      const answers = await Promise.all(Array.from({ length: 20 }, () => store().keys.redeemToken(hash)));
      expect(answers.filter((answer) => answer !== null)).toEqual([user.id]);
    });

    it('is known until it is used, and knowing it uses nothing up', async () => {
      const user = await aUser(store());
      const hash = freshId(64);
      await store().keys.createToken(hash, user.id, (await store().now()) + 60_000);
      expect([await store().keys.knowsToken(hash), await store().keys.knowsToken(hash)]).toEqual([true, true]);
      await store().keys.redeemToken(hash);
      expect(await store().keys.knowsToken(hash)).toBe(false);
    });

    it('is listed without its secret, and revoked while it is good', async () => {
      const user = await aUser(store());
      const [good, used] = [freshId(64), freshId(64)];
      for (const hash of [good, used]) await store().keys.createToken(hash, user.id, (await store().now()) + 60_000);
      await store().keys.redeemToken(used);
      const mine = (await store().keys.listTokens()).filter((token) => token.user === user.id);
      expect(new Map(mine.map(({ id, usedAt }) => [id, usedAt]))).toEqual(
        new Map([
          [good.slice(0, 12), null],
          [used.slice(0, 12), expect.any(Number)],
        ]),
      );
      expect(await store().keys.revokeToken(used.slice(0, 12))).toBe(false);
      expect(await store().keys.revokeToken(good.slice(0, 12))).toBe(true);
      expect(await store().keys.revokeToken(good.slice(0, 12))).toBe(false);
      expect(await store().keys.redeemToken(good)).toBeNull();
    });

    it('is worth nothing once its time is over, or unknown', async () => {
      const user = await aUser(store());
      const hash = freshId(64);
      await store().keys.createToken(hash, user.id, (await store().now()) - 1);
      expect(await store().keys.knowsToken(hash)).toBe(false);
      expect(await store().keys.redeemToken(hash)).toBeNull();
      expect(await store().keys.redeemToken('unknown')).toBeNull();
    });
  });
}

function outages(open: () => Promise<OpenStore>): void {
  describe('an outage', () => {
    const store = openOnce(open);

    it('is credited once, to every lease and every agent that is here', async () => {
      expect(await store().outages.lastHeartbeat()).toBeNull();
      const { trial, sweep } = await running(store());
      const agent = await connect(store(), sweep.pool);
      const seen = (await store().agents.find(agent))!.lastSeenAt;
      await store().outages.heartbeat('a');
      const last = (await store().outages.lastHeartbeat())!;
      const won = await Promise.all(Array.from({ length: 10 }, (_, i) => store().outages.credit(last, 60_000, `c${i}`)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await store().trials.find(trial.id))!.lease!.expiresAt).toBe(trial.lease!.expiresAt + 60_000);
      expect((await store().agents.find(agent))!.lastSeenAt).toBe(seen + 60_000);
      expect(await store().outages.lastHeartbeat()).toBeGreaterThan(last);
    });
  });
}

function runsAndFiles(open: () => Promise<OpenStore>): void {
  describe('runs', () => {
    const store = openOnce(open);

    it('are of a project, as many as there are trials', async () => {
      const project = (await store().projects.ensure('ada', 'runs')).id;
      const trials = await propose(store(), await newSweep(store(), { project }), 3);
      const { items, total } = await store().runs.query({ project, filter: null, orders: [] }, { start: 0, limit: 9 });
      expect(items.map(({ id }) => id).sort()).toEqual(trials.map(({ id }) => id).sort());
      expect(total).toBe(3);
      expect((await store().runs.query({ project: null, filter: null, orders: [] }, { start: 0, limit: 1 })).total).toBeGreaterThanOrEqual(
        3,
      );
      expect(await store().runs.record(runId('nothing1'))).toBeNull();
    });
  });

  describe('files', () => {
    const store = openOnce(open);

    it('count once in what is stored, however many hold the same', async () => {
      const before = await store().storage();
      const blob = blobHash(freshId(64));
      for (const path of ['a', 'b']) await store().files.put({ run: runId(freshId()), kind: 'output', path, blob, size: 100, md5: null });
      const after = await store().storage();
      expect([after.blobs - before.blobs, after.blobBytes - before.blobBytes]).toEqual([1, 100]);
    });

    it('are replaced by kind and path, and keep their blobs referenced', async () => {
      const run = runId(freshId());
      const [a, b] = [blobHash(freshId(64)), blobHash(freshId(64))];
      await store().files.put({ run, kind: 'output', path: 'model.bin', blob: a, size: 1, md5: null });
      await store().files.put({ run, kind: 'checkpoint', path: 'model.bin', blob: a, size: 1, md5: null });
      await store().files.put({ run, kind: 'output', path: 'model.bin', blob: b, size: 2, md5: null });
      expect(await store().files.list(run, 'output')).toMatchObject([{ path: 'model.bin', blob: b, size: 2 }]);
      expect((await store().files.list(run, null)).map(({ kind }) => kind)).toEqual(['checkpoint', 'output']);
      expect([await store().files.referenced(a), await store().files.referenced(blobHash(freshId(64)))]).toEqual([true, false]);
      expect(await store().files.code(sweepId('nothing1'))).toBeNull();
    });
  });
}
