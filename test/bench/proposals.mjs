/** What a proposal costs in a warm sweep, one new result and one proposal at a time, by the number of results. From `dist`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quantile, root } from './system.mjs';

const sizes = [
  { results: 100, asks: 60 },
  { results: 1_000, asks: 40 },
  { results: 10_000, asks: 40 },
  { results: 50_000, asks: 20 },
];

export async function proposals() {
  const result = {};
  for (const { results, asks } of sizes) {
    const program = ['--expose-gc', join(root, 'test/bench/proposing.mjs'), String(results), String(asks)];
    const { stdout } = await promisify(execFile)(process.execPath, program);
    const { first, times, memory } = JSON.parse(stdout);
    times.sort((a, b) => a - b);
    const figures = {
      'p50 (CPU ms)': quantile(times, 0.5),
      'p95 (CPU ms)': quantile(times, 0.95),
      'the first two of a process together (CPU ms)': first,
      'heap and kernel beyond an idle process (MiB)': memory.kept,
      'of that the log (MiB)': memory.log,
      'resident beyond an idle process, at most, with garbage (MiB)': memory.peak,
    };
    for (const [what, value] of Object.entries(figures)) result[`${results.toLocaleString('en')} results: ${what}`] = value.toFixed(1);
  }
  return result;
}
