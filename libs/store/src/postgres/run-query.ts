/** Searching runs: an expression tree to SQL. Values are parameters throughout; paths and patterns too. */
import type { ProjectId } from '@sweep/domain';
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { FilterValue, RunFilter, RunOrder, RunQuery, RunRecord, RunSlice } from '../store.js';
import type { Queries } from './database.js';
import { fieldSql, momentSql } from './run-fields.js';
import { selectRecords, toRecord } from './run-records.js';
import { runs, trials } from './schema.js';

export async function queryRuns(
  queries: Queries,
  query: RunQuery,
  { start, limit }: RunSlice,
): Promise<{ readonly items: readonly RunRecord[]; readonly total: number }> {
  const where = whereOf(query);
  const [rows, total] = await Promise.all([
    selectRecords(queries)
      .where(where)
      .orderBy(...query.orders.map(orderSql), sql`${runs.createdAt} ASC`, sql`${runs.id} ASC`)
      .limit(limit)
      .offset(start),
    countRuns(queries, query),
  ]);
  return { items: rows.map(toRecord), total };
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

export function whereOf({ project, filter }: { readonly project: ProjectId | null; readonly filter: RunFilter | null }): SQL | undefined {
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
      // Of thousands that were selected.
      if (filter.field.kind === 'column' && filter.field.column === 'id')
        return sql`${runs.id} = ANY(${sql.param(filter.values.map(String))}::text[])`;
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
  // As jsonb first: its kind, for which the document is unpacked once more, is asked only of those that come so far.
  if (typeof wanted === 'bigint' || Number.isFinite(wanted))
    return sql`CASE WHEN (${value}) ${comparisons[op]} ${jsonOf(wanted)} THEN jsonb_typeof(${value}) = 'number' ELSE false END`;
  if (typeof wanted === 'number')
    return sql`CASE WHEN jsonb_typeof(${value}) = 'number' THEN (${value})::numeric ${comparisons[op]} ${String(wanted)}::numeric ELSE false END`;
  return sql`CASE WHEN jsonb_typeof(${value}) = 'string' THEN (${value}) #>> '{}' ${comparisons[op]} ${String(wanted)} ELSE false END`;
}

function tagsSql(filter: Leaf): SQL {
  if (filter.op === 'exists') return sql`cardinality(${runs.tags}) > 0`;
  if (filter.op === 'regex') return sql`EXISTS (SELECT 1 FROM unnest(${runs.tags}) tag WHERE tag ~ ${filter.pattern})`;
  if (filter.op === 'eq') return sql`${runs.tags} @> ARRAY[${String(filter.value)}]::text[]`;
  return sql`EXISTS (SELECT 1 FROM unnest(${runs.tags}) tag WHERE tag ${comparisons[filter.op]} ${String(filter.value)})`;
}

function orderSql({ field, descending }: RunOrder): SQL {
  // Never null, and said so its index gives the order: then a page is read and no more.
  if (field.kind === 'column' && field.column === 'createdAt') return descending ? sql`${runs.createdAt} DESC` : sql`${runs.createdAt} ASC`;
  const value = momentSql(field) ?? sql`sweep_place(${fieldSql(field)})`;
  return descending ? sql`${value} DESC NULLS LAST` : sql`${value} ASC NULLS LAST`;
}

const jsonOf = (value: FilterValue): SQL => sql`${typeof value === 'bigint' ? String(value) : JSON.stringify(value)}::jsonb`;
