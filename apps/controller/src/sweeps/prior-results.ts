/**
 * What prior runs say to a new sweep's sampler, read once when it is made: they may go on to change, and a search that is computed again
 * must find what it found.
 */
import { blameOf, Invalid, isLive, runId, type SweepSpec, type Trial } from '@sweep/domain';
import { misfit, stringifyJson } from '@sweep/optimizer';
import type { EndedEntry, LastValue, Run, Store } from '@sweep/store';
import { countedValue } from '../trials/endings.js';

export interface PriorResults {
  readonly priors: readonly EndedEntry[];
  /** Why runs were left out. */
  readonly left: readonly string[];
}

/** Asked for at once. */
const runsAtOnce = 100;

/** @throws Invalid when there is no such run */
export async function readPriorResults(store: Store, spec: SweepSpec, ids: readonly string[]): Promise<PriorResults> {
  const priors: EndedEntry[] = [];
  const left: string[] = [];
  for (let at = 0; at < ids.length; at += runsAtOnce) {
    const found = await Promise.all(ids.slice(at, at + runsAtOnce).map((id) => findRun(store, id)));
    for (const { run, trial, last } of found) {
      const reason = whyNot(spec, run, trial);
      if (reason === null) priors.push(resultOf(-1 - priors.length, spec, { run, trial, last }));
      else left.push(`prior run ${run.id} teaches nothing: ${reason}`);
    }
  }
  return { priors, left };
}

interface FoundRun {
  readonly run: Run;
  /** Null for runs without a sweep. */
  readonly trial: Trial | null;
  readonly last: readonly LastValue[];
}

async function findRun(store: Store, id: string): Promise<FoundRun> {
  const run = await store.runs.find(runId(id));
  if (run === null) throw new Invalid(`there is no run ${id} to learn from`, [{ path: 'priorRuns', message: `no run ${id}` }]);
  const trial = run.trial === null ? null : await store.trials.find(run.trial);
  const attempts = trial === null ? [] : await store.attempts.list(trial.id);
  const attempt = attempts.find(({ counted }) => counted)?.number ?? 1;
  const [last] = await store.metrics.last([{ run: run.id, attempt }]);
  return { run, trial, last: last ?? [] };
}

function whyNot(spec: SweepSpec, run: Run, trial: Trial | null): string | null {
  if (trial !== null && isLive(trial.state)) return `it is ${trial.state}`;
  return misfit(spec.space, run.config)?.message ?? null;
}

function resultOf(number: number, { objectives }: SweepSpec, { run, trial, last }: FoundRun): EndedEntry {
  const values = objectives.map((objective) =>
    countedValue(
      last.find(({ name }) => name === objective.name),
      objective,
    ),
  );
  const state = trial === null || isLive(trial.state) ? 'completed' : trial.state;
  const entry = { number, params: stringifyJson(run.config, { nonFinite: 'bare' }), state, values };
  return state === 'failed' && trial?.cause ? { ...entry, blame: blameOf(trial.cause) } : entry;
}
