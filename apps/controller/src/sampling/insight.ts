/** What a model makes of a sweep's results beside proposals: which parameters matter, and what more trials would bring. Pure. */
import type { SweepSpec } from '@sweep/domain';
import { type Effect, effects, type Observation, type Outlook, outlook } from '@sweep/optimizer';
import { samplerOptions } from '@sweep/sweep-file';

/** Of the first objective. */
export interface Insight {
  /** Strongest first; empty while there is too little to tell. */
  readonly effects: readonly Effect[];
  /** Null while there is too little to tell. */
  readonly outlook: Outlook | null;
  /** Completed trials and prior results with every objective finite: what there was to tell from. */
  readonly results: number;
}

/** Needs no particular method of search. */
export function insightOf(spec: SweepSpec, seed: bigint, observations: readonly Observation[]): Insight {
  if (spec.objectives.length === 0) return { effects: [], outlook: null, results: 0 };
  const options = samplerOptions(spec, seed);
  const results = observations.filter(({ state, values }) => state === 'completed' && values.every((value) => value !== null)).length;
  return { effects: effects(spec.space, options, observations), outlook: outlook(spec.space, options, observations), results };
}
