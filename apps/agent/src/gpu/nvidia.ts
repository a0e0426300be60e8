/** NVIDIA GPUs, by `nvidia-smi`: one process that prints a table again and again, instead of one for each look. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Gpu } from '@sweep/domain';
import type { Clock } from '@sweep/runtime';
import type { GpuReading, GpuSampler } from './reading.js';
import { askTool } from './tool.js';

const columns = 'index,uuid,name,memory.total,memory.used,utilization.gpu,temperature.gpu,power.draw,ecc.errors.uncorrected.volatile.total';
const query = [`--query-gpu=${columns}`, '--format=csv,noheader,nounits'];
const mebibyte = 1024 * 1024;
/** Readings that may be missed. */
const staleAfter = 4;

export interface NvidiaLine {
  readonly index: number;
  readonly gpu: Gpu;
  readonly reading: GpuReading;
}

/** Null for a line that is no row of the table, such as a driver's warning. */
export function parseNvidiaLine(line: string): NvidiaLine | null {
  const cells = line.split(',').map((cell) => cell.trim());
  const [index = '', uuid = '', name = ''] = cells;
  if (cells.length !== 9 || !/^\d+$/.test(index) || !uuid.startsWith('GPU-')) return null;
  // `[N/A]`, `[Not Supported]`, `[Unknown Error]`: the driver does not say.
  const number = (column: number): number | null => (/^\d+(\.\d+)?$/.test(cells[column]!) ? Number(cells[column]) : null);
  const used = number(4);
  return {
    index: Number(index),
    gpu: { uuid, vendor: 'nvidia', name, memoryBytes: (number(3) ?? 0) * mebibyte },
    reading: {
      uuid,
      utilization: number(5),
      memoryBytes: used === null ? null : used * mebibyte,
      temperature: number(6),
      power: number(7),
      uncorrectable: number(8),
    },
  };
}

/** @throws Unavailable as `askTool` */
export async function listNvidia(environment: NodeJS.ProcessEnv): Promise<readonly Gpu[]> {
  const table = (await askTool('nvidia-smi', query, environment)) ?? '';
  return table
    .split('\n')
    .flatMap((line) => parseNvidiaLine(line) ?? [])
    .sort((a, b) => a.index - b.index)
    .map(({ gpu }) => gpu);
}

export interface NvidiaSampling {
  readonly environment: NodeJS.ProcessEnv;
  readonly everyMs: number;
  readonly clock: Clock;
}

export function sampleNvidia({ environment, everyMs, clock }: NvidiaSampling): GpuSampler {
  const latest = new Map<string, { readonly reading: GpuReading; readonly at: number }>();
  const tool: ChildProcess = spawn('nvidia-smi', [...query, '-l', String(everyMs / 1000)], {
    env: environment,
    // Its own group: the first Ctrl-C in the terminal lets running trials finish, and they are still measured.
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // It was there when the machine was looked over. Without it there are no readings, and trials run all the same.
  tool.on('error', () => latest.clear());
  tool.once('exit', () => latest.clear());
  createInterface({ input: tool.stdout! }).on('line', (line) => {
    const row = parseNvidiaLine(line);
    if (row !== null) latest.set(row.gpu.uuid, { reading: row.reading, at: clock.now() });
  });
  return {
    reading(uuid) {
      const last = latest.get(uuid);
      // A driver that hangs leaves its tool running and silent: what it said before is no reading of now.
      return last === undefined || clock.now() - last.at > staleAfter * everyMs ? undefined : last.reading;
    },
    stop: () => void tool.kill(),
  };
}
