/** AMD GPUs, by `rocm-smi --json`. It has no loop of its own, so it is started for each look. */
import type { Gpu } from '@sweep/domain';
import { type Clock, startLoop } from '@sweep/runtime';
import type { GpuReading, GpuSampler } from './reading.js';
import { askTool } from './tool.js';

const query = ['--showuniqueid', '--showproductname', '--showmeminfo', 'vram', '--showuse', '--showtemp', '--showpower', '--json'];

export interface AmdCard {
  readonly gpu: Gpu;
  readonly reading: GpuReading;
}

/** Versions of the tool name their columns differently; each is found by the part that stayed. */
export function parseAmd(text: string): readonly AmdCard[] {
  const cards = JSON.parse(text) as Record<string, Record<string, string>>;
  return Object.entries(cards)
    .filter(([name]) => /^card\d+$/.test(name))
    .sort(([a], [b]) => Number(a.slice(4)) - Number(b.slice(4)))
    .map(([name, columns]) => parseCard(name, columns));
}

function parseCard(card: string, columns: Record<string, string>): AmdCard {
  const cell = (pattern: RegExp): string | undefined => Object.entries(columns).find(([column]) => pattern.test(column))?.[1];
  const number = (pattern: RegExp): number | null => {
    const text = cell(pattern);
    return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
  };
  const unique = cell(/^unique id$/i);
  // HIP takes `GPU-` and the unique id without its `0x`.
  const uuid = unique?.startsWith('0x') ? `GPU-${unique.slice(2)}` : card;
  return {
    gpu: { uuid, vendor: 'amd', name: cell(/^card (series|model)$/i) ?? 'AMD GPU', memoryBytes: number(/^vram total memory/i) ?? 0 },
    reading: {
      uuid,
      utilization: number(/^gpu use/i),
      memoryBytes: number(/^vram total used/i),
      temperature: number(/^temperature.*edge/i) ?? number(/^temperature/i),
      power: number(/power.*\(w\)$/i),
      uncorrectable: null,
    },
  };
}

/** @throws Unavailable as `askTool` */
export async function lookAtAmd(environment: NodeJS.ProcessEnv): Promise<readonly AmdCard[]> {
  const table = await askTool('rocm-smi', query, environment);
  return table === null ? [] : parseAmd(table);
}

export interface AmdSampling {
  readonly environment: NodeJS.ProcessEnv;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export function sampleAmd({ environment, everyMs, clock, onError }: AmdSampling): GpuSampler {
  let latest: readonly AmdCard[] = [];
  const body = async (): Promise<void> => {
    latest = await lookAtAmd(environment);
  };
  const loop = startLoop({ name: 'rocm-smi', everyMs, clock, body, onError });
  return { reading: (uuid) => latest.find(({ gpu }) => gpu.uuid === uuid)?.reading, stop: () => void loop.stop() };
}
