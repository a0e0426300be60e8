/**
 * Appends metrics to the file that the agent reads.
 *
 * Owns the form of a line. A line is written before the call returns, so what was reported survives the program's own crash.
 */
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readEnvironment } from './config.js';

/** Metric name to value; `step` is the x-axis. NaN and Infinity are values. */
export type Metrics = { readonly step?: number } & Readonly<Record<string, number>>;

/** One JSON line. JSON has no word for non-finite numbers, so they are written as the texts "NaN", "Infinity" and "-Infinity". */
export function metricLine(metrics: Metrics): string {
  return `${JSON.stringify(metrics, (_name, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value))}\n`;
}

/** Files whose end this process has looked at. */
const mended = new Set<string>();

/** Reports metrics of the running trial; does nothing when there is none. */
export function report(metrics: Metrics): void {
  const { metricsFile } = readEnvironment();
  if (metricsFile === undefined) return;
  let line = metricLine(metrics);
  // A process that was killed while it wrote may have left half a line; without this our first line would be glued to it and lost.
  if (!mended.has(metricsFile)) {
    if (endsInHalfLine(metricsFile)) line = `\n${line}`;
    mended.add(metricsFile);
  }
  appendFileSync(metricsFile, line);
}

function endsInHalfLine(path: string): boolean {
  const file = openSync(path, 'a+');
  try {
    const { size } = fstatSync(file);
    if (size === 0) return false;
    const last = Buffer.alloc(1);
    readSync(file, last, 0, 1, size - 1);
    return last.toString('latin1') !== '\n';
  } finally {
    closeSync(file);
  }
}
