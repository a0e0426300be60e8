/**
 * The sweeps that one thread keeps warm: their logs, and samplers that remember what they have computed. Decides what to answer; knows
 * nothing of threads.
 *
 * One object of params stands for a trial as long as it is kept: samplers recognise trials by it.
 */
import { SamplerFailed, type SweepSpec } from '@sweep/domain';
import { type Observation, type Params, type Sampler, type SamplerDefinition, stringifyJson } from '@sweep/optimizer';
import type { LogEntry } from '@sweep/store';
import { createSampler, parseSweepFile, samplerOf } from '@sweep/sweep-file';
import { cutOf, type Insight, insightOf } from './insight.js';
import type { Chosen, ProposeTask, Question, Reply, SampledSweep, ToThread } from './messages.js';
import { type Reading, readParams, toObservation } from './observations.js';

interface WarmSweep {
  readonly priors: readonly Observation[];
  readonly log: Observation[];
  /** Read before, and not in the log: live trials, mostly. */
  newer: ReadonlyMap<number, Reading>;
  edition: Edition | null;
}

/** What one revision of the sweep's file makes. */
interface Edition {
  readonly revision: number;
  readonly spec: SweepSpec;
  made: { readonly definition: SamplerDefinition; readonly sampler: Sampler } | null;
  /** The last one, and how many ends it was made from: the log only grows. */
  insight: { readonly ends: number; readonly insight: Insight } | null;
}

export class WarmSweeps {
  /** The one that was used last stands last. */
  readonly #sweeps = new Map<string, WarmSweep>();

  constructor(private readonly most: number) {}

  /** Null for what needs no answer. */
  handle(message: ToThread): Reply | null {
    switch (message.kind) {
      case 'open':
        this.#open(message.sweep, message.priors);
        return null;
      case 'learn':
        this.#learn(message.sweep, message.after, message.entries);
        return null;
      case 'question':
        return this.#answer(message);
    }
  }

  #open(id: string, priors: readonly LogEntry[]): void {
    this.#sweeps.delete(id);
    if (this.#sweeps.size >= this.most) this.#sweeps.delete(this.#sweeps.keys().next().value!);
    this.#sweeps.set(id, { priors: priors.map((prior) => toObservation(prior)), log: [], newer: new Map(), edition: null });
  }

  #learn(id: string, after: number, entries: readonly LogEntry[]): void {
    const sweep = this.#sweeps.get(id);
    if (sweep === undefined || sweep.log.length !== after) return;
    for (const entry of entries) sweep.log.push(toObservation(entry, sweep.newer));
  }

  #answer({ sweep: asked, asOf, newer, task }: Question): Reply {
    const sweep = this.#sweeps.get(asked.id);
    if (sweep === undefined || sweep.log.length < asOf) return { kind: 'missing', known: sweep?.log.length ?? null };
    this.#sweeps.delete(asked.id);
    this.#sweeps.set(asked.id, sweep);
    const observations = [...sweep.priors, ...sweep.log.slice(0, asOf), ...newer.map((entry) => toObservation(entry, sweep.newer))];
    const unlogged = observations.slice(observations.length - newer.length);
    sweep.newer = new Map(newer.map(({ number, params: text }, index) => [number, { text, params: unlogged[index]!.params }]));
    if (sweep.edition?.revision !== asked.revision) sweep.edition = readEdition(asked);
    if (task.kind === 'cut') return { kind: 'cut', cut: cutOf(sweep.edition.spec, BigInt(asked.seed), observations, task.wish) };
    if (task.kind === 'insight') return { kind: 'insight', ...insightFor(sweep.edition, asked, observations) };
    sweep.edition.made ??= makeSampler(sweep.edition, asked);
    const { definition, sampler } = sweep.edition.made;
    if (task.kind === 'recommend') return { kind: 'recommended', number: sampler.recommend?.(observations) ?? null };
    return { kind: 'proposed', samplerVersion: definition.version, ...propose(sampler, observations, task) };
  }
}

/** One at a time, each seeing those before it as under way: as if each had been asked for alone. */
function propose(sampler: Sampler, known: readonly Observation[], task: ProposeTask) {
  const { renew, cursor: from, count, firstNumber, thoroughness } = task;
  const observations = [...known];
  const underway = (number: number, params: Params): void => void observations.push({ number, params, state: 'live', values: [] });
  const choose = (number: number, index: number): Chosen | undefined => {
    const [proposal] = sampler.ask({ cursor: index, count: 1, observations, thoroughness }).proposals;
    if (proposal === undefined) return undefined;
    const text = stringifyJson(proposal.params, { nonFinite: 'bare' });
    underway(number, readParams(text));
    return { number, index, params: text, why: proposal.why, detail: proposal.detail ?? null };
  };
  const renewed: Chosen[] = [];
  for (const { number, params, index } of renew) {
    const chosen = choose(number, index);
    if (chosen === undefined) underway(number, readParams(params));
    else renewed.push(chosen);
  }
  const added: Chosen[] = [];
  while (added.length < count) {
    const chosen = choose(firstNumber + added.length, from + added.length);
    if (chosen === undefined) return { renewed, added, cursor: from + added.length, exhausted: true };
    added.push(chosen);
  }
  return { renewed, added, cursor: from + count, exhausted: false };
}

function readEdition({ revision, config, id }: SampledSweep): Edition {
  const { spec, findings } = parseSweepFile(config);
  if (spec === null)
    throw new SamplerFailed(`the stored file of sweep ${id} is not accepted any more: ${findings[0]?.message ?? 'unreadable'}`);
  return { revision, spec, made: null, insight: null };
}

function makeSampler({ spec }: Edition, { seed, id }: SampledSweep): NonNullable<Edition['made']> {
  const definition = samplerOf(spec);
  if (definition === null) throw new SamplerFailed(`the points of sweep ${id} come from outside`);
  return { definition, sampler: createSampler(definition, spec, BigInt(seed)) };
}

/** Pages ask for it again and again while nothing ends. */
function insightFor(edition: Edition, { seed }: SampledSweep, observations: readonly Observation[]): Insight {
  const ended = observations.filter(({ state }) => state !== 'live');
  if (edition.insight?.ends !== ended.length) {
    edition.insight = { ends: ended.length, insight: insightOf(edition.spec, BigInt(seed), ended) };
  }
  return edition.insight.insight;
}
