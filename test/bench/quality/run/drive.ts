/**
 * One run: a searcher on a task, one trial after the other or several at once.
 *
 * With k workers, k trials are asked for; then whichever ends first is told and the next one asked for. Durations are virtual, uniform
 * on [0.5, 1.5], and depend on (task, seed, how many were started before) only. Nothing waits.
 */
import { salt, uniforms } from '../noise.js';
import { quantile } from '../quantile.js';
import { OutsideSpace, type Setting, settingOf, textOf } from '../tasks/parameter.js';
import type { Task } from '../tasks/task.js';
import { packed, type Trace } from '../trace.js';
import { type Searcher, SearcherFailed } from './searcher.js';

export interface RunPlan {
  readonly method: string;
  readonly seed: number;
  readonly trials: number;
  readonly workers: number;
}

interface Running {
  readonly number: number;
  readonly setting: Setting;
  readonly text: string;
  readonly visit: number;
  readonly started: number;
  readonly endsAt: number;
}

export async function drive(task: Task, start: () => Searcher, plan: RunPlan): Promise<Trace> {
  const begun = performance.now();
  const run = new Run(task, plan);
  let searcher: Searcher | undefined;
  let error: string | undefined;
  try {
    searcher = start();
    await run.all(searcher);
  } catch (cause) {
    // A sampler that throws has lost this run, not the series.
    error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  } finally {
    await searcher?.close();
  }
  return run.trace(error, (performance.now() - begun) / 1000);
}

class Run {
  private readonly losses: (number | null)[] = [];
  private readonly asks: number[] = [];
  private readonly visits = new Map<string, number>();
  private readonly running: Running[] = [];
  private now = 0;
  private started = 0;
  private repeated = 0;
  private exhausted = false;
  private best = Number.POSITIVE_INFINITY;
  private bestTrue: number | null = null;

  constructor(
    private readonly task: Task,
    private readonly plan: RunPlan,
  ) {}

  async all(searcher: Searcher): Promise<void> {
    const { trials, workers } = this.plan;
    for (let i = 0; i < Math.min(workers, trials); i += 1) await this.launch(searcher);
    while (this.losses.length < trials && this.running.length > 0) {
      await this.finish(searcher);
      await this.launch(searcher);
    }
    // A space that ended: nothing changes any more.
    while (this.losses.length > 0 && this.losses.length < trials) this.losses.push(this.losses.at(-1)!);
  }

  private async launch(searcher: Searcher): Promise<void> {
    const { task, plan } = this;
    if (this.exhausted || this.started >= plan.trials) return;
    const begun = performance.now();
    const asked = await searcher.ask();
    this.asks.push(performance.now() - begun);
    if (asked === undefined) {
      this.exhausted = true;
      return;
    }
    const setting = this.accepted(asked.number, () => settingOf(task.parameters, asked.params));
    const text = textOf(setting);
    const visit = (this.visits.get(text) ?? 0) + 1;
    this.visits.set(text, visit);
    if (visit > 1) this.repeated += 1;
    const duration = plan.workers === 1 ? 0 : 0.5 + uniforms(salt, 'duration', task.name, plan.seed, this.started)[0];
    this.running.push({ number: asked.number, setting, text, visit, started: this.started, endsAt: this.now + duration });
    this.started += 1;
  }

  private accepted(number: number, read: () => Setting): Setting {
    try {
      return read();
    } catch (error) {
      if (error instanceof OutsideSpace) throw new SearcherFailed(`trial ${number}: ${error.message}`);
      throw error;
    }
  }

  private async finish(searcher: Searcher): Promise<void> {
    const { task, plan, running } = this;
    running.sort((a, b) => a.endsAt - b.endsAt || a.started - b.started);
    const { number, setting, text, visit, endsAt } = running.shift()!;
    this.now = endsAt;
    const loss = task.observe(setting, uniforms(salt, task.name, plan.seed, text, visit));
    await searcher.tell(number, loss === 'crashed' || task.goal === 'minimize' ? loss : -loss);
    if (loss !== 'crashed' && loss < this.best) {
      this.best = loss;
      this.bestTrue = task.trueLoss(setting);
    }
    this.losses.push(this.bestTrue);
  }

  trace(error: string | undefined, seconds: number): Trace {
    const { task, plan } = this;
    const asks = Float64Array.from(this.asks).sort();
    return {
      m: plan.method,
      t: task.name,
      b: task.block,
      seed: plan.seed,
      k: plan.workers,
      ...(error === undefined ? {} : { error }),
      n: this.losses.length,
      dup: this.repeated,
      p50: asks.length === 0 ? null : hundredths(quantile(asks, 0.5)),
      p95: asks.length === 0 ? null : hundredths(quantile(asks, 0.95)),
      sec: hundredths(seconds),
      tr: packed(this.losses),
    };
  }
}

const hundredths = (x: number): number => Math.round(100 * x) / 100;
