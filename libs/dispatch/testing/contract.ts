/** What every `Dispatch` promises, races included. Runs on the twin, on Redis and on PostgreSQL. */
import { sweepId, trialId, Unavailable } from '@sweep/domain';
import { afterEach, describe, expect, it } from 'vitest';
import { choresContract } from './contract-chores.js';
import { offersContract } from './contract-offers.js';
import type { ContractServer } from './contract-server.js';
import { ticksContract } from './contract-ticks.js';

export function dispatchContract(open: () => Promise<ContractServer>): void {
  const opened: ContractServer[] = [];
  const server = async (): Promise<ContractServer> => {
    const made = await open();
    opened.push(made);
    return made;
  };
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  offersContract(server);
  ticksContract(server);
  choresContract(server);

  describe('the connection', () => {
    it('answers a ping and says what it is', async () => {
      const dispatch = await (await server()).controller();
      await dispatch.ping();
      const { backend, version } = await dispatch.inspect();
      expect(['redis', 'postgres', 'memory']).toContain(backend);
      expect(version).toMatch(/^\d/);
    });

    it('may be closed twice, and answers nothing afterwards', async () => {
      const dispatch = await (await server()).controller();
      await dispatch.offer('pool', trialId('trial001'), 1, 0);
      await dispatch.onTick(async () => undefined);
      await dispatch.tick(sweepId('sweep001'));
      await Promise.all([dispatch.close(), dispatch.close()]);
      await expect(dispatch.ping()).rejects.toBeInstanceOf(Unavailable);
      await expect(dispatch.take('pool')).rejects.toBeInstanceOf(Unavailable);
    });
  });
}
