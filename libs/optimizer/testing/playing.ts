/** Sweeps played out in memory: a sampler asked again and again, results made up by the test. No clock: trials last as long as they say. */
import type { Observation, Params, Proposal, Sampler, SamplerDefinition, SamplerOptions, SearchSpace } from '@sweep/optimizer';

export type Outcome = Omit<Observation, 'number' | 'params'>;

export const completed = (...values: readonly number[]): Outcome => ({ state: 'completed', values });
export const failed = (blame: 'config' | 'infra' = 'config'): Outcome => ({ state: 'failed', values: [null], blame });

export interface Play {
  readonly definition: SamplerDefinition;
  readonly space: SearchSpace;
  readonly options?: Partial<SamplerOptions>;
  /** Fewer are played when the sampler has no more points. */
  readonly trials: number;
  /** Trials under way at the same time. */
  readonly workers?: number;
  /** A new instance for every so many proposals, as after a restart; never without it. */
  readonly renew?: number;
  outcome(params: Params, number: number): Outcome;
}

export interface Played {
  readonly proposals: readonly Proposal[];
  readonly observations: readonly Observation[];
  readonly exhausted: boolean;
}

interface Underway {
  readonly number: number;
  readonly params: Params;
  readonly until: number;
}

/** Later trials may end before earlier ones. */
const duration = (number: number): number => 5 + ((number * 7919) % 13);

export function play(sweep: Play): Played {
  const steps = playing(sweep);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same proposal by proposal, so that several sweeps can take turns. */
export function* playing({ definition, space, options, trials, workers = 1, renew, outcome }: Play): Generator<Proposal, Played> {
  const open = (): Sampler => definition.create(space, { seed: 1n, goals: ['minimize'], ...options });
  const proposals: Proposal[] = [];
  const ended: Observation[] = [];
  let live: Underway[] = [];
  let sampler = open();
  let [cursor, now] = [0, 0];
  const end = (): void => {
    const next = live.reduce((first, one) => (one.until < first.until ? one : first));
    live = live.filter((one) => one !== next);
    now = next.until;
    ended.push({ number: next.number, params: next.params, ...outcome(next.params, next.number) });
  };
  while (proposals.length < trials) {
    if (live.length === workers) end();
    if (renew !== undefined && proposals.length % renew === 0) sampler = open();
    const observations = [...ended, ...live.map(({ number, params }): Observation => ({ number, params, state: 'live', values: [] }))];
    const answer = sampler.ask({ cursor, count: 1, observations });
    cursor = answer.cursor;
    const [proposal] = answer.proposals;
    if (proposal === undefined) return { proposals, observations, exhausted: answer.exhausted };
    proposals.push(proposal);
    live.push({ number: proposals.length, params: proposal.params, until: now + duration(proposals.length) });
    yield proposal;
  }
  while (live.length > 0) end();
  return { proposals, observations: ended, exhausted: false };
}
