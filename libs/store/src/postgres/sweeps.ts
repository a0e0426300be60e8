/** Sweeps and their revisions. A change of state, revision or proposals raises `version`. */
import {
  isEnded,
  type Sweep,
  type SweepId,
  type SweepReason,
  type SweepState,
  type TrialCounts,
  type TrialState,
  trialStates,
} from '@sweep/domain';
import { and, asc, count, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { pageOf, readCursor } from '../paging.js';
import type { EndedEntry, NewSweep, Page, PageRequest, SweepEdit, SweepFilter, SweepRevision, SweepStore } from '../store.js';
import { type Database, emit, type Queries } from './database.js';
import { databaseNow, loadSweeps } from './rows.js';
import { priorResults, sweepRevisions, sweeps, trials } from './schema.js';

/** Rows of one INSERT: its parameters must stay below the protocol's 65,535. */
const rowsAtOnce = 1_000;

interface Status {
  readonly state: SweepState;
  readonly reason: SweepReason | null;
}

export class PostgresSweeps implements SweepStore {
  constructor(private readonly database: Database) {}

  async create(sweep: NewSweep): Promise<Sweep> {
    return await this.database.write(async (queries) => {
      const { project, priorRuns, priors, ...columns } = sweep;
      const first = { state: 'pending', revision: 1, version: 1, cursor: 0, exhausted: false } as const;
      await queries.insert(sweeps).values({ ...columns, ...first, projectId: project, priorRuns: [...priorRuns] });
      const { config, priority, parallel, runCap } = sweep;
      await queries
        .insert(sweepRevisions)
        .values({ sweepId: sweep.id, revision: 1, config, priority, parallel, runCap, by: sweep.createdBy });
      for (let at = 0; at < priors.length; at += rowsAtOnce) {
        await queries.insert(priorResults).values(priors.slice(at, at + rowsAtOnce).map((prior) => priorRow(sweep.id, prior)));
      }
      await emit(queries, [{ kind: 'sweep.created', sweep: sweep.id }]);
      return (await findSweep(queries, sweep.id))!;
    });
  }

  async find(id: SweepId): Promise<Sweep | null> {
    return await this.database.read((queries) => findSweep(queries, id));
  }

  async list(filter: SweepFilter, { limit, cursor }: PageRequest): Promise<Page<Sweep>> {
    const after = readCursor(cursor, [0, '']);
    const wanted = and(
      isNull(sweeps.deletedAt),
      filter.states === undefined ? undefined : inArray(sweeps.state, [...filter.states]),
      filter.project === undefined ? undefined : eq(sweeps.projectId, filter.project),
    );
    const older =
      after === null
        ? undefined
        : or(lt(sweeps.createdAt, after[0]), and(eq(sweeps.createdAt, after[0]), lt(sweeps.id, after[1] as SweepId)));
    return await this.database.read(async (queries) => {
      const found = await loadSweeps(queries, and(wanted, older), limit + 1);
      const total = await queries.$count(sweeps, wanted);
      return pageOf(found, limit, total, (sweep) => [sweep.createdAt, sweep.id]);
    });
  }

  async move(id: SweepId, expected: Status, to: Status): Promise<boolean> {
    return await this.database.write(async (queries) => {
      const moved = await queries
        .update(sweeps)
        .set({
          ...to,
          version: sql`${sweeps.version} + 1`,
          endedAt: isEnded(to.state) ? databaseNow : null,
          ...(to.state === 'running' ? { startedAt: sql`coalesce(${sweeps.startedAt}, sweep_now())` } : {}),
        })
        .where(
          and(
            eq(sweeps.id, id),
            eq(sweeps.state, expected.state),
            sql`${sweeps.reason} IS NOT DISTINCT FROM ${expected.reason}`,
            isNull(sweeps.deletedAt),
          ),
        )
        .returning({ id: sweeps.id });
      if (moved.length === 0) return false;
      await emit(queries, [{ kind: 'sweep.state', sweep: id, ...to }]);
      return true;
    });
  }

  async edit(id: SweepId, expectedRevision: number, { by, ...change }: SweepEdit): Promise<boolean> {
    return await this.database.write(async (queries) => {
      const revision = expectedRevision + 1;
      const [row] = await queries
        .update(sweeps)
        .set({ ...change, revision, version: sql`${sweeps.version} + 1` })
        .where(and(eq(sweeps.id, id), eq(sweeps.revision, expectedRevision), isNull(sweeps.deletedAt)))
        .returning();
      if (row === undefined) return false;
      const { config, priority, parallel, runCap } = row;
      await queries.insert(sweepRevisions).values({ sweepId: id, revision, config, priority, parallel, runCap, by });
      await emit(queries, [{ kind: 'sweep.edited', sweep: id, revision }]);
      return true;
    });
  }

  async revisions(id: SweepId): Promise<readonly SweepRevision[]> {
    return await this.database.read(async (queries) => {
      const rows = await queries.select().from(sweepRevisions).where(eq(sweepRevisions.sweepId, id)).orderBy(asc(sweepRevisions.revision));
      return rows.map(({ sweepId: _sweep, ...revision }) => revision);
    });
  }

  async remove(id: SweepId): Promise<boolean> {
    return await this.database.write(async (queries) => {
      const removed = await queries
        .update(sweeps)
        .set({ deletedAt: databaseNow })
        .where(and(eq(sweeps.id, id), inArray(sweeps.state, ['completed', 'cancelled', 'failed']), isNull(sweeps.deletedAt)))
        .returning({ id: sweeps.id });
      if (removed.length === 0) return false;
      await emit(queries, [{ kind: 'sweep.deleted', sweep: id }]);
      return true;
    });
  }

  async counts(ids: readonly SweepId[]): Promise<ReadonlyMap<SweepId, TrialCounts>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.read((queries) =>
      queries
        .select({ sweep: trials.sweepId, state: trials.state, n: count() })
        .from(trials)
        .where(inArray(trials.sweepId, [...ids]))
        .groupBy(trials.sweepId, trials.state),
    );
    const none = Object.fromEntries(trialStates.map((state) => [state, 0])) as Record<TrialState, number>;
    const counts = new Map(ids.map((id) => [id, { ...none }]));
    for (const { sweep, state, n } of rows) counts.get(sweep)![state] = n;
    return counts;
  }

  async emptyDeaths(id: SweepId): Promise<number> {
    return await this.database.read(async (queries) => {
      const { rows } = await queries.execute<{ n: string }>(sql`
        SELECT count(*) AS n FROM trials t
        WHERE t.sweep_id = ${id} AND t.state IN ('failed', 'cancelled', 'pruned')
          AND NOT EXISTS (SELECT 1 FROM metric_last m JOIN runs r ON r.id = m.run_id WHERE r.trial_id = t.id)`);
      return Number(rows[0]!.n);
    });
  }

  async idsIn(states: readonly SweepState[]): Promise<readonly SweepId[]> {
    if (states.length === 0) return [];
    return await this.database.read(async (queries) => {
      const rows = await queries
        .select({ id: sweeps.id })
        .from(sweeps)
        .where(and(inArray(sweeps.state, [...states]), isNull(sweeps.deletedAt)))
        .orderBy(asc(sweeps.createdAt), asc(sweeps.id));
      return rows.map((row) => row.id);
    });
  }
}

async function findSweep(queries: Queries, id: SweepId): Promise<Sweep | null> {
  const [found] = await loadSweeps(queries, and(eq(sweeps.id, id), isNull(sweeps.deletedAt)));
  return found ?? null;
}

const priorRow = (sweep: SweepId, { values, limits = [], curve = [], ...prior }: EndedEntry) => ({
  ...prior,
  values: [...values],
  limits: [...limits],
  curve,
  sweepId: sweep,
});
