/** Offers: seen by one taker at a time, never twice, never lost while the server stands. */
import type { Dispatch, Offer } from '@sweep/dispatch';
import { type TrialId, trialId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { ContractServer } from './contract-server.js';
import { aWhile, until } from './until.js';

const one = trialId('trial001');
const two = trialId('trial002');

async function taken(dispatch: Dispatch, pool: string, withinMs?: number): Promise<Offer> {
  let offer: Offer | null = null;
  await until(async () => {
    offer = await dispatch.take(pool);
    return offer !== null;
  }, withinMs);
  return offer!;
}

export function offersContract(server: () => Promise<ContractServer>): void {
  describe('an offer', () => {
    it('is taken once, with its trial and attempt', async () => {
      const dispatch = await (await server()).controller();
      expect(await dispatch.take('pool')).toBeNull();
      await dispatch.offer('pool', one, 3, 0);
      const offer = await dispatch.take('pool');
      expect([offer?.trial, offer?.attempt]).toEqual([one, 3]);
      expect(await dispatch.take('pool')).toBeNull();
      await offer?.done();
      expect(await dispatch.take('pool')).toBeNull();
    });

    it('made twice is one, also while it is taken', async () => {
      const dispatch = await (await server()).controller();
      await dispatch.offer('pool', one, 1, 0);
      await dispatch.offer('pool', one, 1, 0);
      const offer = await dispatch.take('pool');
      await dispatch.offer('pool', one, 1, 0);
      expect(await dispatch.take('pool')).toBeNull();
      await offer?.done();
      expect(await dispatch.take('pool')).toBeNull();
    });

    it('can be made again after it was settled, and for the next attempt', async () => {
      const dispatch = await (await server()).controller();
      await dispatch.offer('pool', one, 1, 0);
      await (await dispatch.take('pool'))?.done();
      await dispatch.offer('pool', one, 1, 0);
      await dispatch.offer('pool', one, 2, 0);
      const attempts = [(await dispatch.take('pool'))?.attempt, (await dispatch.take('pool'))?.attempt];
      expect(attempts.sort()).toEqual([1, 2]);
    });

    it('is seen by every controller, and taken by exactly one of many', async () => {
      const queue = await server();
      const controllers = [await queue.controller(), await queue.controller()];
      const trials = Array.from({ length: 60 }, (_, i) => ({ trial: trialId(`trial${i}`), attempt: 1, delayMs: 0 }));
      await controllers[0]!.offerMany('pool', trials);
      const seen: TrialId[] = [];
      const take = async (dispatch: Dispatch): Promise<void> => {
        for (let offer = await dispatch.take('pool'); offer !== null; offer = await dispatch.take('pool')) {
          seen.push(offer.trial);
          await offer.done();
        }
      };
      await Promise.all(controllers.flatMap((dispatch) => Array.from({ length: 5 }, () => take(dispatch))));
      expect(seen.sort()).toEqual(trials.map(({ trial }) => trial).sort());
    });

    it('is for its pool only, whatever the pool is called', async () => {
      const dispatch = await (await server()).controller();
      const odd = 'gpu:a100/{big} ünïcode %3A';
      await dispatch.offer(odd, one, 1, 0);
      expect(await dispatch.take('gpu')).toBeNull();
      expect((await dispatch.take(odd))?.trial).toBe(one);
    });

    it('with a delay is not seen before it is over', async () => {
      const dispatch = await (await server()).controller();
      const before = Date.now();
      await dispatch.offer('pool', one, 1, 400);
      expect(await dispatch.take('pool')).toBeNull();
      expect((await taken(dispatch, 'pool')).trial).toBe(one);
      expect(Date.now() - before).toBeGreaterThanOrEqual(350);
    });

    it('given back is seen again, at once or after the delay', async () => {
      const dispatch = await (await server()).controller();
      await dispatch.offer('pool', one, 1, 0);
      await (await dispatch.take('pool'))?.giveBack(0);
      const again = await taken(dispatch, 'pool');
      const before = Date.now();
      await again.giveBack(400);
      expect(await dispatch.take('pool')).toBeNull();
      await (await taken(dispatch, 'pool')).done();
      expect(Date.now() - before).toBeGreaterThanOrEqual(350);
      expect(await dispatch.take('pool')).toBeNull();
    });

    it('that its taker does not settle comes back, and the late taker changes nothing', async () => {
      const queue = await server();
      const [first, second] = [await queue.controller(), await queue.controller()];
      await first.offer('pool', one, 1, 0);
      const late = await first.take('pool');
      const again = await taken(second, 'pool', queue.offerLockMs * 3 + 5_000);
      expect(again.trial).toBe(one);
      await late?.done();
      await late?.giveBack(0);
      expect(await first.take('pool')).toBeNull();
      await again.done();
      expect(await first.take('pool')).toBeNull();
    });

    it('can be withdrawn while nobody has it', async () => {
      const dispatch = await (await server()).controller();
      await dispatch.offerMany('pool', [
        { trial: one, attempt: 1, delayMs: 0 },
        { trial: two, attempt: 1, delayMs: 60_000 },
      ]);
      await dispatch.withdraw('pool', one, 1);
      await dispatch.withdraw('pool', two, 1);
      await dispatch.withdraw('pool', one, 99);
      expect(await dispatch.take('pool')).toBeNull();
      // Gone, not hidden: it can be made anew.
      await dispatch.offer('pool', two, 1, 0);
      expect((await dispatch.take('pool'))?.trial).toBe(two);
    });

    it('is not withdrawn from the one who has it', async () => {
      const dispatch = await (await server()).controller();
      await dispatch.offer('pool', one, 1, 0);
      const offer = await dispatch.take('pool');
      await dispatch.withdraw('pool', one, 1);
      await offer?.giveBack(0);
      expect((await taken(dispatch, 'pool')).trial).toBe(one);
    });

    it('counts as waiting while nobody has it and its delay is over', async () => {
      const dispatch = await (await server()).controller();
      expect(await dispatch.waiting('pool')).toBe(0);
      await dispatch.offer('pool', one, 1, 0);
      await dispatch.offer('pool', two, 1, 60_000);
      expect(await dispatch.waiting('pool')).toBe(1);
      await dispatch.take('pool');
      expect(await dispatch.waiting('pool')).toBe(0);
    });
  });

  describe('a listener for offers', () => {
    it('is called for an offer of another controller', async () => {
      const queue = await server();
      const [here, there] = [await queue.controller(), await queue.controller()];
      let calls = 0;
      await here.onOffer('pool', () => calls++);
      await there.offer('other', one, 1, 0);
      await there.offer('pool', one, 1, 0);
      await until(() => calls > 0, 1_500);
    });

    it('finds an offer within about a second of the end of its delay', async () => {
      const queue = await server();
      const dispatch = await queue.controller();
      let found = 0;
      const takes: Promise<void>[] = [];
      const take = async (): Promise<void> => {
        const offer = await dispatch.take('pool');
        if (offer !== null) found = Date.now();
        await offer?.done();
      };
      const leave = await dispatch.onOffer('pool', () => takes.push(take()));
      const due = Date.now() + 300;
      await dispatch.offer('pool', one, 1, 300);
      await until(() => found > 0, 2_000);
      expect(found).toBeGreaterThanOrEqual(due - 50);
      expect(found).toBeLessThan(due + 1_300);
      await leave();
      await Promise.all(takes);
    });

    it('is called when an offer is given back', async () => {
      const dispatch = await (await server()).controller();
      await dispatch.offer('pool', one, 1, 0);
      const offer = await dispatch.take('pool');
      let calls = 0;
      await dispatch.onOffer('pool', () => calls++);
      await offer?.giveBack(0);
      await until(() => calls > 0, 1_500);
    });

    it('is not called any more after it has left, and the others are', async () => {
      const dispatch = await (await server()).controller();
      let left = 0;
      let stays = 0;
      const leave = await dispatch.onOffer('pool', () => left++);
      await dispatch.onOffer('pool', () => stays++);
      await leave();
      await dispatch.offer('pool', one, 1, 0);
      await until(() => stays > 0, 1_500);
      await aWhile(50);
      expect(left).toBe(0);
    });
  });
}
