/** Rows of artifacts in PostgreSQL. */
import type { ProjectId } from '@sweep/domain';
import { and, asc, eq, getTableColumns, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { ArtifactBackend, ArtifactTables, ArtifactWrite, Before, Slice, Table, Where } from '../artifacts/tables.js';
import type { Database, Queries } from './database.js';
import {
  artifactAliases,
  artifactClientIds,
  artifactCollections,
  artifactContents,
  artifactFiles,
  artifactLinks,
  artifactManifests,
  artifactTypes,
  artifactVersions,
  garbage,
  runArtifacts,
} from './schema-artifacts.js';

/** PostgreSQL takes 65,535 parameters a statement. */
const rowsAtOnce = 2_000;

export class PostgresArtifacts implements ArtifactBackend {
  constructor(private readonly database: Database) {}

  async each<T>(work: (tables: ArtifactTables) => Promise<T>): Promise<T> {
    return await this.database.read((queries) => work(tablesOf(queries)));
  }

  async write<T>(projects: readonly ProjectId[], work: (write: ArtifactWrite) => Promise<T>): Promise<T> {
    return await this.database.write(async (queries) => {
      // In one order, so that no two writers wait for each other.
      for (const project of [...new Set(projects)].sort())
        await queries.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`artifacts ${project}`}, 0))`);
      const { rows } = await queries.execute<{ now: string }>(sql`SELECT sweep_now() AS now`);
      return await work({ tables: tablesOf(queries), now: Number(rows[0]!.now) });
    });
  }
}

function tablesOf(queries: Queries): ArtifactTables {
  return {
    types: new PostgresTable(queries, artifactTypes),
    collections: new PostgresTable(queries, artifactCollections),
    versions: new PostgresTable(queries, artifactVersions),
    clientIds: new PostgresTable(queries, artifactClientIds),
    links: new PostgresTable(queries, artifactLinks),
    aliases: new PostgresTable(queries, artifactAliases),
    manifests: new PostgresTable(queries, artifactManifests),
    files: new PostgresTable(queries, artifactFiles),
    contents: new PostgresTable(queries, artifactContents),
    runs: new PostgresTable(queries, runArtifacts),
    garbage: new PostgresTable(queries, garbage),
  };
}

/** The generic face that drizzle's own types lose once a table is a parameter. */
class PostgresTable<Row extends object> implements Table<Row> {
  readonly #columns: Readonly<Record<string, PgColumn>>;
  readonly #place: PgColumn;

  constructor(
    private readonly queries: Queries,
    private readonly table: PgTable & { readonly $inferSelect: Row & { readonly place: number } },
  ) {
    const { place, ...columns } = getTableColumns(table) as Record<string, PgColumn>;
    this.#columns = columns;
    this.#place = place!;
  }

  async find(where: Where<Row>, slice?: Slice, before?: Before): Promise<readonly Row[]> {
    const early = before === undefined ? undefined : lt(this.#columns[before.column]!, before.time);
    const found = this.queries
      .select(this.#columns)
      .from(this.table)
      .where(and(this.#fits(where), early))
      .orderBy(asc(this.#place))
      .$dynamic();
    const rows = slice === undefined ? await found : await found.limit(slice.limit).offset(slice.start);
    return rows as unknown as readonly Row[];
  }

  async count(where: Where<Row>): Promise<number> {
    return await this.queries.$count(this.table, this.#fits(where));
  }

  async insert(rows: readonly Row[]): Promise<void> {
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      const some = rows.slice(start, start + rowsAtOnce);
      await this.queries
        .insert(this.table)
        .values(some as never)
        .onConflictDoNothing();
    }
  }

  async change(where: Where<Row>, set: Partial<Row>): Promise<void> {
    await this.queries
      .update(this.table)
      .set(set as never)
      .where(this.#fits(where));
  }

  async remove(where: Where<Row>): Promise<void> {
    await this.queries.delete(this.table).where(this.#fits(where));
  }

  #fits(where: Where<Row>): SQL | undefined {
    const conditions = Object.entries(where).map(([name, wanted]) => {
      const column = this.#columns[name]!;
      // One parameter, however many: PostgreSQL takes 65,535.
      if (Array.isArray(wanted)) return sql`${column} = ANY(${sql.param(wanted)}::${sql.raw(column.getSQLType())}[])`;
      return wanted === null ? isNull(column) : eq(column, wanted);
    });
    return and(...conditions);
  }
}
