/**
 * Trials that have one result at their end.
 *
 * With k workers, k trials are asked for; then whichever ends first is told and the next one asked for. Durations are virtual and depend
 * on (task, seed, how many were started before) only. Nothing waits.
 */
import type { Task } from '../tasks/task.js';
import type { Launch, Launches, RunPlan } from './launches.js';
import type { Searcher } from './searcher.js';

export interface Run {
  readonly searcher: Searcher;
  readonly launches: Launches;
  readonly plan: RunPlan;
  /** The true loss of the configuration with the best observed value, after each trial. */
  readonly losses: (number | null)[];
}

export async function runTrials(task: Task, { searcher, launches, plan, losses }: Run): Promise<void> {
  const running: (Launch & { readonly endsAt: number })[] = [];
  const best = { observed: Number.POSITIVE_INFINITY, loss: null as number | null };
  const launch = async (now: number): Promise<void> => {
    const next = launches.started < plan.trials ? await launches.next(searcher) : undefined;
    if (next !== undefined) running.push({ ...next, endsAt: now + next.duration });
  };
  for (let worker = 0; worker < Math.min(plan.workers, plan.trials); worker += 1) await launch(0);
  while (running.length > 0) {
    running.sort((a, b) => a.endsAt - b.endsAt || a.order - b.order);
    const { number, setting, noise, endsAt } = running.shift()!;
    const loss = task.observe(setting, noise);
    await searcher.tell(number, loss === 'crashed' ? loss : inMetric(task, loss));
    if (loss !== 'crashed' && loss < best.observed) Object.assign(best, { observed: loss, loss: task.trueLoss(setting) });
    losses.push(best.loss);
    await launch(endsAt);
  }
  // A space that ended: nothing changes any more.
  while (losses.length > 0 && losses.length < plan.trials) losses.push(losses.at(-1)!);
}

/** A loss in the direction of the metric. */
export function inMetric({ goal }: Task, loss: number): number {
  return goal === 'minimize' ? loss : -loss;
}
