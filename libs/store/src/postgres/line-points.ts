/** The points that lines hold, among the packed series: writing them, and taking them back when their lines are void. */
import type { RunId, Series } from '@sweep/domain';
import { and, asc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type pg from 'pg';
import { unpackPoints } from '../metrics/codec.js';
import { type PointStream, placeOfLine, placesOf } from '../metrics/line-points.js';
import { addLast, joinSameNames, summarise } from '../metrics/points.js';
import type { LastValue } from '../store.js';
import { insertChunks, upsertLast } from './chunks.js';
import { compactionLock } from './compaction.js';
import type { Queries } from './database.js';
import { metricChunks, metricLast } from './schema-data.js';

interface Place {
  readonly run: RunId;
  readonly attempt: number;
  readonly stream: PointStream;
}

export async function addPoints(
  client: pg.PoolClient,
  { run, attempt, stream }: Place,
  lines: { readonly first: number; readonly count: number },
  given: readonly Series[],
): Promise<void> {
  const series = joinSameNames(given);
  if (series.length === 0) return;
  const sequence = placeOfLine(stream, lines.first);
  const lastSequence = sequence + lines.count - 1;
  await insertChunks(
    client,
    series.map((one) => ({ run, attempt, sequence, lastSequence, series: one })),
  );
  await upsertLast(
    client,
    series.map((one) => ({ run, attempt, last: summarise(one) })),
  );
}

export async function voidPoints(queries: Queries, { run, attempt, stream }: Place): Promise<void> {
  // Not while chunks are being merged: a merged one would not be seen here.
  await queries.execute(sql`SELECT pg_advisory_xact_lock(${compactionLock}::bigint)`);
  const [from, to] = placesOf(stream);
  const ofRun = and(eq(metricChunks.runId, run), eq(metricChunks.attempt, attempt));
  const removed = await queries
    .delete(metricChunks)
    .where(and(ofRun, gte(metricChunks.sequence, from), lt(metricChunks.sequence, to)))
    .returning({ name: metricChunks.name });
  const names = [...new Set(removed.map(({ name }) => name))];
  if (names.length === 0) return;
  await queries.delete(metricLast).where(and(eq(metricLast.runId, run), eq(metricLast.attempt, attempt), inArray(metricLast.name, names)));
  const left = await queries
    .select()
    .from(metricChunks)
    .where(and(ofRun, inArray(metricChunks.name, names)))
    .orderBy(asc(metricChunks.sequence));
  const ends = new Map<string, LastValue>();
  for (const { name, bytes } of left) ends.set(name, addLast(ends.get(name), summarise({ name, ...unpackPoints(bytes) })));
  if (ends.size > 0) await queries.insert(metricLast).values([...ends.values()].map((end) => ({ ...end, runId: run, attempt })));
}
