/** A sampler of the product as what is measured, fed as the product feeds it: by its cursor and the trials so far. */
import { type Observation, type Pruner, pruners, type SamplerDefinition, type SamplerOptions, samplers, wayOf } from '@sweep/optimizer';
import { parseSweepFile } from '@sweep/sweep-file';
import { sweepFileText } from '../tasks/parameter.js';
import type { Task } from '../tasks/task.js';
import { type Searcher, SearcherFailed } from './searcher.js';

export interface SamplerChoice {
  readonly sampler: string;
  /** Handed through to the sampler, to try variants of it. */
  readonly options: Readonly<Record<string, unknown>>;
}

export class UnknownSampler extends Error {
  override readonly name = 'UnknownSampler';
}

/** @throws UnknownSampler */
export function samplerNamed(name: string): SamplerDefinition {
  const definition = samplers.get(name);
  if (definition === undefined)
    throw new UnknownSampler(`no sampler ${JSON.stringify(name)}; there are: ${[...samplers.keys()].join(', ')}`);
  return definition;
}

export function samplerSearcher(task: Task, choice: SamplerChoice, seed: number): Searcher {
  const definition = samplerNamed(choice.sampler);
  const options: SamplerOptions = { seed: BigInt(seed), goals: [task.goal], ...choice.options };
  const sampler = definition.create(spaceOf(task), options);
  const ended: Observation[] = [];
  const live = new Map<number, Observation>();
  const judge = new Judge(pruners.get('asha')!.create({ min_iter: 3, eta: 3 }, task.goal), task.goal);
  let cursor = 0;
  let number = 0;
  const end = (told: number): Ended => {
    const { params } = live.get(told)!;
    live.delete(told);
    const curve = judge.end(told);
    return { number: told, params, ...(curve.length === 0 ? {} : { curve }) };
  };
  return {
    async ask() {
      // Those that ended in the order in which they did, then the running ones by number.
      const observations = definition.learnsFrom === 'all' ? [...ended, ...live.values()] : [];
      const answer = sampler.ask({ cursor, count: 1, observations });
      cursor = answer.cursor;
      const [proposal] = answer.proposals;
      if (proposal === undefined) {
        if (!answer.exhausted) throw new SearcherFailed('the sampler proposed nothing, and the space is not exhausted');
        return undefined;
      }
      number += 1;
      live.set(number, { number, params: proposal.params, state: 'live', values: [null] });
      return { number, params: proposal.params };
    },
    async report(reported, step, value) {
      return judge.stops(reported, step, value);
    },
    async tell(told, value) {
      ended.push(observationOf(end(told), value));
    },
    async stopped(told, value) {
      ended.push({ ...end(told), state: 'pruned', values: [value] });
    },
    async recommended() {
      const number = sampler.recommend?.(ended) ?? null;
      return ended.find((trial) => trial.number === number)?.params;
    },
    async close() {},
  };
}

/** Who is stopped, on tasks with curves: asynchronous successive halving. */
class Judge {
  private readonly curves = new Map<number, { number: number; running: boolean; steps: number[]; values: number[] }>();

  constructor(
    private readonly rule: Pruner,
    private readonly goal: Task['goal'],
  ) {}

  stops(number: number, step: number, value: number): boolean {
    const curve = this.curves.get(number) ?? { number, running: true, steps: [], values: [] };
    this.curves.set(number, curve);
    curve.steps.push(step);
    curve.values.push(value);
    const verdicts = this.rule.decide([...this.curves.values()]);
    return verdicts.some((verdict) => verdict.number === number && verdict.stop);
  }

  /** The way as it ended, as the product keeps it; empty where nothing was reported. */
  end(number: number): NonNullable<Observation['curve']> {
    const curve = this.curves.get(number);
    if (curve === undefined) return [];
    curve.running = false;
    return wayOf(this.rule, curve.values, { goal: this.goal, value: 'last' });
  }
}

type Ended = Pick<Observation, 'number' | 'params' | 'curve'>;

function observationOf(trial: Ended, value: number | 'crashed'): Observation {
  if (value === 'crashed') return { ...trial, state: 'failed', values: [null], blame: 'config' };
  return { ...trial, state: 'completed', values: [Number.isFinite(value) ? value : null] };
}

function spaceOf(task: Task) {
  const { spec, findings } = parseSweepFile(sweepFileText(task));
  if (spec === null)
    throw new SearcherFailed(`the sweep file of ${task.name} is refused: ${findings.map(({ message }) => message).join('; ')}`);
  return spec.space;
}
