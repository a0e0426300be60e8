/** Rows of runs to records, read under a lock where something is decided from them, and the writing of changes. */
import type { RunId, Trial, TrialState } from '@sweep/domain';
import { eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { paramsToText, searchableText } from '../params-text.js';
import type { RunChange, RunRecord } from '../store.js';
import { emit, type Queries } from './database.js';
import { databaseNow, runColumns, toRun } from './rows.js';
import { runs, trials } from './schema.js';

const { config: _config, projectId: _project, sweepId: _sweep, trialId: _trial, userId: _user, ...plain } = getTableColumns(runs);
const { configIndex: _configIndex, summaryIndex: _summaryIndex, ...own } = plain;

const recordColumns = {
  ...own,
  ...runColumns,
  user: runs.userId,
  trialState: sql<TrialState | null>`${trials.state}`.as('trial_state'),
  trialCause: sql<string | null>`${trials.cause}`.as('trial_cause'),
  trialOrigin: sql<Trial['origin'] | null>`${trials.origin}`.as('trial_origin'),
  trialNumber: sql<number | null>`${trials.number}`.as('trial_number'),
  trialAttempt: sql<number | null>`${trials.attempt}`.as('trial_attempt'),
  trialObjective: sql<number | null>`${trials.values}[1]`.as('trial_objective'),
  trialStartedAt: sql<number | null>`${trials.startedAt}::float8`.as('trial_started_at'),
  trialEndedAt: sql<number | null>`${trials.endedAt}::float8`.as('trial_ended_at'),
};

export const selectRecords = (queries: Queries) =>
  queries.select(recordColumns).from(runs).leftJoin(trials, eq(trials.id, runs.trialId)).$dynamic();

export const toRecord = (row: Omit<RunRecord, 'config'> & { readonly config: string }): RunRecord => toRun(row);

export async function loadRecord(queries: Queries, id: RunId): Promise<RunRecord | null> {
  const [row] = await selectRecords(queries).where(eq(runs.id, id));
  return row === undefined ? null : toRecord(row);
}

/** Held until commit: what is decided from it stays true. */
export async function lockRecord(queries: Queries, id: RunId): Promise<RunRecord | null> {
  const [row] = await selectRecords(queries).where(eq(runs.id, id)).for('no key update', { of: runs });
  return row === undefined ? null : toRecord(row);
}

/** Columns that are written beside what the caller decided. */
type Beside = Partial<Record<'historyLines' | 'eventLines' | 'logLines' | 'heartbeatAt', number | SQL<number>>>;

export async function writeChange(queries: Queries, id: RunId, change: RunChange, beside: Beside = {}): Promise<void> {
  const { config, tags, ...rest } = change;
  const text = config === undefined ? null : paramsToText(config);
  await queries
    .update(runs)
    .set({
      ...rest,
      ...(tags === undefined ? {} : { tags: [...tags] }),
      ...(text === null ? {} : { config: text, configIndex: searchableText(text) }),
      ...(change.summary === undefined ? {} : { summaryIndex: searchableText(change.summary ?? '{}') }),
      // Another attempt begins with nothing.
      ...(change.attempt === undefined ? {} : { historyLines: 0, eventLines: 0, logLines: 0 }),
      updatedAt: databaseNow,
      ...beside,
    })
    .where(eq(runs.id, id));
  if (change.state !== undefined && change.state !== null) await emit(queries, [{ kind: 'run.state', run: id, state: change.state }]);
}
