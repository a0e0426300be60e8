/** Runs: finding, making, changing and closing them. Searching is run-query.ts, their lines are lines.ts. */
import { randomBytes } from 'node:crypto';
import { Bug, type ProjectId, type RunId, randomId, runId } from '@sweep/domain';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type {
  NewRun,
  RunChange,
  RunEdit,
  RunField,
  RunFilter,
  RunGroup,
  RunKey,
  RunQuery,
  RunRecord,
  RunSlice,
  RunStore,
} from '../store.js';
import { type Database, emit, type Queries } from './database.js';
import { databaseNow } from './rows.js';
import { countRuns, queryRuns } from './run-query.js';
import { loadRecord, lockRecord, selectRecords, toRecord, writeChange } from './run-records.js';
import { changeRuns, groupRuns, hideRuns, keysOfRuns } from './run-table.js';
import { runs } from './schema.js';

const idTries = 3;

export class PostgresRuns implements RunStore {
  constructor(private readonly database: Database) {}

  async record(id: RunId): Promise<RunRecord | null> {
    return await this.database.read((queries) => loadRecord(queries, id));
  }

  async recordByHandle(project: ProjectId, handle: string): Promise<RunRecord | null> {
    const [row] = await this.database.read((queries) =>
      selectRecords(queries).where(and(eq(runs.projectId, project), eq(runs.handle, handle))),
    );
    return row === undefined ? null : toRecord(row);
  }

  async projectsOf(ids: readonly RunId[]): Promise<ReadonlyMap<RunId, ProjectId>> {
    const rows = await this.database.read((queries) =>
      queries
        .select({ id: runs.id, project: runs.projectId })
        .from(runs)
        .where(inArray(runs.id, [...ids])),
    );
    return new Map(rows.map(({ id, project }) => [id, project]));
  }

  async ensure(run: NewRun): Promise<{ readonly record: RunRecord; readonly inserted: boolean }> {
    return await this.database.write(async (queries) => {
      const inserted = await insertRun(queries, run);
      const [row] = await selectRecords(queries).where(and(eq(runs.projectId, run.project), eq(runs.handle, run.handle)));
      return { record: toRecord(row!), inserted };
    });
  }

  async change(id: RunId, decide: (record: RunRecord) => RunChange): Promise<RunRecord | null> {
    return await this.database.write(async (queries) => {
      const record = await lockRecord(queries, id);
      if (record === null) return null;
      const change = decide(record);
      await writeChange(queries, id, change);
      return (await loadRecord(queries, id))!;
    });
  }

  async query(query: RunQuery, slice: RunSlice): Promise<{ readonly items: readonly RunRecord[]; readonly total: number }> {
    return await this.database.read((queries) => queryRuns(queries, query, slice));
  }

  async count(project: ProjectId, filter: RunFilter | null): Promise<number> {
    return await this.database.read((queries) => countRuns(queries, { project, filter }));
  }

  async groups(query: Omit<RunQuery, 'orders'>, by: readonly RunField[], columns: readonly RunField[]): Promise<readonly RunGroup[]> {
    return await this.database.read((queries) => groupRuns(queries, query, by, columns));
  }

  async keys(query: Omit<RunQuery, 'orders'>, among: number): Promise<readonly RunKey[]> {
    return await this.database.read((queries) => keysOfRuns(queries, query, among));
  }

  async changeAll(ids: readonly RunId[], decide: (record: RunRecord) => RunEdit): Promise<readonly RunRecord[]> {
    return await this.database.write((queries) => changeRuns(queries, ids, decide));
  }

  async remove(ids: readonly RunId[]): Promise<readonly RunId[]> {
    return await this.database.write((queries) => hideRuns(queries, ids, true));
  }

  async restore(ids: readonly RunId[]): Promise<readonly RunId[]> {
    return await this.database.write((queries) => hideRuns(queries, ids, false));
  }

  async crash(silenceMs: number): Promise<readonly RunId[]> {
    return await this.database.write(async (queries) => {
      const crashed = await queries
        .update(runs)
        .set({ state: sql`CASE ${runs.state} WHEN 'preempting' THEN 'preempted' ELSE 'crashed' END`, updatedAt: databaseNow })
        .where(
          and(
            isNull(runs.trialId),
            sql`${runs.state} IN ('running', 'preempting')`,
            sql`${runs.heartbeatAt} < sweep_now() - ${silenceMs}::bigint`,
          ),
        )
        .returning({ run: runs.id, state: runs.state });
      await emit(
        queries,
        crashed.map(({ run, state }) => ({ kind: 'run.state' as const, run, state: state! })),
      );
      return crashed.map(({ run }) => run);
    });
  }
}

/** False: it is there already. */
async function insertRun(queries: Queries, { project, handle, user, name, state, sweep }: NewRun): Promise<boolean> {
  const row = { handle, projectId: project, sweepId: sweep, userId: user, name, config: '{}', state, heartbeatAt: databaseNow };
  for (let turn = 0; turn < idTries; turn++) {
    const id = runId(turn === 0 ? handle : randomId(8, randomBytes));
    // Either of two keys may be taken: the run's own, or its id by a run of another project.
    const made = await queries
      .insert(runs)
      .values({ ...row, id })
      .onConflictDoNothing()
      .returning({ id: runs.id });
    if (made.length === 1) {
      await emit(queries, [{ kind: 'run.state', run: id, state }]);
      return true;
    }
    if ((await queries.$count(runs, and(eq(runs.projectId, project), eq(runs.handle, handle)))) > 0) return false;
  }
  throw new Bug(`no free id for the run ${handle}`);
}
