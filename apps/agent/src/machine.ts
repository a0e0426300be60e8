/** What this machine has: processors, memory, GPUs. Looked over once, when the agent starts. */
import { hostname } from 'node:os';
import { type Gpu, type Machine, Unavailable } from '@sweep/domain';
import type { Clock } from '@sweep/runtime';
import si from 'systeminformation';
import { lookAtAmd, sampleAmd } from './gpu/amd.js';
import { listNvidia, sampleNvidia } from './gpu/nvidia.js';
import type { GpuSampler } from './gpu/reading.js';

export const sampleEveryMs = 5_000;

/**
 * All GPUs of the machine; which of them are used is the settings' choice.
 *
 * @param onProblem told when a vendor's tool is there and does not work: its GPUs are not used
 */
export async function listGpus(environment: NodeJS.ProcessEnv, onProblem: (text: string) => void): Promise<readonly Gpu[]> {
  const found = await Promise.allSettled([listNvidia(environment), lookAtAmd(environment).then((cards) => cards.map(({ gpu }) => gpu))]);
  return found.flatMap((answer) => {
    if (answer.status === 'fulfilled') return answer.value;
    if (!(answer.reason instanceof Unavailable)) throw answer.reason;
    onProblem(answer.reason.message);
    return [];
  });
}

export async function lookOver(gpus: readonly Gpu[], labels: Readonly<Record<string, string>>): Promise<Machine> {
  const [memory, cpu] = await Promise.all([si.mem(), si.cpu()]);
  return {
    hostname: hostname(),
    platform: `${process.platform}-${process.arch}`,
    cpus: cpu.cores,
    memoryBytes: memory.total,
    gpus,
    labels,
  };
}

export interface Sampling {
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Nothing is started for a machine without GPUs. */
export function sampleGpus(gpus: readonly Gpu[], { environment, clock, onError }: Sampling): GpuSampler {
  const samplers: GpuSampler[] = [];
  if (gpus.some(({ vendor }) => vendor === 'nvidia')) samplers.push(sampleNvidia({ environment, everyMs: sampleEveryMs, clock }));
  if (gpus.some(({ vendor }) => vendor === 'amd')) samplers.push(sampleAmd({ environment, everyMs: sampleEveryMs, clock, onError }));
  return {
    reading: (uuid) => samplers.map((sampler) => sampler.reading(uuid)).find((reading) => reading !== undefined),
    stop: () => samplers.forEach((sampler) => void sampler.stop()),
  };
}
