/**
 * One step of a sweep: how many proposals are wanted, or that it is over. Pure; the controller loads, asks this, and applies.
 */
import { type FailureCause, failureClasses } from './failure.js';
import type { SweepState } from './sweep.js';
import type { TrialState } from './trial.js';

export type TrialCounts = Readonly<Record<TrialState, number>>;

export interface AdvanceInput {
  readonly state: SweepState;
  readonly exhausted: boolean;
  readonly counts: TrialCounts;
  /** Trials that died without a logged value (they do not count against `runCap`). */
  readonly emptyDeaths: number;
  readonly runCap: number | null;
  readonly budgetTrials: number | null;
  /** Time since the sweep's first lease; null before it. */
  readonly elapsedMs: number | null;
  readonly budgetTimeMs: number | null;
  readonly budgetFailures: number | null;
  readonly parallel: number | null;
  /** Free slots of the agents that could run this sweep's trials. */
  readonly freeSlots: number;
  /** Queued trials to keep ready beyond the free slots, ≥ 1, so that a freed slot never waits for the sampler. */
  readonly lookahead: number;
  /** Whether the sampler learns from results: then it never looks ahead beyond `parallel`, so as not to propose blindly. */
  readonly learns: boolean;
  /** False for sweeps whose points come from outside. */
  readonly hasSampler: boolean;
}

export type AdvanceDecision =
  | { readonly kind: 'propose'; readonly count: number }
  | { readonly kind: 'wait'; readonly because: string }
  /** So many of those that wait are beyond `runCap`: it was lowered, or people asked for points of their own. */
  | { readonly kind: 'withdraw'; readonly count: number }
  | { readonly kind: 'nothing-left'; readonly reason: 'budget' | 'exhausted' }
  | { readonly kind: 'too-many-failures' }
  | { readonly kind: 'drained' };

export function decideAdvance(input: AdvanceInput): AdvanceDecision {
  const { counts } = input;
  const live = counts.queued + counts.running + counts.stopping;
  if (input.state === 'stopping') return live === 0 ? { kind: 'drained' } : { kind: 'wait', because: `${live} trials are still ending` };
  if (input.state !== 'pending' && input.state !== 'running') return { kind: 'wait', because: `the sweep is ${input.state}` };
  if (input.budgetFailures !== null && counts.failed >= input.budgetFailures && input.state === 'running')
    return { kind: 'too-many-failures' };
  const beyond = -capLeft(input);
  if (beyond > 0 && counts.queued > 0) return { kind: 'withdraw', count: Math.min(beyond, counts.queued) };
  const left = budgetLeft(input);
  if (left <= 0) return live === 0 ? { kind: 'nothing-left', reason: 'budget' } : { kind: 'wait', because: 'the budget is spent' };
  if (input.exhausted)
    return live === 0 ? { kind: 'nothing-left', reason: 'exhausted' } : { kind: 'wait', because: 'the space holds no further point' };
  if (!input.hasSampler) return { kind: 'wait', because: 'the points of this sweep come from outside' };
  const room = parallelRoom(input, live);
  const wanted = Math.min(left, room, input.freeSlots + input.lookahead - counts.queued);
  return wanted > 0 ? { kind: 'propose', count: wanted } : { kind: 'wait', because: 'enough trials are queued' };
}

function parallelRoom({ parallel, learns, lookahead }: AdvanceInput, live: number): number {
  if (parallel === null) return Number.POSITIVE_INFINITY;
  return parallel + (learns ? 0 : Math.min(lookahead, parallel)) - live;
}

/** How many more trials may be proposed; 0 once the time is over. */
export function budgetLeft(
  input: Pick<AdvanceInput, 'counts' | 'emptyDeaths' | 'runCap' | 'budgetTrials' | 'elapsedMs' | 'budgetTimeMs'>,
): number {
  if (input.budgetTimeMs !== null && input.elapsedMs !== null && input.elapsedMs >= input.budgetTimeMs) return 0;
  const byTrials = input.budgetTrials === null ? Number.POSITIVE_INFINITY : input.budgetTrials - proposedTrials(input.counts);
  return Math.min(capLeft(input), byTrials);
}

/** Below 0 once the cap was lowered, or more trials were asked for by people. */
function capLeft({ counts, emptyDeaths, runCap }: Pick<AdvanceInput, 'counts' | 'emptyDeaths' | 'runCap'>): number {
  return runCap === null ? Number.POSITIVE_INFINITY : runCap - (proposedTrials(counts) - emptyDeaths);
}

export const proposedTrials = (counts: TrialCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Whether a value of an objective reaches its target (≤ for minimize, ≥ for maximize). */
export function reachesTarget(value: number, goal: 'minimize' | 'maximize', target: number | null): boolean {
  if (target === null || Number.isNaN(value)) return false;
  return goal === 'minimize' ? value <= target : value >= target;
}

/** How a trial ended, as far as the question "does every trial fail alike?" goes. */
export interface Ending {
  readonly state: TrialState;
  readonly cause: FailureCause | null;
  readonly reason: string | null;
  readonly exitCode: number | null;
  /** On which it failed, retries on other machines included. */
  readonly agents: readonly string[];
}

/**
 * The failure that every trial so far shares, or null.
 *
 * Counts only when it happened on at least two machines, or on the only one there is: one bad machine must not end a sweep.
 */
export function sharedFailure(endings: readonly Ending[], machines: number): string | null {
  const [first] = endings;
  if (first === undefined || first.cause === null || endings.length < failureClasses[first.cause].endsSweepAfter) return null;
  // Not by the reason: it quotes the program, which may name the trial's own params or files.
  const alike = endings.every(({ state, cause, exitCode }) => state === 'failed' && cause === first.cause && exitCode === first.exitCode);
  if (!alike) return null;
  const where = new Set(endings.flatMap(({ agents }) => agents));
  return where.size >= Math.min(2, Math.max(1, machines)) ? first.reason : null;
}
