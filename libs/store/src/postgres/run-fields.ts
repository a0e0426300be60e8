/** What a run has under a name, as SQL: its columns, its trial's, and what its documents and points hold. */
import { crashCause, isLiveRun, runStateOfTrial, runStates, type TrialState, trialStates } from '@sweep/domain';
import { type SQL, sql } from 'drizzle-orm';
import { pathsOf } from '../run-paths.js';
import type { RunColumn, RunField } from '../store.js';
import { runs, trials } from './schema.js';
import { users } from './schema-data.js';

/** To the millisecond, which clients are not told. */
const moments: Readonly<Partial<Record<RunColumn, SQL>>> = {
  createdAt: sql`${runs.createdAt}`,
  heartbeatAt: sql`${runs.heartbeatAt}`,
  updatedAt: sql`${runs.updatedAt}`,
  tags: sql`${runs.tags}`,
};

/** What a column is ordered by where that is not what it shows. */
export const momentSql = (field: RunField): SQL | undefined => (field.kind === 'column' ? moments[field.column] : undefined);

/** Any field as jsonb, null where the run has none. */
export function fieldSql(field: RunField): SQL {
  if (field.kind === 'unknown') return sql`NULL::jsonb`;
  if (field.kind === 'column') return sql`to_jsonb(${columnSql[field.column]})`;
  const configured = atPath(sql`${runs.configIndex}`, field.path);
  if (field.kind === 'config') return configured;
  // What agents report has no summary document; its last points are one.
  const measured = sql`(SELECT to_jsonb(m.value) FROM metric_last m WHERE m.run_id = ${runs.id} AND m.attempt = coalesce(${trials.attempt}, ${runs.attempt}) AND m.name = ${field.path})`;
  const summed = atPath(sql`${runs.summaryIndex}`, field.path);
  return field.kind === 'summary' ? sql`coalesce(${summed}, ${measured})` : sql`coalesce(${configured}, ${summed}, ${measured})`;
}

function atPath(document: SQL, path: string): SQL {
  const found = pathsOf(path).map((keys) => sql`${document} #> ${sql.param([...keys])}::text[]`);
  return sql`coalesce(${sql.join(found, sql`, `)})`;
}

const literal = (word: string): SQL => sql.raw(`'${word}'`);
const shownAs = (state: TrialState): SQL => sql`WHEN ${literal(state)} THEN ${literal(runStateOfTrial({ state, cause: null }))}`;
const crashed = sql`WHEN ${trials.state} = 'failed' AND ${trials.cause} = ${literal(crashCause)} THEN ${literal(runStateOfTrial({ state: 'failed', cause: crashCause }))}`;
/** A trial's run shows its trial's state. */
const stateSql = sql`CASE ${crashed} ELSE CASE ${trials.state} ${sql.join(trialStates.map(shownAs), sql` `)} ELSE ${runs.state} END END`;

const goesOn = sql.join(runStates.filter(isLiveRun).map(literal), sql`, `);
const secondsSql = sql`(CASE WHEN ${runs.trialId} IS NOT NULL THEN coalesce(${trials.endedAt}, sweep_now()) - ${trials.startedAt}
  ELSE CASE WHEN ${runs.state} IN (${goesOn}) THEN sweep_now() ELSE coalesce(${runs.heartbeatAt}, ${runs.createdAt}) END - ${runs.createdAt} END) / 1000.0`;

const columnSql: Readonly<Record<RunColumn, SQL>> = {
  id: sql`${runs.id}`,
  number: sql`${trials.number}`,
  objective: sql`${trials.values}[1]`,
  duration: sql`(${secondsSql})`,
  isTrial: sql`(${runs.trialId} IS NOT DISTINCT FROM ${runs.id})`,
  ownState: sql`coalesce(${trials.state}, ${runs.state})`,
  foreseen: sql`coalesce(${trials.state} = 'queued' AND ${trials.attempt} = 0 AND ${trials.origin} = 'sampler', false)`,
  name: sql`${runs.handle}`,
  displayName: sql`${runs.name}`,
  state: stateSql,
  sweep: sql`${runs.sweepId}`,
  tags: sql`${runs.tags}`,
  username: sql`(SELECT ${users.name} FROM ${users} WHERE ${users.id} = ${runs.userId})`,
  group: sql`${runs.group}`,
  jobType: sql`${runs.jobType}`,
  createdAt: isoSql(sql`${runs.createdAt}`),
  heartbeatAt: isoSql(sql`${runs.heartbeatAt}`),
  updatedAt: isoSql(sql`${runs.updatedAt}`),
  // Clients have two words for it.
  description: sql`${runs.notes}`,
  notes: sql`${runs.notes}`,
};

/** As clients are told times, so that what they send back compares as text. */
function isoSql(ms: SQL): SQL {
  return sql`to_char(to_timestamp(${ms} / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}
