/** Trials and attempts as the API shows them. Pure; what a trial needs beside its row is read by trial-reader.ts. */
import type { AttemptView, TrialView } from '@sweep/api';
import { isLive, type MetricLimit, type Objective, type Trial } from '@sweep/domain';
import { type Counting, keepsLimit } from '@sweep/optimizer';
import type { Attempt, LastValue } from '@sweep/store';
import { countedValue } from '../trials/measured.js';
import { isoTime, isoTimeOrNull } from './time.js';

/** Where an attempt runs or ran. */
export interface Place {
  readonly agent: string;
  readonly slot: number;
  readonly gpus: readonly string[];
}

export interface TrialFacts {
  readonly objectives: readonly Objective[];
  readonly limits: readonly MetricLimit[];
  readonly last: readonly LastValue[];
  readonly attempts: number;
  readonly place: Place | null;
  readonly waitingFor: string | null;
  readonly why: string | null;
  /** Milliseconds since the epoch, database clock. */
  readonly now: number;
}

export function trialView(trial: Trial, facts: TrialFacts): TrialView {
  const { place } = facts;
  return {
    id: trial.id,
    number: trial.number,
    sweep: trial.sweep,
    state: trial.state,
    reason: trial.reason,
    params: trial.params,
    objective: objectiveOf(trial, facts),
    limits: limitsOf(trial, facts),
    summary: summaryOf(facts.last),
    attempt: trial.attempt,
    attempts: facts.attempts,
    agent: place?.agent ?? null,
    slot: place?.slot ?? null,
    gpus: [...(place?.gpus ?? [])],
    waitingFor: facts.waitingFor,
    why: facts.why,
    retryOf: trial.retryOf,
    createdAt: isoTime(trial.createdAt),
    startedAt: isoTimeOrNull(trial.startedAt),
    endedAt: isoTimeOrNull(trial.endedAt),
    durationSeconds: trial.startedAt === null ? null : Math.max(0, ((trial.endedAt ?? facts.now) - trial.startedAt) / 1000),
  };
}

export function summaryOf(last: readonly LastValue[]): TrialView['summary'] {
  // Numbers that are not finite become texts when the answer is written.
  return Object.fromEntries(last.map(({ name, value }) => [name, value as number]));
}

/** One number, or a list when the sweep has several objectives. Trials that go on show where they stand. */
function objectiveOf(trial: Trial, { objectives, last }: TrialFacts): TrialView['objective'] {
  const values = isLive(trial.state) ? objectives.map((objective) => valueSoFar(objective, last)) : trial.values;
  return objectives.length > 1 ? objectives.map((_, index) => values[index] ?? null) : (values[0] ?? null);
}

function limitsOf(trial: Trial, { limits, last }: TrialFacts): TrialView['limits'] {
  return limits.map((limit, index) => {
    const value = isLive(trial.state) ? valueSoFar(limit, last) : (trial.limits[index] ?? null);
    return { name: limit.name, value, kept: keepsLimit(limit, value) };
  });
}

const valueSoFar = (metric: Counting & { readonly name: string }, last: readonly LastValue[]): number | null =>
  countedValue(
    last.find(({ name }) => name === metric.name),
    metric,
  );

export function attemptView(attempt: Attempt): AttemptView {
  return {
    number: attempt.number,
    run: attempt.run,
    agent: attempt.agent,
    slot: attempt.slot,
    startedAt: isoTime(attempt.startedAt),
    endedAt: isoTimeOrNull(attempt.endedAt),
    exitCode: attempt.end?.exitCode ?? null,
    signal: attempt.end?.signal ?? null,
    detail: attempt.end?.detail ?? null,
    counted: attempt.counted,
  };
}
