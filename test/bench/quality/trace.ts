/**
 * One run of one optimiser on one task, as it is recorded: a line of JSON.
 *
 * The keys are short because files of them are kept. Owns the file, not what a run or a score is.
 */
import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

export interface Trace {
  /** Method, task, block, seed, workers. */
  readonly m: string;
  readonly t: string;
  readonly b: string;
  readonly seed: number;
  readonly k: number;
  /** Why it ended early. */
  readonly error?: string;
  /** True loss of its own recommendation at the end. */
  readonly rb?: number;
  /** Trials that ended. */
  readonly n: number;
  /** Trials whose configuration had been tried before. */
  readonly dup: number;
  /** Milliseconds of an ask. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** Seconds of the whole run. */
  readonly sec: number;
  /** [trial, true loss] where the configuration with the best observed value changes; null while nothing was observed. */
  readonly tr: readonly (readonly [number, number | null])[];
}

export function keyOf({ m, k, t, seed }: Pick<Trace, 'm' | 'k' | 't' | 'seed'>): string {
  return JSON.stringify([m, k, t, seed]);
}

export function packed(losses: readonly (number | null)[]): Trace['tr'] {
  return losses.flatMap((loss, index) => (index === 0 || loss !== losses[index - 1] ? [[index + 1, sevenDigits(loss)] as const] : []));
}

/** The true loss after each trial. */
export function unpacked({ n, tr }: Pick<Trace, 'n' | 'tr'>): readonly (number | null)[] {
  let at = 0;
  return Array.from({ length: n }, (_, index) => {
    if (tr[at + 1]?.[0] === index + 1) at += 1;
    return tr[at]?.[1] ?? null;
  });
}

const sevenDigits = (loss: number | null): number | null => (loss === null ? null : Number(loss.toPrecision(7)));

/** Of files, and of all `.jsonl` files in folders; the first of several with one key counts. */
export function readTraces(paths: readonly string[]): readonly Trace[] {
  const files = paths.flatMap((path) => (statSync(path).isDirectory() ? tracesIn(path) : [path]));
  const byKey = new Map<string, Trace>();
  for (const trace of files.flatMap(tracesOf)) if (!byKey.has(keyOf(trace))) byKey.set(keyOf(trace), trace);
  return [...byKey.values()];
}

function tracesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(folder, name));
}

function tracesOf(file: string): readonly Trace[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Trace);
}

/** What a series that was broken off has already; half a line at its end is cut off. */
export function resume(file: string): readonly Trace[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  truncateSync(file, bytes.lastIndexOf(0x0a) + 1);
  return readTraces([file]);
}
