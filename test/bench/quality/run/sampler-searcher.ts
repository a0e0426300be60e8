/** A sampler of the product as what is measured, fed as the product feeds it: by its cursor and the trials so far. */
import { type Observation, type SamplerDefinition, type SamplerOptions, samplers } from '@sweep/optimizer';
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
  let cursor = 0;
  let number = 0;
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
    async tell(told, value) {
      const { params } = live.get(told)!;
      live.delete(told);
      ended.push(observationOf({ number: told, params }, value));
    },
    async close() {},
  };
}

function observationOf(trial: Pick<Observation, 'number' | 'params'>, value: number | 'crashed'): Observation {
  if (value === 'crashed') return { ...trial, state: 'failed', values: [null], blame: 'config' };
  return { ...trial, state: 'completed', values: [Number.isFinite(value) ? value : null] };
}

function spaceOf(task: Task) {
  const { spec, findings } = parseSweepFile(sweepFileText(task));
  if (spec === null)
    throw new SearcherFailed(`the sweep file of ${task.name} is refused: ${findings.map(({ message }) => message).join('; ')}`);
  return spec.space;
}
