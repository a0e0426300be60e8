/**
 * What a trial uses of its machine, as points named `system/…`: processor and memory of its processes, and its GPUs.
 *
 * Owns the measuring; a trial's processes are those of its program's session and the descendants of any of them.
 */

import type { GpuSampler } from './gpu/reading.js';
import type { Point } from './points.js';
import { listProcesses, type ProcessStat, ticksPerSecond } from './processes.js';

/** The page size of every Linux that Node is built for but 64 KiB ARM kernels; `getconf PAGESIZE` would cost a process. */
const pageBytes = 4096;

export interface SystemMetrics {
  /** @param step seconds since the program's start */
  measure(at: { readonly step: number; readonly now: number }): readonly Point[];
}

export function systemMetrics(leader: number, gpus: readonly string[], sampler: GpuSampler): SystemMetrics {
  let before: { readonly ticks: number; readonly now: number } | undefined;
  return {
    measure({ step, now }) {
      const tree = processTree(leader, listProcesses());
      const ticks = tree.reduce((sum, process) => sum + process.cpuTicks, 0);
      const memory = tree.reduce((sum, process) => sum + process.residentPages, 0) * pageBytes;
      const named: [string, number | null | undefined][] = [
        ['system/cpu', before && cpuPercent(ticks - before.ticks, now - before.now)],
        ['system/memory', memory],
        ...gpus.flatMap((uuid, index) => gpuValues(index, sampler.reading(uuid))),
      ];
      before = { ticks, now };
      return named.flatMap(([name, value]) => (value === null || value === undefined ? [] : [{ name, step, value, time: now }]));
    },
  };
}

/** 100 is one processor. A process that ended takes its ticks along: never below nothing. */
const cpuPercent = (ticks: number, ms: number): number | null =>
  ms <= 0 ? null : Math.max(0, (ticks / ticksPerSecond / (ms / 1000)) * 100);

function gpuValues(index: number, reading: ReturnType<GpuSampler['reading']>): [string, number | null | undefined][] {
  return [
    [`system/gpu.${index}.utilization`, reading?.utilization],
    [`system/gpu.${index}.memory`, reading?.memoryBytes],
    [`system/gpu.${index}.temperature`, reading?.temperature],
    [`system/gpu.${index}.power`, reading?.power],
  ];
}

export function processTree(leader: number, processes: readonly ProcessStat[]): readonly ProcessStat[] {
  const members = new Set(processes.filter((process) => process.pid === leader || process.session === leader).map(({ pid }) => pid));
  // A parent is not always listed before its children: go over the list until nothing is added.
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const { pid, parent } of processes) if (members.has(parent)) members.add(pid);
  }
  return processes.filter(({ pid }) => members.has(pid));
}
