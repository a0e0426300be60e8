/** Projects and runs. */
import { randomBytes } from 'node:crypto';
import { type ProjectId, projectId, type RunId, randomId } from '@sweep/domain';
import { and, asc, count, desc, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { pageOf, readCursor } from '../paging.js';
import type { Page, PageRequest, Project, ProjectStore, Run, RunStore } from '../store.js';
import type { Database } from './database.js';
import { toRun } from './rows.js';
import { projects, runs, sweeps } from './schema.js';

export class PostgresProjects implements ProjectStore {
  constructor(private readonly database: Database) {}

  async ensure(entity: string, name: string): Promise<Project> {
    return await this.database.read(async (queries) => {
      const id = projectId(randomId(8, randomBytes));
      const [made] = await queries.insert(projects).values({ id, entity, name }).onConflictDoNothing().returning();
      if (made !== undefined) return made;
      const [existing] = await queries
        .select()
        .from(projects)
        .where(and(eq(projects.entity, entity), eq(projects.name, name)));
      return existing!;
    });
  }

  async find(entity: string, name: string): Promise<Project | null> {
    return await this.database.read(async (queries) => {
      const [row] = await queries
        .select()
        .from(projects)
        .where(and(eq(projects.entity, entity), eq(projects.name, name)));
      return row ?? null;
    });
  }

  async list({ limit, cursor }: PageRequest): Promise<Page<Project & { readonly sweeps: number; readonly runs: number }>> {
    const after = readCursor(cursor, ['', '']);
    return await this.database.read(async (queries) => {
      const sweepCount = queries.$count(sweeps, and(eq(sweeps.projectId, projects.id), isNull(sweeps.deletedAt)));
      const runCount = queries.$count(runs, eq(runs.projectId, projects.id));
      const rows = await queries
        .select({
          id: projects.id,
          entity: projects.entity,
          name: projects.name,
          createdAt: projects.createdAt,
          sweeps: sweepCount,
          runs: runCount,
        })
        .from(projects)
        .where(after === null ? undefined : sql`(${projects.entity}, ${projects.name}) > (${after[0]}, ${after[1]})`)
        .orderBy(asc(projects.entity), asc(projects.name))
        .limit(limit + 1);
      return pageOf(rows, limit, await queries.$count(projects), (row) => [row.entity, row.name]);
    });
  }
}

export class PostgresRuns implements RunStore {
  constructor(private readonly database: Database) {}

  async find(id: RunId): Promise<Run | null> {
    return await this.database.read(async (queries) => {
      const [row] = await queries.select().from(runs).where(eq(runs.id, id));
      return row === undefined ? null : toRun(row);
    });
  }

  /** Newest first. */
  async list(project: ProjectId | null, { limit, cursor }: PageRequest): Promise<Page<Run>> {
    const after = readCursor(cursor, [0, '']);
    const inProject = project === null ? undefined : eq(runs.projectId, project);
    const older =
      after === null ? undefined : or(lt(runs.createdAt, after[0]), and(eq(runs.createdAt, after[0]), lt(runs.id, after[1] as RunId)));
    return await this.database.read(async (queries) => {
      const rows = await queries
        .select()
        .from(runs)
        .where(and(inProject, older))
        .orderBy(desc(runs.createdAt), desc(runs.id))
        .limit(limit + 1);
      const [total] = await queries.select({ n: count() }).from(runs).where(inProject);
      return pageOf(rows.map(toRun), limit, total!.n, (run) => [run.createdAt, run.id]);
    });
  }
}
