/**
 * Tells the controller what this machine uses, as often as the controller asks.
 *
 * Owns measuring the machine and when it is told. What GPUs do is read from the sampler; what one trial uses is `system-metrics.ts`.
 */
import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import type { MachineUsage } from '@sweep/domain';
import type { AgentMessage } from '@sweep/protocol';
import { type Clock, type Loop, startLoop } from '@sweep/runtime';
import type { GpuSampler } from './gpu/reading.js';

export interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

export function cpuTimes(): CpuTimes {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { busy: total - idle, total };
}

/** Null when no time has passed: the system's counters move a hundred times a second. */
export function cpuPercent(before: CpuTimes, after: CpuTimes): number | null {
  const passed = after.total - before.total;
  return passed <= 0 ? null : Math.min(100, Math.max(0, (100 * (after.busy - before.busy)) / passed));
}

export interface UsageParts {
  readonly gpus: readonly string[];
  readonly sampler: GpuSampler;
  /** On the disk whose room is told. */
  readonly folder: string;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export class UsageTeller {
  #before = cpuTimes();
  #loop: Loop | undefined;

  constructor(private readonly parts: UsageParts) {}

  /** @param everyMs 0: this controller does not want to know */
  attach(send: (message: AgentMessage) => Promise<void>, everyMs: number): void {
    this.detach();
    if (everyMs === 0) return;
    const { clock, onError } = this.parts;
    const loop = startLoop({
      name: 'usage',
      everyMs,
      clock,
      body: async () => {
        const value = wire(await this.#measure());
        // A session that has ended meanwhile is nobody to tell.
        if (this.#loop === loop) await send({ $case: 'usage', value });
      },
      onError,
    });
    this.#loop = loop;
  }

  detach(): void {
    void this.#loop?.stop();
    this.#loop = undefined;
  }

  async #measure(): Promise<MachineUsage> {
    const times = cpuTimes();
    const percent = cpuPercent(this.#before, times);
    this.#before = times;
    const { bsize, blocks, bfree } = await statfs(this.parts.folder);
    return {
      cpuPercent: percent,
      memoryUsedBytes: totalmem() - freemem(),
      diskUsedBytes: (blocks - bfree) * bsize,
      diskTotalBytes: blocks * bsize,
      gpus: this.parts.gpus.flatMap((uuid) => {
        const reading = this.parts.sampler.reading(uuid);
        if (reading === undefined) return [];
        const { utilization, memoryBytes, temperature, power } = reading;
        return [
          { uuid, utilizationPercent: utilization, memoryUsedBytes: memoryBytes, temperatureCelsius: temperature, powerWatts: power },
        ];
      }),
    };
  }
}

type Wire = Extract<AgentMessage, { $case: 'usage' }>['value'];

function wire({ cpuPercent: percent, gpus, ...rest }: MachineUsage): Wire {
  return {
    ...rest,
    cpuPercent: percent ?? undefined,
    gpus: gpus.map(({ uuid, ...figures }) => ({
      uuid,
      utilizationPercent: figures.utilizationPercent ?? undefined,
      memoryUsedBytes: figures.memoryUsedBytes ?? undefined,
      temperatureCelsius: figures.temperatureCelsius ?? undefined,
      powerWatts: figures.powerWatts ?? undefined,
    })),
  };
}
