import { tmpdir } from 'node:os';
import type { AgentMessage, Usage } from '@sweep/protocol';
import { systemClock } from '@sweep/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { cpuPercent, UsageTeller } from './usage.js';

describe('the share of time that processors worked', () => {
  it.each([
    ['half of it', { busy: 5, total: 10 }, { busy: 10, total: 20 }, 50],
    ['nothing known when no time passed', { busy: 5, total: 10 }, { busy: 5, total: 10 }, null],
    ['never below nothing, when the kernel corrects itself', { busy: 5, total: 10 }, { busy: 4, total: 20 }, 0],
    ['never above everything', { busy: 5, total: 10 }, { busy: 30, total: 20 }, 100],
  ])('is %s', (_, before, after, percent) => expect(cpuPercent(before, after)).toBe(percent));
});

describe('telling what the machine uses', () => {
  let teller: UsageTeller | undefined;
  afterEach(() => teller?.detach());

  const readings = new Map([['GPU-1', { uuid: 'GPU-1', utilization: 97, memoryBytes: 5, temperature: 61, power: null, uncorrectable: 0 }]]);
  const make = (): UsageTeller => {
    const sampler = { reading: (uuid: string) => readings.get(uuid), stop: () => undefined };
    const onError = (error: unknown): never => {
      throw error;
    };
    teller = new UsageTeller({ gpus: ['GPU-1', 'GPU-silent'], sampler, folder: tmpdir(), clock: systemClock, onError });
    return teller;
  };
  const next = (from: UsageTeller): Promise<Usage> =>
    new Promise((resolve) =>
      from.attach(async (message: AgentMessage) => {
        if (message.$case === 'usage') resolve(message.value);
      }, 60_000),
    );

  it('begins at once, with the machine and those of its GPUs whose driver speaks', async () => {
    const told = await next(make());
    expect(told.gpus).toEqual([
      { uuid: 'GPU-1', utilizationPercent: 97, memoryUsedBytes: 5, temperatureCelsius: 61, powerWatts: undefined },
    ]);
    expect(told.memoryUsedBytes).toBeGreaterThan(0);
    expect(told.diskUsedBytes).toBeGreaterThan(0);
    expect(told.diskTotalBytes).toBeGreaterThanOrEqual(told.diskUsedBytes);
  });

  it('begins again on the next connection, and says nothing on the one before', async () => {
    const one = make();
    let before = 0;
    one.attach(async () => void before++, 60_000);
    one.attach(async () => void before++, 60_000);
    await next(one);
    expect(before).toBe(0);
  });

  it('is not done for a controller that does not ask', async () => {
    const one = make();
    let said = 0;
    one.attach(async () => void said++, 0);
    await next(one);
    expect(said).toBe(0);
  });
});
