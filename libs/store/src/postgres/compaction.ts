/**
 * Merging the small chunks that live appending leaves into chunks of 1,024 to 4,096 points, each with its min/max level.
 *
 * A stretch is merged once it has 1,024 points, or once its attempt is over. Appending adds rows behind and never changes one,
 * so the two need no lock between them; two compactions are kept apart by an advisory lock.
 */
import type { RunId } from '@sweep/domain';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { packPoints, unpackPoints } from '../metrics/codec.js';
import { sourceOf } from '../metrics/line-points.js';
import { extremes, joinPoints, levelSpan } from '../metrics/points.js';
import type { Database, Queries } from './database.js';
import { metricChunks } from './schema-data.js';

const smallest = 1_024;
const largest = 4_096;
/** Held while chunks are merged. */
export const compactionLock = 7_330_118_205;

interface Candidate extends Record<string, unknown> {
  readonly run: RunId;
  readonly attempt: number;
  readonly name: string;
  readonly ended: boolean;
}

/** Answers how many rows fewer there are. */
export async function compactChunks(database: Database, limit: number): Promise<number> {
  const { rows } = await database.read((queries) =>
    queries.execute<Candidate>(sql`
      SELECT c.run_id AS run, c.attempt, c.name, bool_or(e.ended) AS ended FROM metric_chunks c
      LEFT JOIN attempts a ON a.run_id = c.run_id AND a.number = c.attempt
      LEFT JOIN runs r ON r.id = c.run_id
      CROSS JOIN LATERAL (
        SELECT a.ended_at IS NOT NULL OR coalesce(r.state NOT IN ('pending', 'running', 'preempting'), false) AS ended
      ) e
      WHERE c.n < ${smallest}
      GROUP BY c.run_id, c.attempt, c.name
      HAVING count(*) > 1 AND (sum(c.n) >= ${smallest} OR bool_or(e.ended))
      LIMIT ${limit}`),
  );
  let removed = 0;
  for (const candidate of rows) {
    for (let merged = 1; merged > 0 && removed < limit; removed += merged) {
      merged = await database.write((queries) => mergeOne(queries, candidate));
    }
  }
  return removed;
}

async function mergeOne(queries: Queries, { run, attempt, name, ended }: Candidate): Promise<number> {
  await queries.execute(sql`SELECT pg_advisory_xact_lock(${compactionLock}::bigint)`);
  const ofSeries = and(eq(metricChunks.runId, run), eq(metricChunks.attempt, attempt), eq(metricChunks.name, name));
  const sizes = await queries
    .select({ sequence: metricChunks.sequence, n: metricChunks.n })
    .from(metricChunks)
    .where(ofSeries)
    .orderBy(asc(metricChunks.sequence));
  const group = groupToMerge(sizes, ended);
  if (group.length < 2) return 0;
  const sequences = group.map((row) => row.sequence);
  const rows = await queries
    .delete(metricChunks)
    .where(and(ofSeries, inArray(metricChunks.sequence, sequences)))
    .returning();
  rows.sort((a, b) => a.sequence - b.sequence);
  const points = joinPoints(rows.map((row) => unpackPoints(row.bytes)));
  await queries.insert(metricChunks).values({
    ...rows[0]!,
    lastSequence: rows.at(-1)!.lastSequence,
    n: points.steps.length,
    bytes: packPoints(points),
    level: packPoints(extremes(points, levelSpan)),
  });
  return rows.length - 1;
}

/** The first neighbours, all small, that fit into one chunk and are enough for one. Never across a large one, which would change the order, nor across sources. */
export function groupToMerge<T extends { readonly n: number; readonly sequence: number }>(
  rows: readonly T[],
  ended: boolean,
): readonly T[] {
  let group: T[] = [];
  let points = 0;
  const enough = (): boolean => group.length > 1 && (ended || points >= smallest);
  for (const row of rows) {
    const small = row.n < smallest;
    const alike = group.length === 0 || sourceOf(group[0]!.sequence) === sourceOf(row.sequence);
    if (small && alike && points + row.n <= largest) {
      group.push(row);
      points += row.n;
      continue;
    }
    if (enough()) return group;
    group = small ? [row] : [];
    points = small ? row.n : 0;
  }
  return enough() ? group : [];
}
