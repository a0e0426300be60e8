/**
 * A search without a controller: its trials, what was reported and told of them, and what its sampler and pruner make of that.
 *
 * Pure but for its memory. Everything that is told stands in the log in the order of the tellings.
 */
import {
  keepsLimits,
  type Limit,
  misfit,
  type Observation,
  type Params,
  type Proposal,
  type Pruner,
  paretoSet,
  type Sampler,
  type SamplerDefinition,
  type SearchSpace,
  wayOf,
} from '@sweep/optimizer';
import { Refusal, type Result } from './request.js';

export interface Objective {
  readonly name: string;
  readonly goal: 'minimize' | 'maximize';
  /** Which reported value counts for a trial that is told without one. */
  readonly value: 'last' | 'best';
}

export interface StudyParts {
  readonly space: SearchSpace;
  readonly objectives: readonly Objective[];
  readonly limits: readonly (Limit & { readonly name: string })[];
  readonly definition: SamplerDefinition;
  readonly sampler: Sampler;
  readonly pruner: Pruner | null;
}

interface Trial {
  readonly number: number;
  readonly params: Params;
  readonly steps: number[];
  readonly values: number[];
  /** Why it is to stop, once that was said. */
  stopping: string | null;
  state: 'live' | 'ended';
}

export interface Best {
  /** Negative for a result that was not asked for: -1 for the first one told. */
  readonly number: number | null;
  readonly value: number | null;
  readonly params: Params | null;
  /** What to use, noise considered; the best itself where the sampler has no model. */
  readonly recommended: Params | null;
  /** Why there is none, although there are results. */
  readonly reason?: string;
  /** Of several objectives: the completed trials within the limits that no other of them beats in every one, the best above first. */
  readonly pareto?: readonly { readonly number: number; readonly value: Observation['values']; readonly params: Params }[];
}

export class Study {
  readonly #trials = new Map<number, Trial>();
  readonly #log: Observation[] = [];
  #cursor = 0;
  #added = 0;

  constructor(private readonly parts: StudyParts) {}

  ask(count: number): { readonly trials: readonly Pick<Trial, 'number' | 'params'>[]; readonly exhausted: boolean } {
    const { proposals, cursor, exhausted } = this.parts.sampler.ask({ cursor: this.#cursor, count, observations: this.#observations() });
    this.#cursor = cursor;
    return { trials: proposals.map((proposal) => this.#start(proposal)), exhausted };
  }

  report(number: number, step: number | null, value: number): { readonly stop: boolean; readonly reason: string } {
    const trial = this.#live(number);
    trial.steps.push(step ?? trial.values.length);
    trial.values.push(value);
    if (trial.stopping === null) {
      const verdict = this.#judge(number);
      if (!verdict.stop) return verdict;
      trial.stopping = verdict.reason;
    }
    return { stop: true, reason: trial.stopping };
  }

  tell(number: number, result: Result): void {
    const trial = this.#live(number);
    this.#record(
      { number, params: trial.params, way: trial.values },
      { ...result, values: result.values ?? this.#reported(trial, result) },
    );
    trial.state = 'ended';
  }

  /** A result that was not asked for. */
  add(params: Params, result: Result): void {
    const found = misfit(this.parts.space, params);
    if (found !== null) throw new Refusal('invalid', found.message);
    this.#record({ number: -1 - this.#added, params, way: [] }, result);
    this.#added += 1;
  }

  best(): Best {
    const front = this.#front();
    const pareto = front === null ? {} : { pareto: front.map(({ number, values, params }) => ({ number, value: values, params })) };
    const best = front?.[0] ?? this.#bestOf('completed') ?? this.#bestOf('pruned');
    if (best === undefined) return { number: null, value: null, params: null, recommended: null, ...this.#whyNone(), ...pareto };
    const preferred = this.parts.sampler.recommend?.(this.#observations()) ?? null;
    const recommended = this.#log.find(({ number }) => number === preferred)?.params ?? best.params;
    return { number: best.number, value: best.values[0]!, params: best.params, recommended, ...pareto };
  }

  #start({ params }: Proposal): Trial {
    const trial: Trial = { number: this.#trials.size + 1, params, steps: [], values: [], stopping: null, state: 'live' };
    this.#trials.set(trial.number, trial);
    return trial;
  }

  /** @throws Refusal */
  #live(number: number): Trial {
    const trial = this.#trials.get(number);
    if (trial === undefined) throw new Refusal('not-found', `there is no trial ${number}: ${this.#trials.size} were asked for so far`);
    if (trial.state === 'ended') throw new Refusal('conflict', `trial ${number} has ended: its result was told before`);
    return trial;
  }

  #judge(number: number): { readonly stop: boolean; readonly reason: string } {
    const { pruner } = this.parts;
    if (pruner === null) return { stop: false, reason: 'the sweep file has no `early_terminate`' };
    const curves = [...this.#trials.values()]
      .filter(({ values }) => values.length > 0)
      .map((trial) => ({
        number: trial.number,
        running: trial.state === 'live' && trial.stopping === null,
        steps: trial.steps,
        values: trial.values,
      }));
    const { stop, reason } = pruner.decide(curves).find((verdict) => verdict.number === number)!;
    return { stop, reason };
  }

  /** Of a trial that is told without a value: what it reported, if anything. */
  #reported({ values }: Trial, { state }: Result): readonly number[] | null {
    const finite = values.filter(Number.isFinite);
    if (finite.length === 0 || state === 'failed' || state === 'infeasible') return null;
    const { goal, value } = this.#objective;
    if (value === 'last') return [finite.at(-1)!];
    return [finite.reduce((best, one) => (goal === 'minimize' ? Math.min(best, one) : Math.max(best, one)))];
  }

  #record(
    { number, params, way }: { readonly number: number; readonly params: Params; readonly way: readonly number[] },
    result: Result,
  ): void {
    const { values, state } = result;
    const { pruner } = this.parts;
    const wanted = this.parts.objectives.length;
    if (values !== null && values.length !== Math.max(1, wanted))
      throw new Refusal('invalid', `the sweep has ${wanted} objectives: value takes as many numbers, not ${values.length}`);
    if (values === null && state === 'completed')
      throw new Refusal('invalid', 'a completed trial has a result: tell a `value`, or a `state` of failed, infeasible or pruned');
    const failed = state === 'failed' || state === 'infeasible';
    this.#log.push({
      number,
      params,
      state: failed ? 'failed' : state,
      values: (values ?? []).map(finite),
      limits: this.#limitsIn(result),
      curve: pruner === null ? [] : wayOf(pruner, way, this.#objective),
      ...(failed ? { blame: 'config' } : {}),
    });
  }

  /** As told by name; a limited objective need not be told twice. */
  #limitsIn({ values, metrics }: Result): readonly (number | null)[] {
    const { limits, objectives } = this.parts;
    for (const name of metrics.keys()) {
      if (limits.some((limit) => limit.name === name)) continue;
      const known = limits.length === 0 ? 'nothing' : limits.map((limit) => limit.name).join(', ');
      throw new Refusal('invalid', `metrics has "${name}": the file limits ${known}`);
    }
    return limits.map(({ name }) => {
      const objective = objectives.findIndex((one) => one.name === name);
      return finite(metrics.get(name) ?? values?.[objective]);
    });
  }

  /** Ended ones as they were told, then live ones by number. */
  #observations(): readonly Observation[] {
    const { learnsFrom } = this.parts.definition;
    if (learnsFrom === 'nothing') return [];
    if (learnsFrom === 'others') return this.#log.filter(({ number }) => number < 0);
    const live = [...this.#trials.values()].filter(({ state }) => state === 'live');
    return [...this.#log, ...live.map(({ number, params }) => ({ number, params, state: 'live', values: [] }) as const)];
  }

  /** Null where one objective makes the best. */
  #front(): readonly Observation[] | null {
    const goals = this.parts.objectives.map(({ goal }) => goal);
    return goals.length < 2 ? null : paretoSet(this.#within('completed'), goals);
  }

  #bestOf(state: Observation['state']): Observation | undefined {
    const sign = this.#objective.goal === 'minimize' ? 1 : -1;
    const loss = ({ values: [value] }: Observation): number =>
      value === null || value === undefined ? Number.POSITIVE_INFINITY : sign * value;
    const found = this.#within(state).filter((one) => loss(one) < Number.POSITIVE_INFINITY);
    return found.reduce<Observation | undefined>((best, one) => (best === undefined || loss(one) < loss(best) ? one : best), undefined);
  }

  #within(state: Observation['state']): readonly Observation[] {
    return this.#log.filter((one) => one.state === state && keepsLimits(this.parts.limits, one.limits));
  }

  #whyNone(): Pick<Best, 'reason'> {
    const { limits } = this.parts;
    const tried = this.#log.filter(({ state, values }) => state === 'completed' && values[0] !== null).length;
    if (limits.length === 0 || tried === 0) return {};
    const bounds = limits.map(({ name, keep, bound }) => `${name} ${keep === 'below' ? '<=' : '>='} ${bound}`).join(' and ');
    return { reason: `none of ${tried} completed trials keeps ${bounds}` };
  }

  /** Of a file that names none: as W&B takes a metric without a goal. */
  get #objective(): Pick<Objective, 'goal' | 'value'> {
    return this.parts.objectives[0] ?? { goal: 'minimize', value: 'last' };
  }
}

const finite = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);
