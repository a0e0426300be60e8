/** One run: a searcher on a task, from the first trial to the trace. */
import type { CurveTask } from '../tasks/curve-task.js';
import { settingOf } from '../tasks/parameter.js';
import type { Task } from '../tasks/task.js';
import type { Trace } from '../trace.js';
import { trainCurves } from './curve-trials.js';
import { Launches, type RunPlan } from './launches.js';
import type { Searcher } from './searcher.js';
import { runTrials } from './trials.js';

export async function drive(task: Task | CurveTask, start: () => Searcher, plan: RunPlan): Promise<Trace> {
  const begun = performance.now();
  const launches = new Launches(task, plan);
  const losses: (number | null)[] = [];
  let searcher: Searcher | undefined;
  let recommended: number | undefined;
  let error: string | undefined;
  try {
    searcher = start();
    const run = { searcher, launches, plan, losses };
    if ('rungs' in task) await trainCurves(task, run);
    else await runTrials(task, run);
    const params = await searcher.recommended();
    if (params !== undefined) recommended = task.trueLoss(settingOf(task.parameters, params));
  } catch (cause) {
    // A sampler that throws has lost this run, not the series.
    error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  } finally {
    await searcher?.close();
  }
  return launches.trace({ losses, recommended, error, seconds: (performance.now() - begun) / 1000 });
}
