import { agentId, type MachineUsage } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { connect, freshId, type OpenStore, openOnce } from './fixture.js';

const usage = (change: Partial<MachineUsage> = {}): MachineUsage => ({
  cpuPercent: 12.5,
  memoryUsedBytes: 5 * 2 ** 40,
  diskUsedBytes: 1,
  diskTotalBytes: 2,
  gpus: [{ uuid: 'GPU-1', utilizationPercent: 97, memoryUsedBytes: 3, temperatureCelsius: 61, powerWatts: null }],
  ...change,
});

export function usageContract(open: () => Promise<OpenStore>): void {
  describe('what a machine uses', () => {
    const store = openOnce(open);

    it('is its last word, with its age', async () => {
      const [a, b, silent] = [agentId(freshId()), agentId(freshId()), agentId(freshId())];
      await store().usage.put(new Map([[a, usage({ cpuPercent: null })]]));
      await store().usage.put(
        new Map([
          [b, usage({ gpus: [] })],
          [a, usage()],
        ]),
      );
      const found = await store().usage.of([a, b, silent]);
      expect([found.get(a)?.usage, found.get(b)?.usage, found.has(silent)]).toEqual([usage(), usage({ gpus: [] }), false]);
      expect(found.get(a)!.ageMs).toBeGreaterThanOrEqual(0);
      expect(found.get(a)!.at + found.get(a)!.ageMs).toBeLessThanOrEqual(await store().now());
    });

    it('may be told of nobody, and asked of nobody', async () => {
      await store().usage.put(new Map());
      expect(await store().usage.of([])).toEqual(new Map());
    });

    it('goes with its agent', async () => {
      const agent = await connect(store(), 'p');
      await store().usage.put(new Map([[agent, usage()]]));
      await store().agents.move(agent, ['online'], 'offline', null);
      await store().agents.remove(agent);
      expect((await store().usage.of([agent])).size).toBe(0);
    });

    it('may be written by two controllers at once', async () => {
      const agents = Array.from({ length: 20 }, () => agentId(freshId()));
      const forwards = new Map(agents.map((agent) => [agent, usage()]));
      const backwards = new Map(agents.toReversed().map((agent) => [agent, usage()]));
      await Promise.all(Array.from({ length: 10 }, (_, index) => store().usage.put(index % 2 === 0 ? forwards : backwards)));
      expect((await store().usage.of(agents)).size).toBe(20);
    });
  });
}
