/**
 * What the kernel and the GPUs count against programs: kills for want of memory, errors that no check corrected.
 *
 * Owns the reading and the comparison of before and after. That a program failed at all is for its caller to know.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GpuSampler } from './gpu/reading.js';
import type { ExitFile } from './keeper.js';
import type { Counted } from './outcome.js';

export interface KernelFiles {
  readonly proc: string;
  readonly cgroup: string;
}

const ofThisMachine: KernelFiles = { proc: '/proc', cgroup: '/sys/fs/cgroup' };
const answerWithinMs = 5_000;

/**
 * How many processes the kernel has killed for want of memory: in this process's own memory group, or where there is none to be read on
 * the whole machine. Null where the kernel does not say.
 */
export function memoryKills({ proc, cgroup }: KernelFiles = ofThisMachine): number | null {
  const groups = readQuietly(join(proc, 'self/cgroup'));
  const unified = /^0::(.+)$/m.exec(groups)?.[1];
  const legacy = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.+)$/m.exec(groups)?.[1];
  const texts = [
    ...(unified === undefined ? [] : [readQuietly(join(cgroup, unified, 'memory.events'))]),
    ...(legacy === undefined ? [] : [readQuietly(join(cgroup, 'memory', legacy, 'memory.oom_control'))]),
    readQuietly(join(proc, 'vmstat')),
  ];
  const counts = texts.flatMap((text) => /^oom_kill (\d+)$/m.exec(text)?.[1] ?? []);
  return counts[0] === undefined ? null : Number(counts[0]);
}

/** @param log the kernel's, as `dmesg` prints it */
export const namesKilled = (log: string, pid: number): boolean =>
  new RegExp(`(?:Out of memory|oom-kill|Memory cgroup out of memory)[^\\n]*\\b(?:Killed process |pid=)${pid}\\b`, 'i').test(log);

/** Of one attempt, from its program's start on. */
export class Counters {
  readonly #killsBefore = memoryKills();
  readonly #errorsBefore = new Map<string, number>();

  constructor(
    private readonly gpus: readonly string[],
    private readonly sampler: GpuSampler,
  ) {
    this.look();
  }

  /** The first reading of a GPU may come after the start. */
  look(): void {
    for (const uuid of this.gpus) {
      const errors = this.sampler.reading(uuid)?.uncorrectable ?? null;
      if (errors !== null && !this.#errorsBefore.has(uuid)) this.#errorsBefore.set(uuid, errors);
    }
  }

  /** What was counted against a program that failed by itself. @param lastWords the end of what it printed */
  async against(exit: ExitFile, pid: number | null, lastWords: string): Promise<Counted | null> {
    for (const [uuid, before] of this.#errorsBefore) {
      const more = (this.sampler.reading(uuid)?.uncorrectable ?? before) - before;
      if (more > 0) return { evidence: 'gpu-error', what: `${uuid} counted ${more} uncorrectable memory errors meanwhile` };
    }
    const killed = exit.signal === 'SIGKILL' || exit.code === 137 || /killed by signal|\bKilled\b/.test(lastWords);
    if (!killed) return null;
    const kills = memoryKills();
    if (kills !== null && this.#killsBefore !== null && kills > this.#killsBefore)
      return { evidence: 'oom', what: 'the kernel killed a process for want of memory' };
    if (pid !== null && namesKilled(await kernelLog(), pid))
      return { evidence: 'oom', what: "the kernel's log names it as killed for want of memory" };
    return null;
  }
}

/** Empty where it may not be read. */
async function kernelLog(): Promise<string> {
  const answer = await promisify(execFile)('dmesg', [], { timeout: answerWithinMs, maxBuffer: 64 * 1024 * 1024 }).catch(() => null);
  return answer?.stdout ?? '';
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
