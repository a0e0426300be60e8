/**
 * Scores of recorded runs.
 *
 * What counts after n trials is the configuration with the best observed value; what is scored is its true loss. 100 is the best of the
 * space, 0 its median. A run that ended with an error scores 0 from there on.
 */
import { mean } from '../quantile.js';
import type { Landscape, Task } from '../tasks/task.js';
import { type Trace, unpacked } from '../trace.js';

export interface Run {
  readonly seed: number;
  readonly failed: boolean;
  readonly askMs: number | null;
  /** S(1), S(2), … */
  readonly scores: readonly number[];
  /** True loss above the best, after each trial; infinite while nothing was observed. */
  readonly regrets: readonly number[];
  /** Mean of S(1) … S(60). */
  readonly auc60: number | undefined;
  /** Of the optimiser's own recommendation at the end. */
  readonly recommended: number | undefined;
  /** log10 of the share of all configurations that are better than that after 60 trials. */
  readonly logEcdf60: number | undefined;
  /** log10 of the regret after 60 trials as a share of the distance from best to median. */
  readonly logRegret60: number | undefined;
}

export interface Cell {
  readonly method: string;
  readonly workers: number;
  readonly runs: ReadonlyMap<string, readonly Run[]>;
}

export type Measure = (run: Run) => number | undefined;
/** Task to one number a seed. */
export type Samples = ReadonlyMap<string, readonly number[]>;

export const scoreAt =
  (n: number): Measure =>
  ({ scores, failed }) =>
    scores[n - 1] ?? (failed ? 0 : undefined);

export const regretAt =
  (n: number): Measure =>
  ({ regrets }) =>
    regrets[n - 1];

export const recommended: Measure = (run) => run.recommended;
export const auc60: Measure = (run) => run.auc60;
export const logEcdf60: Measure = (run) => run.logEcdf60;
export const logRegret60: Measure = (run) => run.logRegret60;

/** By method and workers, in order of appearance. Traces of unknown tasks are passed over. */
export function cellsOf(traces: readonly Trace[], tasks: ReadonlyMap<string, () => Task>): readonly Cell[] {
  const cells = new Map<string, { method: string; workers: number; runs: Map<string, Run[]> }>();
  for (const trace of traces) {
    const task = tasks.get(trace.t);
    if (task === undefined) continue;
    const key = `${trace.k} ${trace.m}`;
    const cell = cells.get(key) ?? { method: trace.m, workers: trace.k, runs: new Map<string, Run[]>() };
    cells.set(key, cell);
    cell.runs.set(trace.t, [...(cell.runs.get(trace.t) ?? []), runOf(trace, task().landscape())]);
  }
  return [...cells.values()];
}

export function runOf(trace: Trace, landscape: Landscape): Run {
  const { best, median } = landscape;
  const losses = unpacked(trace);
  const failed = trace.error !== undefined;
  const score = (loss: number): number => 100 * (1 - Math.min(1, Math.max(0, (loss - best) / (median - best))));
  const scores = losses.map((loss) => (loss === null ? 0 : score(loss)));
  const regrets = losses.map((loss) => (loss === null ? Number.POSITIVE_INFINITY : loss - best));
  const at60 = <T>(value: () => T): T | undefined => (losses.length >= 60 ? value() : undefined);
  const unreached = failed ? 0 : undefined;
  const share = (regrets[59] ?? Number.NaN) / (median - best);
  return {
    seed: trace.seed,
    failed,
    askMs: trace.p50,
    scores,
    regrets,
    auc60: at60(() => mean(scores.slice(0, 60))) ?? unreached,
    recommended: trace.rb === undefined ? undefined : score(trace.rb),
    logEcdf60: at60(() => logShareBetter(landscape, losses[59] ?? Number.POSITIVE_INFINITY)) ?? unreached,
    logRegret60: at60(() => Math.log10(Math.max(1e-8, share))) ?? unreached,
  };
}

function logShareBetter({ losses }: Landscape, loss: number): number {
  const limit = loss - 1e-12 * Math.abs(loss);
  let [from, to] = [0, losses.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (losses[middle]! < limit) from = middle + 1;
    else to = middle;
  }
  return Math.log10((from + 1) / losses.length);
}

export function samples(cell: Cell, tasks: readonly string[], measure: Measure): Samples {
  const known = tasks.map((task) => [task, (cell.runs.get(task) ?? []).map(measure).filter((value) => value !== undefined)] as const);
  return new Map(known.filter(([, values]) => values.length > 0));
}

/** Mean over tasks of the mean over seeds. */
export function level(of: Samples): number {
  return mean([...of.values()].map(mean));
}

/** The smallest n at which the level reaches the target; undefined if it never does as far as it was run. */
export function trialsTo(target: number, cell: Cell, tasks: readonly string[]): number | undefined {
  for (let n = 1; n <= 1000; n += 1) {
    const at = samples(cell, tasks, scoreAt(n));
    if (at.size < tasks.length) return undefined;
    if (level(at) >= target) return n;
  }
  return undefined;
}
