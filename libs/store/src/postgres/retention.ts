/** Drops what people deleted long ago, and old events. Each drop is one transaction: nobody sees half a sweep. */
import { and, count, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Dropped, RetentionStore } from '../retention-store.js';
import type { Database, Queries } from './database.js';
import { events, runs, sweeps } from './schema.js';

/** A large sweep has gigabytes of points. */
const statementTimeout = '10min';

const eventsForEach = 1_000;

/** What a run has, the rows that name others first. */
const ofRuns = [
  'metric_chunks',
  'metric_last',
  'history_chunks',
  'log_chunks',
  'log_streams',
  'files',
  'alerts',
  'run_artifacts',
  'assignments',
  'attempts',
] as const;
const ofSweeps = ['decisions', 'prior_results', 'sweep_revisions', 'trials'] as const;

export class PostgresRetention implements RetentionStore {
  constructor(private readonly database: Database) {}

  async due(before: number): Promise<Dropped> {
    return await this.database.read(async (queries) => {
      const [ofSweep] = await queries.select({ n: count() }).from(sweeps).where(lt(sweeps.deletedAt, before));
      const [alone] = await queries.select({ n: count() }).from(runs).where(runsAlone(before));
      const [old] = await queries.select({ n: count() }).from(events).where(lt(events.at, before));
      return { sweeps: ofSweep!.n, runs: alone!.n, events: old!.n };
    });
  }

  async drop(before: number, limit: number): Promise<Dropped> {
    return await this.database.write(async (queries) => {
      await queries.execute(sql.raw(`SET LOCAL statement_timeout = '${statementTimeout}'`));
      // Two controllers may collect at once: each takes others.
      const take = { skipLocked: true } as const;
      const dueSweeps = await queries
        .select({ id: sweeps.id })
        .from(sweeps)
        .where(lt(sweeps.deletedAt, before))
        .limit(limit)
        .for('update', take);
      const alone = await queries.select({ id: runs.id }).from(runs).where(runsAlone(before)).limit(limit).for('update', take);
      const sweepIds = dueSweeps.map(({ id }) => id);
      const theirs = sweepIds.length === 0 ? [] : await queries.select({ id: runs.id }).from(runs).where(inArray(runs.sweepId, sweepIds));
      await dropRuns(queries, [...new Set([...theirs, ...alone].map(({ id }) => id))], sweepIds);
      await dropSweeps(queries, sweepIds);
      return { sweeps: sweepIds.length, runs: alone.length, events: await dropEvents(queries, before, limit * eventsForEach) };
    });
  }
}

const runsAlone = (before: number) => and(lt(runs.deletedAt, before), isNull(runs.trialId));

async function dropRuns(queries: Queries, ids: readonly string[], sweepIds: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await queries.execute(sql`
    INSERT INTO garbage (blob, since) SELECT DISTINCT blob, sweep_now() FROM files WHERE run_id = ANY(${textArray(ids)})
    ON CONFLICT DO NOTHING`);
  for (const table of ofRuns) await queries.execute(sql`DELETE FROM ${sql.raw(table)} WHERE run_id = ANY(${textArray(ids)})`);
  // Keys of attempts that have ended; what they still send belongs nowhere.
  await queries.execute(sql`
    DELETE FROM api_keys WHERE trial_id IN (SELECT id FROM trials WHERE sweep_id = ANY(${textArray(sweepIds)}))`);
  await queries.execute(sql`DELETE FROM runs WHERE id = ANY(${textArray(ids)})`);
}

async function dropSweeps(queries: Queries, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await queries.execute(sql`
    INSERT INTO garbage (blob, since)
    SELECT DISTINCT code_blob, sweep_now() FROM sweeps WHERE id = ANY(${textArray(ids)}) AND code_blob IS NOT NULL
    ON CONFLICT DO NOTHING`);
  for (const table of ofSweeps) await queries.execute(sql`DELETE FROM ${sql.raw(table)} WHERE sweep_id = ANY(${textArray(ids)})`);
  await queries.execute(sql`DELETE FROM sweeps WHERE id = ANY(${textArray(ids)})`);
}

/** In the order in which they are read, so that one place says up to where they are gone. */
async function dropEvents(queries: Queries, before: number, limit: number): Promise<number> {
  const { rows } = await queries.execute<{ dropped: number }>(sql`
    WITH oldest AS (SELECT xid, id FROM events ORDER BY xid, id LIMIT ${limit} FOR UPDATE SKIP LOCKED),
    dropped AS (DELETE FROM events USING oldest WHERE events.xid = oldest.xid AND events.id = oldest.id AND at < ${before} RETURNING events.xid, events.id),
    moved AS (
      UPDATE event_horizon SET xid = last.xid, id = last.id FROM (SELECT xid, id FROM dropped ORDER BY xid DESC, id DESC LIMIT 1) AS last
      WHERE (last.xid, last.id) > (event_horizon.xid, event_horizon.id))
    SELECT count(*)::int AS dropped FROM dropped`);
  return rows[0]!.dropped;
}

const textArray = (ids: readonly string[]) => sql`${sql.param([...ids])}::text[]`;
