/** Projects. */
import { randomBytes } from 'node:crypto';
import { type ProjectId, projectId, randomId } from '@sweep/domain';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { pageOf, readCursor } from '../paging.js';
import type { Page, PageRequest, Project, ProjectStore } from '../store.js';
import type { Database } from './database.js';
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

  async findById(id: ProjectId): Promise<Project | null> {
    const [row] = await this.database.read((queries) => queries.select().from(projects).where(eq(projects.id, id)));
    return row ?? null;
  }

  async change(id: ProjectId, change: Partial<Pick<Project, 'access' | 'description'>>): Promise<Project | null> {
    if (Object.keys(change).length === 0) return await this.findById(id);
    const [row] = await this.database.read((queries) => queries.update(projects).set(change).where(eq(projects.id, id)).returning());
    return row ?? null;
  }

  async ofEntity(entity: string): Promise<readonly Project[]> {
    return await this.database.read((queries) =>
      queries.select().from(projects).where(eq(projects.entity, entity)).orderBy(asc(projects.name)),
    );
  }

  async list({ limit, cursor }: PageRequest): Promise<Page<Project & { readonly sweeps: number; readonly runs: number }>> {
    const after = readCursor(cursor, ['', '']);
    return await this.database.read(async (queries) => {
      const sweepCount = queries.$count(sweeps, and(eq(sweeps.projectId, projects.id), isNull(sweeps.deletedAt)));
      const runCount = queries.$count(runs, and(eq(runs.projectId, projects.id), isNull(runs.deletedAt)));
      const rows = await queries
        .select({
          id: projects.id,
          entity: projects.entity,
          name: projects.name,
          number: projects.number,
          createdAt: projects.createdAt,
          access: projects.access,
          description: projects.description,
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
