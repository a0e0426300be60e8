/** Series in packed chunks: appending, reading and thinning. Merging chunks is compaction.ts. */
import type { PointBatch, RunId, Series, SweepId, TrialId, TrialState } from '@sweep/domain';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { unpackPoints } from '../metrics/codec.js';
import { joinPoints, levelSpan, thin } from '../metrics/points.js';
import type { AppendResult, LastValue, MetricStore, MetricStream, SampledSeries } from '../store.js';
import { appendBatches } from './append.js';
import { compactChunks } from './compaction.js';
import type { Database } from './database.js';
import { metricChunks } from './schema-data.js';

/** A level is good enough where its points are this many times more than the answer's. */
const levelFineness = 2;

export class PostgresMetrics implements MetricStore {
  constructor(private readonly database: Database) {}

  async append(
    batches: readonly { readonly run: RunId; readonly attempt: number; readonly batch: PointBatch }[],
  ): Promise<readonly AppendResult[]> {
    if (batches.length === 0) return [];
    return await this.database.write((_queries, client) => appendBatches(client, batches));
  }

  async read(run: RunId, attempt: number, keys: readonly string[] | null): Promise<readonly Series[]> {
    return await this.database.read(async (queries) => {
      const rows = await queries
        .select({ name: metricChunks.name, bytes: metricChunks.bytes })
        .from(metricChunks)
        .where(ofSeries(run, attempt, keys))
        .orderBy(asc(metricChunks.name), asc(metricChunks.sequence));
      return joinByName(rows);
    });
  }

  async sample(streams: readonly MetricStream[], keys: readonly string[] | null, samples: number): Promise<readonly SampledSeries[]> {
    if (streams.length === 0 || keys?.length === 0) return streams.map(() => ({ series: [], downsampled: false }));
    const named = keys === null ? sql`true` : sql`m.name = ANY(${sql.param([...keys])}::text[])`;
    const runs = sql.param(streams.map(({ run }) => run));
    const attempts = sql.param(streams.map(({ attempt }) => attempt));
    // A level is good enough where it still holds more points than the answer.
    const chunk = sql`CASE WHEN m.count * 2 / ${levelSpan} >= ${samples * levelFineness} THEN coalesce(c.level, c.bytes) ELSE c.bytes END`;
    const { rows } = await this.database.read((queries) =>
      queries.execute<SampledRow & Record<string, unknown>>(sql`
        SELECT s.at::int - 1 AS at, c.name, ${chunk} AS bytes, m.count > ${samples} AS longer
        FROM unnest(${runs}::text[], ${attempts}::int[]) WITH ORDINALITY s (run, attempt, at)
        JOIN metric_last m ON m.run_id = s.run AND m.attempt = s.attempt
        JOIN metric_chunks c ON c.run_id = m.run_id AND c.attempt = m.attempt AND c.name = m.name
        WHERE ${named} ORDER BY s.at, c.name, c.sequence`),
    );
    const found = streams.map((): SampledRow[] => []);
    for (const row of rows) found[row.at]!.push(row);
    return found.map((chunks) => ({
      series: joinByName(chunks).map(({ name, ...points }) => ({ name, ...thin(points, samples) })),
      downsampled: chunks.some(({ longer }) => longer),
    }));
  }

  async last(streams: readonly MetricStream[]): Promise<readonly (readonly LastValue[])[]> {
    if (streams.length === 0) return [];
    const runs = sql.param(streams.map(({ run }) => run));
    const attempts = sql.param(streams.map(({ attempt }) => attempt));
    // Joined and not listed as conditions: a thousand of those cost more to plan than to answer.
    const { rows } = await this.database.read((queries) =>
      queries.execute<LastValue & { readonly at: number } & Record<string, unknown>>(sql`
        SELECT s.at::int - 1 AS at, m.name, m.step, m.value, m.time, m.min, m.max, m.count::float8 AS count
        FROM unnest(${runs}::text[], ${attempts}::int[]) WITH ORDINALITY s (run, attempt, at)
        JOIN metric_last m ON m.run_id = s.run AND m.attempt = s.attempt ORDER BY m.name`),
    );
    const found = streams.map((): LastValue[] => []);
    for (const { at, ...value } of rows) found[at]!.push(value);
    return found;
  }

  async curves(
    sweep: SweepId,
    key: string,
  ): Promise<readonly { readonly trial: TrialId; readonly number: number; readonly state: TrialState; readonly series: Series }[]> {
    return await this.database.read(async (queries) => {
      const { rows } = await queries.execute<CurveRow & Record<string, unknown>>(sql`
        SELECT t.id AS trial, t.number, t.state, c.bytes AS chunk
        FROM trials t
        JOIN LATERAL (
          SELECT a.run_id, a.number FROM attempts a WHERE a.trial_id = t.id
          ORDER BY a.counted DESC, a.number = t.attempt DESC LIMIT 1
        ) a ON true
        JOIN metric_chunks c ON c.run_id = a.run_id AND c.attempt = a.number AND c.name = ${key}
        WHERE t.sweep_id = ${sweep}
        ORDER BY t.number, c.sequence`);
      return joinCurves(key, rows);
    });
  }

  async compact(limit: number): Promise<number> {
    return await compactChunks(this.database, limit);
  }
}

interface SampledRow {
  readonly at: number;
  readonly name: string;
  readonly bytes: Buffer;
  readonly longer: boolean;
}

interface CurveRow {
  readonly trial: TrialId;
  readonly number: number;
  readonly state: TrialState;
  readonly chunk: Buffer;
}

function joinCurves(name: string, rows: readonly CurveRow[]) {
  const byTrial = new Map<TrialId, { readonly row: CurveRow; readonly chunks: Buffer[] }>();
  for (const row of rows) {
    const known = byTrial.get(row.trial);
    if (known === undefined) byTrial.set(row.trial, { row, chunks: [row.chunk] });
    else known.chunks.push(row.chunk);
  }
  return [...byTrial.values()].map(({ row: { trial, number, state }, chunks }) => ({
    trial,
    number,
    state,
    series: { name, ...joinPoints(chunks.map(unpackPoints)) },
  }));
}

function joinByName(rows: readonly { readonly name: string; readonly bytes: Buffer }[]): readonly Series[] {
  const chunks = new Map<string, Buffer[]>();
  for (const { name, bytes } of rows) {
    const known = chunks.get(name);
    if (known === undefined) chunks.set(name, [bytes]);
    else known.push(bytes);
  }
  return [...chunks].map(([name, parts]) => ({ name, ...joinPoints(parts.map(unpackPoints)) }));
}

function ofSeries(run: RunId, attempt: number, keys: readonly string[] | null) {
  const named = keys === null ? undefined : keys.length === 0 ? sql`false` : inArray(metricChunks.name, [...keys]);
  return and(eq(metricChunks.runId, run), eq(metricChunks.attempt, attempt), named);
}
