/**
 * Trials that report after each rung of their training and may be stopped there.
 *
 * The budget is training, not trials: as many rungs as the planned number of whole trainings take. The configuration that counts has the
 * best observed value at the last rung; so a trace after n trials says what was known after the training of n.
 */
import type { CurveTask } from '../tasks/curve-task.js';
import type { Launch } from './launches.js';
import { inMetric, type Run } from './trials.js';

interface Training extends Launch {
  readonly curve: ArrayLike<number>;
  /** Rungs done. */
  done: number;
  /** When its next rung ends. */
  reportsAt: number;
}

export async function trainCurves(task: CurveTask, { searcher, launches, plan, losses }: Run): Promise<void> {
  const running: Training[] = [];
  const best = { observed: Number.POSITIVE_INFINITY, loss: null as number | null };
  const launch = async (now: number): Promise<void> => {
    const next = await launches.next(searcher);
    if (next === undefined) return;
    running.push({ ...next, curve: task.curve(next.setting, next.noise), done: 0, reportsAt: now + next.duration });
  };
  for (let worker = 0; worker < plan.workers; worker += 1) await launch(0);
  for (let spent = 1; spent <= plan.trials * task.rungs && running.length > 0; spent += 1) {
    running.sort((a, b) => a.reportsAt - b.reportsAt || a.order - b.order);
    const trial = running[0]!;
    const now = trial.reportsAt;
    trial.done += 1;
    trial.reportsAt += trial.duration;
    const loss = trial.curve[trial.done - 1]!;
    const stop = await searcher.report(trial.number, trial.done, inMetric(task, loss));
    const whole = trial.done === task.rungs;
    if (whole && loss < best.observed) Object.assign(best, { observed: loss, loss: task.trueLoss(trial.setting) });
    if (whole || stop) {
      running.shift();
      await (whole ? searcher.tell(trial.number, inMetric(task, loss)) : searcher.stopped(trial.number, inMetric(task, loss)));
      await launch(now);
    }
    if (spent % task.rungs === 0) losses.push(best.loss);
  }
}
