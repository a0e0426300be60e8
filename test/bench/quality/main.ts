/** `npm run bench -- quality`: measures how good a sampler's proposals are and reports it among the recorded peers. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Part, type RunWords, readWords, WrongWords } from './command-line.js';
import { report } from './report/report.js';
import { samplerNamed, UnknownSampler } from './run/sampler-searcher.js';
import { runSeries, type Series, ShorterRuns } from './run/series.js';
import { type Catalogue, catalogue, chosenTasks, type Folders, UnknownTask } from './tasks/catalogue.js';
import { readTraces, type Trace } from './trace.js';

export interface Place {
  /** Of the repository. */
  readonly root: string;
  /** The bundle of run/worker.ts. */
  readonly workerFile: string;
}

/** @returns the exit code */
export async function run(words: readonly string[], place: Place): Promise<number> {
  try {
    await measureAndReport(words, place);
    return 0;
  } catch (error) {
    if (!(error instanceof WrongWords || error instanceof UnknownTask || error instanceof UnknownSampler || error instanceof ShorterRuns))
      throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function measureAndReport(words: readonly string[], { root, workerFile }: Place): Promise<void> {
  const asked = readWords(words);
  // The data and the peers' traces are no part of the repository: they lie beside it.
  const beside = join(root, '..', 'shared');
  const here = join(root, 'test/bench/quality');
  const folders = { tables: resolve(asked.tables ?? join(beside, 'bench-data')), curves: join(here, 'curves') };
  const tasks = catalogue(folders);
  const measured = asked.run === undefined ? readTraces(asked.files) : await measure(asked.run, tasks, { folders, workerFile });
  const recorded = asked.peers ?? [join(beside, 'bench', 'traces'), join(here, 'traces')];
  const peers = readTraces(recorded.filter(existsSync));
  const lines = report(tasks, {
    measured,
    peers,
    at: Math.min(asked.at, ...(asked.run?.parts ?? []).map(({ trials }) => trials)),
    perTask: asked.perTask,
  });
  process.stdout.write(`${lines.join('\n')}\n`);
}

interface Files {
  readonly folders: Folders;
  readonly workerFile: string;
}

async function measure(words: RunWords, all: Catalogue, files: Files): Promise<readonly Trace[]> {
  if ('sampler' in words.measured) samplerNamed(words.measured.sampler);
  const series = words.parts.map((part) => seriesOf(part, words, all, files));
  const begun = performance.now();
  const traces: Trace[] = [];
  for (const one of series) traces.push(...(await runSeries(one)));
  const wrong = traces.filter(({ error }) => error !== undefined).length;
  process.stderr.write(`${traces.length} runs in ${((performance.now() - begun) / 1000).toFixed(0)} s, ${wrong} with an error\n`);
  return traces;
}

function seriesOf(part: Part, words: RunWords, all: Catalogue, { folders, workerFile }: Files): Series {
  const tasks = chosenTasks(all, part.tasks);
  const { from, to } = words.seeds;
  const seeds = Array.from({ length: to - from }, (_, index) => from + index);
  return {
    plan: { method: words.name, measured: words.measured, trials: part.trials, workers: part.workers, folders },
    jobs: seeds.flatMap((seed) => tasks.map((task) => ({ task, seed }))),
    out: words.out,
    threads: words.threads,
    workerFile,
    onTrace: ({ t, seed, error }, done, of) => {
      if (error !== undefined) process.stderr.write(`${t}, seed ${seed}: ${error}\n`);
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} runs${done === of ? '\n' : ''}`);
    },
  };
}
