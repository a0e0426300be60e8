/** Ticks: never lost, never two runs of one sweep at once. */
import { type SweepId, sweepId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { ContractServer } from './contract-server.js';
import { aWhile, until } from './until.js';

const sweep = sweepId('sweep001');
const other = sweepId('sweep002');

/** A promise and its key. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

export function ticksContract(server: () => Promise<ContractServer>): void {
  describe('a tick', () => {
    it('runs the handler with its sweep, also when it came before the handler', async () => {
      const dispatch = await (await server()).controller();
      await dispatch.tick(sweep);
      const seen: SweepId[] = [];
      await dispatch.onTick(async (id) => void seen.push(id));
      await until(() => seen.length === 1);
      await dispatch.tick(other);
      await until(() => seen.length === 2);
      expect(seen).toEqual([sweep, other]);
    });

    it('is one run with all others that came before it', async () => {
      const dispatch = await (await server()).controller();
      await Promise.all(Array.from({ length: 20 }, () => dispatch.tick(sweep)));
      let runs = 0;
      await dispatch.onTick(async () => void runs++);
      await until(() => runs > 0);
      await aWhile(200);
      expect(runs).toBe(1);
    });

    it('during a run makes exactly one further run, however many there are', async () => {
      const dispatch = await (await server()).controller();
      const first = gate();
      let runs = 0;
      await dispatch.onTick(async () => {
        if (++runs === 1) await first.opened;
      });
      await dispatch.tick(sweep);
      await until(() => runs === 1);
      await Promise.all(Array.from({ length: 20 }, () => dispatch.tick(sweep)));
      await aWhile(100);
      expect(runs).toBe(1);
      first.open();
      await until(() => runs === 2);
      await aWhile(200);
      expect(runs).toBe(2);
    });

    it('after a run makes a new one, again and again', async () => {
      const dispatch = await (await server()).controller();
      let runs = 0;
      await dispatch.onTick(async () => void runs++);
      for (let i = 1; i <= 30; i++) {
        await dispatch.tick(sweep);
        await until(() => runs >= i);
      }
    });

    it('never runs beside another of its sweep, over all controllers, and the last one is never lost', async () => {
      const queue = await server();
      const controllers = [await queue.controller(), await queue.controller()];
      let active = 0;
      let most = 0;
      let wanted = 0;
      let served = 0;
      const handler = async (): Promise<void> => {
        most = Math.max(most, ++active);
        const now = wanted;
        await new Promise((resolve) => setImmediate(resolve));
        served = now;
        active--;
      };
      for (const dispatch of controllers) await dispatch.onTick(handler);
      for (let i = 0; i < 100; i++) {
        wanted++;
        await controllers[i % 2]!.tick(sweep);
      }
      await until(() => served === wanted);
      expect(most).toBe(1);
    });

    it('of one sweep does not wait for another sweep', async () => {
      const dispatch = await (await server()).controller();
      const held = gate();
      let ran = false;
      await dispatch.onTick(async (id) => {
        if (id === sweep) await held.opened;
        else ran = true;
      });
      await dispatch.tick(sweep);
      await dispatch.tick(other);
      await until(() => ran);
      held.open();
    });

    it('is run again after a pause when its handler throws', async () => {
      const dispatch = await (await server()).controller();
      const times: number[] = [];
      await dispatch.onTick(async () => {
        times.push(Date.now());
        if (times.length < 3) throw new Error('the database is away');
      });
      await dispatch.tick(sweep);
      await until(() => times.length === 3);
      expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(200);
      expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(400);
      await aWhile(200);
      expect(times).toHaveLength(3);
    });

    it('with a delay runs after it, and holds up none without', async () => {
      const dispatch = await (await server()).controller();
      const times: number[] = [];
      await dispatch.onTick(async () => void times.push(Date.now()));
      const before = Date.now();
      await dispatch.tick(sweep, 1_500);
      await dispatch.tick(sweep);
      await until(() => times.length === 1, 1_000);
      await until(() => times.length === 2, 5_000);
      expect(times[1]! - before).toBeGreaterThanOrEqual(1_450);
    });

    it('of its own handler makes a further run', async () => {
      const dispatch = await (await server()).controller();
      let runs = 0;
      await dispatch.onTick(async (id) => {
        if (++runs < 4) await dispatch.tick(id);
      });
      await dispatch.tick(sweep);
      await until(() => runs === 4);
    });

    it('that runs is waited for when its controller closes, and the next one runs elsewhere', async () => {
      const queue = await server();
      const [leaving, staying] = [await queue.controller(), await queue.controller()];
      const held = gate();
      let started = false;
      let ended = false;
      await leaving.onTick(async () => {
        started = true;
        await held.opened;
        ended = true;
      });
      await leaving.tick(sweep);
      await until(() => started);
      const closing = leaving.close();
      let ranElsewhere = false;
      await staying.onTick(async () => {
        ranElsewhere = true;
      });
      await staying.tick(sweep);
      await aWhile(50);
      expect(ranElsewhere).toBe(false);
      held.open();
      await closing;
      expect(ended).toBe(true);
      await until(() => ranElsewhere);
    });
  });
}
