/** What tables of runs ask of many at once: groups, names of columns, changes of all that were selected. */
import type { ProjectId, RunId } from '@sweep/domain';
import { and, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { aggregate, compareGroups, deepestKey, type FoundKey, mergeKeys, mostGroups } from '../run-table.js';
import type { RunEdit, RunField, RunGroup, RunKey, RunQuery, RunRecord } from '../store.js';
import { emit, type Queries } from './database.js';
import { databaseNow } from './rows.js';
import { fieldSql } from './run-fields.js';
import { whereOf } from './run-query.js';
import { selectRecords, toRecord } from './run-records.js';
import { runs, trials } from './schema.js';

type Found = Omit<RunQuery, 'orders'>;

const joined = sql`${runs} LEFT JOIN ${trials} ON ${trials.id} = ${runs.trialId}`;

interface GroupRow {
  readonly values: readonly unknown[];
  readonly states: readonly (string | null)[];
  readonly columns: readonly (readonly unknown[])[];
}

/** Numbers are summed up here: there are no more of them than runs. */
export async function groupRuns(
  queries: Queries,
  query: Found,
  by: readonly RunField[],
  columns: readonly RunField[],
): Promise<readonly RunGroup[]> {
  const list = (fields: readonly RunField[]): SQL => sql`jsonb_build_array(${sql.join(fields.map(fieldSql), sql`, `)})`;
  const ownState = fieldSql({ kind: 'column', column: 'ownState' });
  const { rows } = await queries.execute<GroupRow & Record<string, unknown>>(sql`
    WITH picked AS MATERIALIZED (
      SELECT ${list(by)} AS "values", ${ownState} #>> '{}' AS state, ${list(columns)} AS columns FROM ${joined} WHERE ${whereOf(query)}
    )
    SELECT "values", jsonb_agg(state) AS states, jsonb_agg(columns) AS columns FROM picked
    GROUP BY "values" ORDER BY count(*) DESC, "values"::text LIMIT ${mostGroups}`);
  return rows
    .map(({ values, states, columns: cells }) => ({
      values,
      runs: states.length,
      states: counted(states),
      columns: columns.map((_, at) => aggregate(cells.map((row) => row[at]))),
    }))
    .sort(compareGroups);
}

function counted(words: readonly (string | null)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word ?? ''] = (counts[word ?? ''] ?? 0) + 1;
  return counts;
}

export async function keysOfRuns(queries: Queries, query: Found, among: number): Promise<readonly RunKey[]> {
  const { rows } = await queries.execute<FoundKey & Record<string, unknown>>(sql`
    WITH RECURSIVE newest AS MATERIALIZED (
      SELECT ${runs.id} AS id, coalesce(${trials.attempt}, ${runs.attempt}) AS attempt, ${runs.configIndex} AS config, ${runs.summaryIndex} AS summary
      FROM ${joined} WHERE ${whereOf(query)} ORDER BY ${runs.createdAt} DESC LIMIT ${among}
    ), top AS (
      SELECT 'config' AS kind, key, value FROM newest, jsonb_each(config)
      UNION ALL SELECT 'summary', key, value FROM newest, jsonb_each(summary)
    ), walk AS (
      SELECT kind, key AS path, value, 1 AS depth FROM top
      UNION ALL
      SELECT w.kind, w.path || '.' || e.key, e.value, w.depth + 1 FROM walk w
      CROSS JOIN LATERAL jsonb_each(CASE WHEN ${isNested} THEN w.value ELSE '{}' END) e
    )
    SELECT kind, path, CASE WHEN value IN ('"NaN"', '"Infinity"', '"-Infinity"') THEN 'number' ELSE jsonb_typeof(value) END AS type, count(*)::int AS runs
    FROM walk w WHERE NOT ${isNested} GROUP BY 1, 2, 3
    UNION ALL
    SELECT 'summary', m.name, 'measured', count(*)::int FROM newest n JOIN metric_last m ON m.run_id = n.id AND m.attempt = n.attempt GROUP BY m.name`);
  return mergeKeys(rows);
}

/** What has a type of its own is one value: an image, a table. */
const isNested = sql.raw(`(jsonb_typeof(w.value) = 'object' AND NOT w.value ? '_type' AND w.depth < ${deepestKey})`);

export async function changeRuns(
  queries: Queries,
  ids: readonly RunId[],
  decide: (record: RunRecord) => RunEdit,
): Promise<readonly RunRecord[]> {
  const rows = await selectRecords(queries)
    .where(and(inArray(runs.id, [...ids]), isNull(runs.deletedAt)))
    .orderBy(runs.id)
    .for('no key update', { of: runs });
  const before = rows.map(toRecord);
  const after = before.map((record) => ({ ...record, ...decide(record) }));
  const changes = after.map(({ id, name, notes, group, tags }) => ({ id, name, notes, grouped: group, tags }));
  await queries.execute(sql`
    UPDATE ${runs} r SET name = c.name, notes = c.notes, group_name = c.grouped, updated_at = sweep_now(),
      tags = ARRAY(SELECT jsonb_array_elements_text(c.tags))
    FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS c (id text, name text, notes text, grouped text, tags jsonb)
    WHERE r.id = c.id`);
  await tell(queries, before);
  return before;
}

/** `hidden`: what they are to be. Answers which were not yet. */
export async function hideRuns(queries: Queries, ids: readonly RunId[], hidden: boolean): Promise<readonly RunId[]> {
  const changed = await queries
    .update(runs)
    .set({ deletedAt: hidden ? databaseNow : null })
    .where(and(inArray(runs.id, [...ids]), hidden ? isNull(runs.deletedAt) : isNotNull(runs.deletedAt)))
    .returning({ id: runs.id, project: runs.projectId });
  await tell(queries, changed);
  return changed.map(({ id }) => id);
}

async function tell(queries: Queries, changed: readonly { readonly project: ProjectId }[]): Promise<void> {
  const projects = new Set(changed.map(({ project }) => project));
  await emit(
    queries,
    [...projects].map((project) => ({ kind: 'runs.changed' as const, project })),
  );
}
