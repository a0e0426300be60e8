/** The trials of a run as they are started: what was proposed, how often before, how long the answers took, how long each trial lasts. */
import { salt, type Uniforms, uniforms } from '../noise.js';
import { quantile } from '../quantile.js';
import { OutsideSpace, type Setting, settingOf, textOf } from '../tasks/parameter.js';
import type { Task } from '../tasks/task.js';
import { packed, type Trace } from '../trace.js';
import { type Searcher, SearcherFailed } from './searcher.js';

export interface RunPlan {
  readonly method: string;
  readonly seed: number;
  /** Whole trainings; on tasks with curves, as much training as so many take. */
  readonly trials: number;
  readonly workers: number;
}

export interface Launch {
  readonly number: number;
  readonly setting: Setting;
  readonly noise: Uniforms;
  /** How many were started before. */
  readonly order: number;
  /** Virtual; 0 with one worker, where it does not matter. */
  readonly duration: number;
}

export interface Outcome {
  /** The true loss of the best configuration after each trial. */
  readonly losses: readonly (number | null)[];
  readonly recommended: number | undefined;
  readonly error: string | undefined;
  readonly seconds: number;
}

export class Launches {
  private readonly asks: number[] = [];
  private readonly visits = new Map<string, number>();
  private repeated = 0;
  private exhausted = false;
  started = 0;

  constructor(
    private readonly task: Task,
    private readonly plan: RunPlan,
  ) {}

  /** undefined when the space is exhausted. */
  async next(searcher: Searcher): Promise<Launch | undefined> {
    const { task, plan } = this;
    if (this.exhausted) return undefined;
    const begun = performance.now();
    const asked = await searcher.ask();
    this.asks.push(performance.now() - begun);
    if (asked === undefined) {
      this.exhausted = true;
      return undefined;
    }
    const setting = accepted(asked.number, () => settingOf(task.parameters, asked.params));
    const text = textOf(setting);
    const visit = (this.visits.get(text) ?? 0) + 1;
    this.visits.set(text, visit);
    if (visit > 1) this.repeated += 1;
    const order = this.started;
    this.started += 1;
    const duration = plan.workers === 1 ? 0 : 0.5 + uniforms(salt, 'duration', task.name, plan.seed, order)[0];
    return { number: asked.number, setting, noise: uniforms(salt, task.name, plan.seed, text, visit), order, duration };
  }

  trace({ losses, recommended, error, seconds }: Outcome): Trace {
    const { task, plan } = this;
    const asks = Float64Array.from(this.asks).sort();
    return {
      m: plan.method,
      t: task.name,
      b: task.block,
      seed: plan.seed,
      k: plan.workers,
      ...(error === undefined ? {} : { error }),
      ...(recommended === undefined ? {} : { rb: Number(recommended.toPrecision(7)) }),
      n: losses.length,
      dup: this.repeated,
      p50: asks.length === 0 ? null : hundredths(quantile(asks, 0.5)),
      p95: asks.length === 0 ? null : hundredths(quantile(asks, 0.95)),
      sec: hundredths(seconds),
      tr: packed(losses),
    };
  }
}

function accepted(number: number, read: () => Setting): Setting {
  try {
    return read();
  } catch (error) {
    if (error instanceof OutsideSpace) throw new SearcherFailed(`trial ${number}: ${error.message}`);
    throw error;
  }
}

const hundredths = (x: number): number => Math.round(100 * x) / 100;
