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
  /** For failed ones: whether the point is to blame (`config`) or the machine (`infra`). */
  readonly blame?: 'config' | 'infra';
}

export interface Ask {
  /** What the last answer said; 0 at first. */
  readonly cursor: number;
  readonly count: number;
  /** As far as `SamplerDefinition.learnsFrom` wants them, in order of their numbers. */
  readonly observations: readonly Observation[];
}

export interface Proposal {
  readonly params: Params;
  /** Why this point, in words a person reads beside the trial. */
  readonly why: string;
}

export interface Answer {
  /** Fewer than asked only if `exhausted`. */
  readonly proposals: readonly Proposal[];
  readonly cursor: number;
  readonly exhausted: boolean;
}

export interface Sampler {
  ask(request: Ask): Answer;
}

export interface SamplerOptions {
  readonly seed: bigint;
  readonly goals: readonly ('minimize' | 'maximize')[];
}

export interface SamplerDefinition {
  readonly name: string;
  /** Which trials must be passed as observations: none, those not proposed by the sampler itself, or all. */
  readonly learnsFrom: 'nothing' | 'others' | 'all';
  /** @throws SpaceError when the algorithm cannot search this space; its message says which parameter and why. */
  create(space: SearchSpace, options: SamplerOptions): Sampler;
}

export class SpaceError extends Error {
  override readonly name = 'SpaceError';
}
