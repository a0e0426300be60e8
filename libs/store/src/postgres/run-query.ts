/** Searching runs: an expression tree to SQL. Values are parameters throughout; paths and patterns too. */
import { crashCause, type ProjectId, runStateOfTrial, type TrialState, trialStates } from '@sweep/domain';
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { pathsOf } from '../run-paths.js';
import type { FilterValue, RunColumn, RunField, RunFilter, RunOrder, RunQuery, RunRecord, RunSlice } from '../store.js';
import type { Queries } from './database.js';
import { selectRecords, toRecord } from './run-records.js';
import { runs, trials } from './schema.js';
import { users } from './schema-data.js';

export async function queryRuns(
  queries: Queries,
  query: RunQuery,
  { start, limit }: RunSlice,
): Promise<{ readonly items: readonly RunRecord[]; readonly total: number }> {
  const where = whereOf(query);
  const rows = await selectRecords(queries)
    .where(where)
    .orderBy(...query.orders.map(orderSql), sql`${runs.createdAt} ASC`, sql`${runs.id} ASC`)
    .limit(limit)
    .offset(start);
  return { items: rows.map(toRecord), total: await countRuns(queries, query) };
}

export async function countRuns(
  queries: Queries,
  query: { readonly project: ProjectId | null; readonly filter: RunFilter | null },
): Promise<number> {
  const [row] = await queries
    .select({ n: sql<string>`count(*)` })
    .from(runs)
    .leftJoin(trials, eq(trials.id, runs.trialId))
    .where(whereOf(query));
  return Number(row!.n);
}

function whereOf({ project, filter }: { readonly project: ProjectId | null; readonly filter: RunFilter | null }): SQL | undefined {
  return and(
    isNull(runs.deletedAt),
    project === null ? undefined : eq(runs.projectId, project),
    filter === null ? undefined : filterSql(filter),
  );
}

/** Never null, so that `not` is the exact opposite. */
function filterSql(filter: RunFilter): SQL {
  switch (filter.op) {
    case 'and':
    case 'or': {
      const parts = filter.of.map(filterSql);
      if (parts.length === 0) return filter.op === 'and' ? sql`true` : sql`false`;
      return sql`(${sql.join(parts, filter.op === 'and' ? sql` AND ` : sql` OR `)})`;
    }
    case 'not':
      return sql`NOT ${filterSql(filter.of)}`;
    case 'in':
      return filterSql({ op: 'or', of: filter.values.map((value) => ({ op: 'eq', field: filter.field, value })) });
    default:
      return sql`coalesce(${leafSql(filter)}, false)`;
  }
}

type Leaf = Exclude<RunFilter, { readonly op: 'and' | 'or' | 'not' | 'in' }>;

function leafSql(filter: Leaf): SQL {
  const { field } = filter;
  if (field.kind === 'column' && field.column === 'tags') return tagsSql(filter);
  const value = fieldSql(field);
  if (filter.op === 'exists') return sql`(${value}) IS NOT NULL AND (${value}) <> 'null'::jsonb`;
  if (filter.op === 'regex') return sql`(${value}) #>> '{}' ~ ${filter.pattern}`;
  if (filter.op === 'eq') return equalsSql(value, filter.value);
  return comparedSql(value, filter.op, filter.value);
}

function equalsSql(value: SQL, wanted: FilterValue): SQL {
  if (wanted === null) return sql`(${value}) IS NULL OR (${value}) = 'null'::jsonb`;
  // A list holds what it is asked for, as in MongoDB.
  return sql`(${value}) = ${jsonOf(wanted)} OR (jsonb_typeof(${value}) = 'array' AND (${value}) @> ${jsonOf(wanted)})`;
}

const comparisons = { gt: sql`>`, gte: sql`>=`, lt: sql`<`, lte: sql`<=` } as const;

/** Only with values of its own kind: a text is neither more nor less than a number. */
function comparedSql(value: SQL, op: keyof typeof comparisons, wanted: FilterValue): SQL {
  if (typeof wanted === 'number' || typeof wanted === 'bigint')
    return sql`CASE WHEN jsonb_typeof(${value}) = 'number' THEN (${value})::numeric ${comparisons[op]} ${String(wanted)}::numeric ELSE false END`;
  return sql`CASE WHEN jsonb_typeof(${value}) = 'string' THEN (${value}) #>> '{}' ${comparisons[op]} ${String(wanted)} ELSE false END`;
}

function tagsSql(filter: Leaf): SQL {
  if (filter.op === 'exists') return sql`cardinality(${runs.tags}) > 0`;
  if (filter.op === 'regex') return sql`EXISTS (SELECT 1 FROM unnest(${runs.tags}) tag WHERE tag ~ ${filter.pattern})`;
  if (filter.op === 'eq') return sql`${runs.tags} @> ARRAY[${String(filter.value)}]::text[]`;
  return sql`EXISTS (SELECT 1 FROM unnest(${runs.tags}) tag WHERE tag ${comparisons[filter.op]} ${String(filter.value)})`;
}

/** To the millisecond, which clients are not told. */
const momentSql: Readonly<Partial<Record<RunColumn, SQL>>> = {
  createdAt: sql`${runs.createdAt}`,
  heartbeatAt: sql`${runs.heartbeatAt}`,
  updatedAt: sql`${runs.updatedAt}`,
  tags: sql`${runs.tags}`,
};

function orderSql({ field, descending }: RunOrder): SQL {
  const value = (field.kind === 'column' ? momentSql[field.column] : undefined) ?? fieldSql(field);
  return descending ? sql`${value} DESC NULLS LAST` : sql`${value} ASC NULLS LAST`;
}

/** Any field as jsonb, null where the run has none. */
function fieldSql(field: RunField): SQL {
  if (field.kind === 'unknown') return sql`NULL::jsonb`;
  if (field.kind === 'column') return sql`to_jsonb(${columnSql[field.column]})`;
  if (field.kind === 'config') return atPath(sql`${runs.configIndex}`, field.path);
  // What agents report has no summary document; its last points are one.
  const measured = sql`(SELECT to_jsonb(m.value) FROM metric_last m WHERE m.run_id = ${runs.id} AND m.attempt = coalesce(${trials.attempt}, ${runs.attempt}) AND m.name = ${field.path})`;
  return sql`coalesce(${atPath(sql`${runs.summaryIndex}`, field.path)}, ${measured})`;
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

const columnSql: Readonly<Record<RunColumn, SQL>> = {
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

const jsonOf = (value: FilterValue): SQL => sql`${typeof value === 'bigint' ? String(value) : JSON.stringify(value)}::jsonb`;
