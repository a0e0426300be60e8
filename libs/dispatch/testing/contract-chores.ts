/** Chores: every so often, in one controller at a time. */
import { describe, expect, it } from 'vitest';
import type { ContractServer } from './contract-server.js';
import { aWhile, until } from './until.js';

export function choresContract(server: () => Promise<ContractServer>): void {
  describe('a chore', () => {
    it('runs soon, and then every so often', async () => {
      const dispatch = await (await server()).controller();
      let runs = 0;
      await dispatch.every('tidy', 100, async () => void runs++);
      await until(() => runs >= 4);
    });

    it('runs in one of the controllers each time, not in all', async () => {
      const queue = await server();
      const controllers = [await queue.controller(), await queue.controller(), await queue.controller()];
      let runs = 0;
      const before = Date.now();
      for (const dispatch of controllers) await dispatch.every('tidy', 250, async () => void runs++);
      await aWhile(1_500);
      const intervals = (Date.now() - before) / 250;
      expect(runs).toBeGreaterThanOrEqual(intervals / 2);
      expect(runs).toBeLessThanOrEqual(intervals + 2);
    });

    it('that throws runs again at its next time', async () => {
      const dispatch = await (await server()).controller();
      let runs = 0;
      await dispatch.every('tidy', 100, async () => {
        runs++;
        throw new Error('not today');
      });
      await until(() => runs >= 3);
    });

    it('that is slower than its interval is not run beside itself', async () => {
      const dispatch = await (await server()).controller();
      let active = 0;
      let most = 0;
      let runs = 0;
      await dispatch.every('tidy', 50, async () => {
        most = Math.max(most, ++active);
        await aWhile(180);
        active--;
        runs++;
      });
      await until(() => runs >= 3);
      expect(most).toBe(1);
    });

    it('goes on elsewhere when its controller leaves', async () => {
      const queue = await server();
      const [leaving, staying] = [await queue.controller(), await queue.controller()];
      await leaving.every('tidy', 100, async () => undefined);
      let runs = 0;
      await staying.every('tidy', 100, async () => void runs++);
      await leaving.close();
      runs = 0;
      await until(() => runs >= 3);
    });

    it('does not keep others from running', async () => {
      const dispatch = await (await server()).controller();
      const runs = { one: 0, two: 0 };
      await dispatch.every('one', 100, async () => void runs.one++);
      await dispatch.every('two', 150, async () => void runs.two++);
      await until(() => runs.one >= 3 && runs.two >= 3);
    });
  });
}
