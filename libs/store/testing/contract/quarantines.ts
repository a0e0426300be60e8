import { type AgentId, agentId, type Sweep, type Trial } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store.js';
import {
  aLease,
  connect,
  ended,
  exitThree,
  freshId,
  happens,
  lost,
  newSweep,
  type OpenStore,
  openOnce,
  propose,
  until,
} from './fixture.js';

const verdict = { reason: 'three trials', evidence: [] };

export function quarantineContract(open: () => Promise<OpenStore>): void {
  describe('a quarantine', () => {
    const store = openOnce(open);

    it('stands until it is cleared, through departures and returns, and is set by one of many callers', async () => {
      const id = await connect(store(), 'p');
      expect(await store().agents.find(id)).toMatchObject({ quarantine: null });
      const won = await Promise.all(Array.from({ length: 8 }, () => store().quarantines.mark(id, verdict)));
      expect(won.filter(Boolean)).toHaveLength(1);
      await store().agents.move(id, ['online'], 'lost', 'silent');
      await connect(store(), 'p', id);
      expect(await store().agents.find(id)).toMatchObject({ state: 'online', quarantine: { ...verdict, since: expect.any(Number) } });
      expect(await store().quarantines.marked()).toContain(id);
      expect(await store().quarantines.clear(id)).toBe(true);
      expect(await store().quarantines.clear(id)).toBe(false);
      expect(await store().agents.find(id)).toMatchObject({ quarantine: null });
      expect(await store().quarantines.mark(agentId('nobody'), verdict)).toBe(false);
    });

    it('is told as an event', async () => {
      const from = await store().events.head();
      const id = await connect(store(), 'p');
      await store().quarantines.mark(id, verdict);
      const told = async () => (await store().events.since(from, 100)).map(({ event }) => event);
      await until(async () => (await told()).some((event) => event.kind === 'agent.quarantine' && event.agent === id), 'the event');
      expect(await told()).toContainEqual({ kind: 'agent.quarantine', agent: id, quarantined: true });
    });

    it('does not keep a trial from an agent that failed it, when nobody else is there but quarantined ones', async () => {
      const { sweep, bad, good } = await twoAgents(store(), 1);
      const trial = await lease(store(), sweep, bad);
      await happens(store(), trial, lost);
      expect(await store().trials.lease(aLease(sweep, { agent: bad }))).toBeNull();
      await store().quarantines.mark(good, verdict);
      expect(await store().trials.lease(aLease(sweep, { agent: bad }))).not.toBeNull();
    });
  });

  describe('fates of a machine', () => {
    const store = openOnce(open);

    it('say what failed there, the last begun first, and where it ran instead', async () => {
      const { sweep, bad, good } = await twoAgents(store());
      const first = await lease(store(), sweep, bad);
      await happens(store(), first, lost);
      expect(await store().quarantines.fates(bad, sweep.id, 10)).toMatchObject([
        { trial: first.id, number: 1, end: null, wentWell: false, ranOn: null },
      ]);
      const again = await lease(store(), sweep, good);
      expect(await store().quarantines.suspects()).toContain(bad);
      await happens(store(), again, ended(again, 1));
      expect(await store().quarantines.suspects()).not.toContain(bad);
      expect(await store().quarantines.fates(bad, null, 10)).toMatchObject([
        { trial: first.id, ranOn: (await store().agents.find(good))!.name },
      ]);
      expect(await store().quarantines.fates(good, sweep.id, 10)).toMatchObject([{ trial: first.id, wentWell: true, ranOn: null }]);
      const second = await lease(store(), sweep, bad);
      await happens(store(), second, ended(second, 1, exitThree));
      const fates = await store().quarantines.fates(bad, sweep.id, 10);
      expect(fates.map(({ number, end }) => [number, end?.exitCode ?? null])).toEqual([
        [2, 3],
        [1, null],
      ]);
      expect(await store().quarantines.fates(bad, sweep.id, 1)).toHaveLength(1);
      expect(await store().quarantines.fates(bad, (await newSweep(store())).id, 10)).toEqual([]);
    });

    it('begin anew when it is cleared', async () => {
      const { sweep, bad } = await twoAgents(store());
      await happens(store(), await lease(store(), sweep, bad), lost);
      await store().quarantines.mark(bad, verdict);
      const ended = await store().now();
      await until(async () => (await store().now()) > ended, 'a later millisecond');
      await store().quarantines.clear(bad);
      expect(await store().quarantines.fates(bad, null, 10)).toEqual([]);
    });
  });
}

async function twoAgents(store: Store, trials = 3): Promise<{ readonly sweep: Sweep; readonly bad: AgentId; readonly good: AgentId }> {
  const sweep = await newSweep(store);
  await propose(store, sweep, trials);
  return { sweep, bad: await connect(store, sweep.pool, agentId(freshId())), good: await connect(store, sweep.pool, agentId(freshId())) };
}

async function lease(store: Store, sweep: Sweep, agent: AgentId): Promise<Trial> {
  return (await store.trials.lease(aLease(sweep, { agent })))!.trial;
}
