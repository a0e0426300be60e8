/**
 * Computes the proposals of a search again, from its log alone, and compares them with what was stored. Pure.
 *
 * What a sampler saw when it made a proposal: prior results, the log up to the place that is stored with the proposal, and as live every
 * trial with a smaller number that stands not in that part of the log. How thorough it was to be is stored too.
 */
import type { Observation, Params, Sampler, SamplerDefinition, Thoroughness } from '@sweep/optimizer';
import { stringifyJson } from '@sweep/optimizer';

export interface ReplayedTrial extends Observation {
  readonly origin: 'sampler' | 'enqueued' | 'retry' | 'external';
  readonly observed: number | null;
  readonly proposal: {
    readonly index: number;
    readonly asOf: number;
    readonly revision: number;
    readonly samplerVersion: number;
    readonly thoroughness: Thoroughness;
  } | null;
}

export interface Search {
  readonly priors: readonly Observation[];
  /** By number, from 1, without a gap. */
  readonly trials: readonly ReplayedTrial[];
  /** The sampler as a revision of the sweep's file asks for it. */
  sampler(revision: number): { readonly definition: SamplerDefinition; readonly sampler: Sampler };
}

export interface Difference {
  readonly number: number;
  readonly stored: Params;
  /** Null when the sampler proposes nothing now. */
  readonly computed: Params | null;
}

export interface Replayed {
  readonly proposals: number;
  /** Made by another version of the sampler than this program's, and so not compared. */
  readonly otherVersions: readonly {
    readonly sampler: string;
    readonly stored: number;
    readonly here: number;
    readonly proposals: number;
  }[];
  readonly difference: Difference | null;
}

/** Whether the log is whole as far as the proposals need it. Not so when it was read while the search went on. */
export function isWhole(trials: readonly ReplayedTrial[]): boolean {
  const places = new Set(trials.flatMap(({ observed }) => observed ?? []));
  const needed = trials.reduce((most, { proposal }) => Math.max(most, proposal?.asOf ?? 0), 0);
  return Array.from({ length: needed }, (_, index) => index + 1).every((place) => places.has(place));
}

/** Up to the first difference. */
export function replay(search: Search): Replayed {
  const log = ended(search.trials);
  const others = new Map<string, { sampler: string; stored: number; here: number; proposals: number }>();
  let live: ReplayedTrial[] = [];
  let proposals = 0;
  for (const answer of answers(search.trials)) {
    const { index, asOf, revision, samplerVersion, thoroughness } = answer.proposal;
    const { definition, sampler } = search.sampler(revision);
    // Later proposals never saw less of the log, so what has left the live ones never comes back.
    live = [...live, ...answer.before].filter(({ observed }) => observed === null || observed > asOf);
    if (samplerVersion === definition.version) {
      const observations = seenBy(definition, { search, log: log.slice(0, asOf), live, before: answer.members[0]!.number });
      const computed = sampler.ask({ cursor: index, count: answer.members.length, observations, thoroughness }).proposals;
      const difference = firstDifference(answer.members, computed);
      if (difference !== null) return { proposals, otherVersions: [...others.values()], difference };
      proposals += answer.members.length;
    } else {
      const key = `${definition.name} ${samplerVersion}`;
      const known = others.get(key) ?? { sampler: definition.name, stored: samplerVersion, here: definition.version, proposals: 0 };
      known.proposals += answer.members.length;
      others.set(key, known);
    }
    live.push(...answer.members);
  }
  return { proposals, otherVersions: [...others.values()], difference: null };
}

interface StoredAnswer {
  readonly proposal: NonNullable<ReplayedTrial['proposal']>;
  readonly members: readonly ReplayedTrial[];
  /** Trials of others since the answer before. */
  readonly before: readonly ReplayedTrial[];
}

/** Trials that came from one answer of the sampler have consecutive numbers and the same cursor. */
function* answers(trials: readonly ReplayedTrial[]): Generator<StoredAnswer> {
  let before: ReplayedTrial[] = [];
  for (let at = 0; at < trials.length; ) {
    const { proposal } = trials[at]!;
    if (proposal === null) {
      before.push(trials[at]!);
      at += 1;
      continue;
    }
    let end = at + 1;
    while (trials[end]?.proposal?.index === proposal.index) end += 1;
    yield { proposal, members: trials.slice(at, end), before };
    before = [];
    at = end;
  }
}

function ended(trials: readonly ReplayedTrial[]): readonly Observation[] {
  const placed = trials.flatMap((trial) => (trial.observed === null ? [] : [{ place: trial.observed, trial }]));
  return placed.sort((a, b) => a.place - b.place).map(({ trial }) => trial);
}

interface Seen {
  readonly search: Search;
  readonly log: readonly Observation[];
  readonly live: readonly ReplayedTrial[];
  readonly before: number;
}

function seenBy({ learnsFrom }: SamplerDefinition, { search, log, live, before }: Seen): readonly Observation[] {
  switch (learnsFrom) {
    case 'nothing':
      return [];
    case 'others':
      return [...search.priors, ...search.trials.filter(({ origin, number }) => origin !== 'sampler' && number < before)];
    case 'all':
      return [...search.priors, ...log, ...live.map(({ number, params }) => ({ number, params, state: 'live', values: [] }) as const)];
  }
}

const text = (params: Params): string => stringifyJson(params, { nonFinite: 'bare' });

function firstDifference(stored: readonly ReplayedTrial[], computed: readonly { readonly params: Params }[]): Difference | null {
  for (const [index, { number, params }] of stored.entries()) {
    const now = computed[index]?.params ?? null;
    if (now === null || text(now) !== text(params)) return { number, stored: params, computed: now };
  }
  return null;
}
