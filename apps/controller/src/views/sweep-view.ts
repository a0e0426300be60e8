/** A sweep as the API shows it. Pure; what it needs beside the row is read by sweep-reader.ts. */
import type { FindingView, RevisionView, SweepView } from '@sweep/api';
import { proposedTrials, type Sweep, type SweepSpec, type Trial, type TrialCounts } from '@sweep/domain';
import type { SweepRevision } from '@sweep/store';
import { isoTime, isoTimeOrNull } from './time.js';

export interface SweepFacts {
  readonly spec: SweepSpec;
  readonly findings: readonly FindingView[];
  readonly counts: TrialCounts;
  readonly expected: number | null;
  readonly rungs: readonly number[];
  readonly best: Trial | null;
  readonly publicUrl: string;
}

export function sweepView(sweep: Sweep, facts: SweepFacts): SweepView {
  const objectives = facts.spec.objectives.map(({ name, goal, target }) => ({ name, goal, target }));
  const home = `${encodeURIComponent(sweep.entity)}/${encodeURIComponent(sweep.projectName)}`;
  return {
    id: sweep.id,
    path: `${sweep.entity}/${sweep.projectName}/${sweep.id}`,
    name: sweep.name,
    url: `${facts.publicUrl}/${home}/sweeps/${sweep.id}`,
    state: sweep.state,
    reason: sweep.reason,
    method: facts.spec.method,
    objective: objectives[0] ?? null,
    objectives,
    limits: facts.spec.limits.map(({ name, keep, bound }) => ({ name, keep, bound })),
    counts: { ...facts.counts },
    // Trials that died before they logged anything come on top of a `run_cap`, which does not count them.
    expectedTrials: facts.expected === null ? null : Math.max(facts.expected, proposedTrials(facts.counts)),
    best: facts.best === null ? null : bestOf(facts.best),
    priority: sweep.priority,
    parallel: sweep.parallel,
    runCap: sweep.runCap,
    rungs: [...facts.rungs],
    revision: sweep.revision,
    findings: [...facts.findings],
    config: sweep.config,
    createdAt: isoTime(sweep.createdAt),
    startedAt: isoTimeOrNull(sweep.startedAt),
    endedAt: isoTimeOrNull(sweep.endedAt),
  };
}

function bestOf(trial: Trial): SweepView['best'] {
  const [value] = trial.values;
  return value === null || value === undefined
    ? null
    : { trial: trial.number, run: trial.id, value: value as number, params: trial.params };
}

export const noTrials: TrialCounts = { queued: 0, running: 0, stopping: 0, completed: 0, pruned: 0, failed: 0, cancelled: 0 };

/** @param users their names by id */
export function revisionView(
  { revision, config, priority, parallel, runCap, by, at }: SweepRevision,
  users: ReadonlyMap<string, string>,
): RevisionView {
  return { revision, config, priority, parallel, runCap, by: by === null ? null : (users.get(by) ?? by), at: isoTime(at) };
}
