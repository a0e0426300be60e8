/** Many runs on a few threads. Each is appended to the file when it ends, so a series that was broken off goes on where it was. */
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Folders } from '../tasks/catalogue.js';
import { keyOf, resume, type Trace } from '../trace.js';
import type { SamplerChoice } from './sampler-searcher.js';

/** A sampler of the product, or the words of a command. */
export type Measured = SamplerChoice | { readonly command: readonly string[] };

export interface SeriesPlan {
  readonly measured: Measured;
  readonly method: string;
  readonly trials: number;
  readonly workers: number;
  readonly folders: Folders;
}

export interface Job {
  readonly task: string;
  readonly seed: number;
}

export interface Series {
  readonly plan: SeriesPlan;
  readonly jobs: readonly Job[];
  readonly out: string | undefined;
  readonly threads: number;
  /** The bundle of worker.ts. */
  readonly workerFile: string;
  readonly onTrace: (trace: Trace, done: number, of: number) => void;
}

/** The file has runs of this name that ended earlier than is asked now. */
export class ShorterRuns extends Error {
  override readonly name = 'ShorterRuns';
}

/** All traces of the series, those of an earlier part included. @throws ShorterRuns */
export async function runSeries(series: Series): Promise<readonly Trace[]> {
  const { plan, out } = series;
  const earlier = new Map((out === undefined ? [] : resume(out)).map((trace) => [keyOf(trace), trace]));
  const keyOfJob = ({ task, seed }: Job): string => keyOf({ m: plan.method, k: plan.workers, t: task, seed });
  const waiting = series.jobs.filter((job) => !earlier.has(keyOfJob(job)));
  const traces = series.jobs.flatMap((job) => earlier.get(keyOfJob(job)) ?? []);
  const short = traces.find(({ n, error }) => error === undefined && n < plan.trials);
  if (short !== undefined) {
    throw new ShorterRuns(`${out} has runs of ${plan.method} with ${short.n} trials, not ${plan.trials}; give another --name or --out`);
  }
  const before = traces.length;
  const left = [...waiting];
  const keep = (trace: Trace): void => {
    if (out !== undefined) appendFileSync(out, `${JSON.stringify(trace)}\n`);
    traces.push(trace);
    series.onTrace(trace, traces.length - before, waiting.length);
  };
  await Promise.all(Array.from({ length: Math.min(series.threads, waiting.length) }, () => thread(series, left, keep)));
  return traces;
}

async function thread({ workerFile, plan }: Series, left: Job[], keep: (trace: Trace) => void): Promise<void> {
  const worker = new Worker(workerFile, { workerData: plan });
  try {
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      worker.postMessage(job);
      const [trace] = (await once(worker, 'message')) as [Trace];
      keep(trace);
    }
  } finally {
    await worker.terminate();
  }
}
