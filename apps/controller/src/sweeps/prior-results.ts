/**
 * What prior runs say to a new sweep's sampler, read once when it is made: they may go on to change, and a search that is computed again
 * must find what it found.
 */
import { blameOf, Invalid, isLive, runId, type SweepSpec, type Trial } from '@sweep/domain';
import { misfit, stringifyJson } from '@sweep/optimizer';
import { type EndedEntry, type LastValue, measuredEntry, type Run, type Store } from '@sweep/store';
import { createPruner } from '@sweep/sweep-file';
import { type Measuring, measuredBy, readWay, withSummary } from '../trials/measured.js';

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
  const by = { spec, pruner: createPruner(spec) };
  for (let at = 0; at < ids.length; at += runsAtOnce) {
    const found = await Promise.all(ids.slice(at, at + runsAtOnce).map((id) => findRun(store, by, id)));
    for (const { run, trial, ...logged } of found) {
      const reason = whyNot(spec, run, trial);
      if (reason === null) priors.push(resultOf(-1 - priors.length, by, { run, trial, ...logged }));
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
  /** Of the first objective, in sweeps where its way matters. */
  readonly way: ArrayLike<number>;
}

async function findRun(store: Store, by: Measuring, id: string): Promise<FoundRun> {
  const run = await store.runs.record(runId(id));
  if (run === null || run.deletedAt !== null)
    throw new Invalid(`there is no run ${id} to learn from`, [{ path: 'priorRuns', message: `no run ${id}` }]);
  const trial = run.trial === null ? null : await store.trials.find(run.trial);
  const attempts = trial === null ? [] : await store.attempts.list(trial.id);
  const stream = { run: run.id, attempt: attempts.find(({ counted }) => counted)?.number ?? 1 };
  const [[last], way] = await Promise.all([store.metrics.last([stream]), readWay(store.metrics, by, stream)]);
  return { run, trial, last: withSummary(by.spec, last ?? [], run.attempt === stream.attempt ? run.summary : null), way };
}

function whyNot(spec: SweepSpec, run: Run, trial: Trial | null): string | null {
  if (trial !== null && isLive(trial.state)) return `it is ${trial.state}`;
  return misfit(spec.space, run.config)?.message ?? null;
}

function resultOf(number: number, by: Measuring, { run, trial, last, way }: FoundRun): EndedEntry {
  const state = trial === null || isLive(trial.state) ? 'completed' : trial.state;
  const entry = { number, params: stringifyJson(run.config, { nonFinite: 'bare' }), state, ...measuredEntry(measuredBy(by, last, way)) };
  return state === 'failed' && trial?.cause ? { ...entry, blame: blameOf(trial.cause) } : entry;
}
