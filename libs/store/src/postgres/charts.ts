/** Charts that people drew themselves. */
import { and, asc, eq } from 'drizzle-orm';
import type { ChartStore, CustomChart } from '../store.js';
import type { Database } from './database.js';
import { databaseNow } from './rows.js';
import { customCharts } from './schema-people.js';

export class PostgresCharts implements ChartStore {
  constructor(private readonly database: Database) {}

  async put({ entity, name, ...rest }: Omit<CustomChart, 'updatedAt'>): Promise<CustomChart> {
    const set = { ...rest, updatedAt: databaseNow };
    const [row] = await this.database.read((queries) =>
      queries
        .insert(customCharts)
        .values({ entity, name, ...set })
        .onConflictDoUpdate({ target: [customCharts.entity, customCharts.name], set })
        .returning(),
    );
    return row!;
  }

  async find(entity: string, name: string): Promise<CustomChart | null> {
    const [row] = await this.database.read((queries) =>
      queries
        .select()
        .from(customCharts)
        .where(and(eq(customCharts.entity, entity), eq(customCharts.name, name))),
    );
    return row ?? null;
  }

  async list(entity: string): Promise<readonly CustomChart[]> {
    return await this.database.read((queries) =>
      queries.select().from(customCharts).where(eq(customCharts.entity, entity)).orderBy(asc(customCharts.name)),
    );
  }
}
