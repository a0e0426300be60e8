/** Saved views of pages. */
import type { ProjectId } from '@sweep/domain';
import { and, asc, eq } from 'drizzle-orm';
import type { SavedView, ViewStore } from '../store.js';
import type { Database } from './database.js';
import { databaseNow } from './rows.js';
import { savedViews } from './schema-data.js';

export class PostgresViews implements ViewStore {
  constructor(private readonly database: Database) {}

  async create(view: Omit<SavedView, 'createdAt' | 'updatedAt'>): Promise<SavedView> {
    const [row] = await this.database.read((queries) => queries.insert(savedViews).values(view).returning());
    return row!;
  }

  async find(id: string): Promise<SavedView | null> {
    const [row] = await this.database.read((queries) => queries.select().from(savedViews).where(eq(savedViews.id, id)));
    return row ?? null;
  }

  async list(project: ProjectId, page: string | null): Promise<readonly SavedView[]> {
    return await this.database.read((queries) =>
      queries
        .select()
        .from(savedViews)
        .where(and(eq(savedViews.project, project), page === null ? undefined : eq(savedViews.page, page)))
        .orderBy(asc(savedViews.name), asc(savedViews.id)),
    );
  }

  async change(id: string, change: Partial<Pick<SavedView, 'name' | 'state'>>): Promise<SavedView | null> {
    const [row] = await this.database.read((queries) =>
      queries
        .update(savedViews)
        .set({ ...change, updatedAt: databaseNow })
        .where(eq(savedViews.id, id))
        .returning(),
    );
    return row ?? null;
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.database.read((queries) =>
      queries.delete(savedViews).where(eq(savedViews.id, id)).returning({ id: savedViews.id }),
    );
    return removed.length === 1;
  }
}
