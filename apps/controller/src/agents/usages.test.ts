import { agentId, type MachineUsage } from '@sweep/domain';
import type { Usage } from '@sweep/protocol';
import { openMemory } from '@sweep/store';
import { describe, expect, it } from 'vitest';
import { readUsage, Usages } from './usages.js';

const gpu = { uuid: 'GPU-1', vendor: 'nvidia' as const, name: 'A100', memoryBytes: 100 };
const machine = { hostname: 'box', platform: 'linux-x64', cpus: 4, memoryBytes: 100, gpus: [gpu], labels: {} };
const agent = (id: string) => ({ id: agentId(id), machine });
const usage = (change: Partial<Usage> = {}): Usage => ({ memoryUsedBytes: 5, diskUsedBytes: 6, diskTotalBytes: 7, gpus: [], ...change });
const known = (change: Partial<MachineUsage> = {}): MachineUsage => ({ ...readUsage({ machine }, usage()), ...change });

describe('what a machine says that it uses', () => {
  it('is read with what is not known as null', () => {
    expect(readUsage({ machine }, usage({ cpuPercent: 12.5, gpus: [{ uuid: 'GPU-1', utilizationPercent: 0 }] }))).toEqual({
      cpuPercent: 12.5,
      memoryUsedBytes: 5,
      diskUsedBytes: 6,
      diskTotalBytes: 7,
      gpus: [{ uuid: 'GPU-1', utilizationPercent: 0, memoryUsedBytes: null, temperatureCelsius: null, powerWatts: null }],
    });
  });

  it('is of GPUs that it has, each once, and holds no number that is none', () => {
    const gpus = [
      { uuid: 'GPU-1', powerWatts: Number.NaN },
      { uuid: 'GPU-1', powerWatts: 4 },
      { uuid: 'GPU-2', powerWatts: 4 },
    ];
    const read = readUsage({ machine }, usage({ cpuPercent: Number.POSITIVE_INFINITY, gpus }));
    expect(read.cpuPercent).toBeNull();
    expect(read.gpus).toMatchObject([{ uuid: 'GPU-1', powerWatts: null }]);
  });

  it('is kept together with what others said, the last word of each', async () => {
    const store = openMemory();
    const usages = new Usages(store.usage);
    usages.hear(agent('a'), usage({ cpuPercent: 1 }));
    usages.hear(agent('a'), usage({ cpuPercent: 2 }));
    usages.hear(agent('b'), usage({ cpuPercent: 3 }));
    await usages.flush();
    const found = await store.usage.of([agentId('a'), agentId('b')]);
    expect([...found.values()].map((one) => one.usage)).toEqual([known({ cpuPercent: 2 }), known({ cpuPercent: 3 })]);
    await store.close();
  });
});
