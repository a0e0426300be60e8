/**
 * The seam of every search algorithm.
 *
 * A sampler is a pure function of (space, options, cursor, observations): no clock, no I/O, no state between calls. What it must
 * remember is the cursor, which the caller stores in the same transaction as the trials made from the answer. So a restart at any
 * moment repeats the same proposals, and a proposal is never lost or made twice.
 */

import type { SearchSpace } from './space.js';
import type { Params } from './value.js';

export interface Observation {
  readonly number: number;
  readonly params: Params;
  readonly state: 'live' | 'completed' | 'pruned' | 'failed' | 'cancelled';
  /** The objectives in order; null when there is none or it is not finite. */
  readonly values: readonly (number | null)[];
  /** What `SamplerOptions.limits` bounds, in the same order; null where it was not measured. */
  readonly limits?: readonly (number | null)[];
  /** The first objective on the way, by step: at least where trials are stopped. Says what a trial that was stopped promised. */
  readonly curve?: readonly (readonly [step: number, value: number])[];
  /** For failed ones: whether the point is to blame (`config`) or the machine (`infra`). */
  readonly blame?: 'config' | 'infra';
}

/**
 * How much work a proposal may be: everything; the model's hyperparameters as they were at the last anchor; a shorter search besides;
 * the best of fewer candidates, without any search. A proposal depends on it, so it is stored with what is proposed.
 */
export const thoroughness = ['full', 'warm', 'short', 'least'] as const;
export type Thoroughness = (typeof thoroughness)[number];

export interface Ask {
  /** What the last answer said; 0 at first. */
  readonly cursor: number;
  readonly count: number;
  /**
   * As far as `SamplerDefinition.learnsFrom` wants them: first the ended ones in the order in which their ends were recorded, then
   * the live ones in order of their numbers. The order is part of the log that a proposal is a function of.
   */
  readonly observations: readonly Observation[];
  /** Full unless it is said. For samplers that have a model. */
  readonly thoroughness?: Thoroughness;
}

export interface Proposal {
  readonly params: Params;
  /** Why this point, in words a person reads beside the trial. */
  readonly why: string;
  /** The same as data, from samplers that have a model. Plain JSON. */
  readonly detail?: ProposalDetail;
}

export interface ProposalDetail {
  /** `design` for a point of the first, even design; else how the model's beliefs were weighed. */
  readonly arm: 'design' | 'improve' | 'bound' | 'explore';
  readonly hypothesis?: 'A' | 'B';
  /** What the model expects of the objective there, in the objective's own units. */
  readonly mean?: number;
  readonly deviation?: number;
  readonly intent: 'exploration' | 'exploitation';
  /** Absent when it was full. */
  readonly thoroughness?: Exclude<Thoroughness, 'full'>;
  /** Numbers of the nearest earlier trials, nearest first. */
  readonly near: readonly number[];
}

export interface Answer {
  /** Fewer than asked only if `exhausted`. */
  readonly proposals: readonly Proposal[];
  readonly cursor: number;
  readonly exhausted: boolean;
}

export interface Sampler {
  ask(request: Ask): Answer;
  /** The number of the trial to prefer, noise considered; null when none has finished. Only samplers that have a model know. */
  recommend?(observations: readonly Observation[]): number | null;
}

export interface SamplerOptions {
  readonly seed: bigint;
  readonly goals: readonly ('minimize' | 'maximize')[];
  /** Measured quantities that a good trial keeps within bounds. */
  readonly limits?: readonly Limit[];
  /** Parts of the algorithm to change, to measure what each is worth; never stored, never from a sweep file. */
  readonly tuning?: { readonly [name: string]: unknown };
}

export interface Limit {
  readonly keep: 'below' | 'above';
  readonly bound: number;
}

export interface SamplerDefinition {
  readonly name: string;
  /** Changes whenever the same question may get another answer than before: stored with each proposal. */
  readonly version: number;
  /** Which trials must be passed as observations: none, those not proposed by the sampler itself, or all. */
  readonly learnsFrom: 'nothing' | 'others' | 'all';
  /** @throws SpaceError when the algorithm cannot search this space; its message says which parameter and why. */
  create(space: SearchSpace, options: SamplerOptions): Sampler;
}

export class SpaceError extends Error {
  override readonly name = 'SpaceError';
}
