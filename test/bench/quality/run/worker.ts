/** A thread of a series: runs what it is sent, one at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { catalogue } from '../tasks/catalogue.js';
import { drive } from './drive.js';
import { programSearcher } from './program-searcher.js';
import { samplerSearcher } from './sampler-searcher.js';
import type { Searcher } from './searcher.js';
import type { Job, SeriesPlan } from './series.js';

const plan = workerData as SeriesPlan;
const { tasks } = catalogue(plan.folders);

// A failure that is not the optimiser's ends the thread, and with it the series.
parentPort!.on('message', (job: Job) => void answer(job));

async function answer({ task: name, seed }: Job): Promise<void> {
  const task = tasks.get(name)!();
  const { measured, method, trials, workers } = plan;
  const start = (): Searcher =>
    'command' in measured ? programSearcher(task, measured.command, seed) : samplerSearcher(task, measured, seed);
  parentPort!.postMessage(await drive(task, start, { method, seed, trials, workers }));
}
