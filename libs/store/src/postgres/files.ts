/** Which blobs belong to which run or sweep. */
import type { BlobHash, RunId, SweepId } from '@sweep/domain';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { FileStore, RunFile } from '../store.js';
import { type Database, emit, emitted } from './database.js';
import { databaseNow } from './rows.js';
import { sweeps } from './schema.js';
import { files } from './schema-data.js';

export class PostgresFiles implements FileStore {
  constructor(private readonly database: Database) {}

  async put({ run, kind, path, blob, size, md5 }: Omit<RunFile, 'at'>): Promise<void> {
    // All of it is one statement, since uploads are many; what was there is remembered, and of a new path there was nothing.
    await this.database.statement((queries) =>
      queries.execute(sql`
        WITH before AS (
          SELECT blob FROM files WHERE run_id = ${run} AND kind = ${kind} AND path = ${path} FOR NO KEY UPDATE
        ), put AS (
          INSERT INTO files (run_id, kind, path, blob, size, md5) VALUES (${run}, ${kind}, ${path}, ${blob}, ${size}, ${md5})
          ON CONFLICT (run_id, kind, path) DO UPDATE SET blob = excluded.blob, size = excluded.size, md5 = excluded.md5, at = ${databaseNow}
        ), left_over AS (
          INSERT INTO garbage (blob, since) SELECT blob, ${databaseNow} FROM before WHERE blob <> ${blob} ON CONFLICT DO NOTHING
        ), ${emitted([{ kind: 'run.files', run }])}`),
    );
  }

  async list(run: RunId, kind: RunFile['kind'] | null): Promise<readonly RunFile[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select()
        .from(files)
        .where(and(eq(files.runId, run), kind === null ? undefined : eq(files.kind, kind)))
        .orderBy(asc(files.kind), asc(files.path)),
    );
    return rows.map(({ runId, ...file }) => ({ run: runId, ...file }));
  }

  async find(run: RunId, kind: RunFile['kind'], path: string): Promise<RunFile | null> {
    const [row] = await this.database.read((queries) =>
      queries
        .select()
        .from(files)
        .where(named(run, kind, path)),
    );
    if (row === undefined) return null;
    const { runId, ...file } = row;
    return { run: runId, ...file };
  }

  async remove(run: RunId, kind: RunFile['kind'], path: string): Promise<boolean> {
    return await this.database.write(async (queries) => {
      const [removed] = await queries
        .delete(files)
        .where(named(run, kind, path))
        .returning({ blob: files.blob });
      if (removed === undefined) return false;
      await queries.execute(sql`INSERT INTO garbage (blob, since) VALUES (${removed.blob}, ${databaseNow}) ON CONFLICT DO NOTHING`);
      await emit(queries, [{ kind: 'run.files', run }]);
      return true;
    });
  }

  async setCode(sweep: SweepId, blob: BlobHash, size: number): Promise<void> {
    await this.database.read((queries) => queries.update(sweeps).set({ codeBlob: blob, codeSize: size }).where(eq(sweeps.id, sweep)));
  }

  async code(sweep: SweepId): Promise<{ readonly blob: BlobHash; readonly size: number } | null> {
    const [row] = await this.database.read((queries) =>
      queries.select({ blob: sweeps.codeBlob, size: sweeps.codeSize }).from(sweeps).where(eq(sweeps.id, sweep)),
    );
    if (row === undefined || row.blob === null || row.size === null) return null;
    return { blob: row.blob, size: row.size };
  }

  async referenced(blob: BlobHash): Promise<boolean> {
    const { rows } = await this.database.read((queries) =>
      queries.execute<{ used: boolean }>(sql`
        SELECT EXISTS (SELECT 1 FROM files WHERE blob = ${blob}) OR EXISTS (SELECT 1 FROM sweeps WHERE code_blob = ${blob})
          OR EXISTS (SELECT 1 FROM artifact_files WHERE blob = ${blob}) OR EXISTS (SELECT 1 FROM artifact_contents WHERE blob = ${blob})
          OR EXISTS (SELECT 1 FROM artifact_manifests WHERE blob = ${blob})
          OR EXISTS (SELECT 1 FROM artifact_versions WHERE manifest_blob = ${blob}) AS used`),
    );
    return rows[0]!.used;
  }
}

const named = (run: RunId, kind: RunFile['kind'], path: string) => and(eq(files.runId, run), eq(files.kind, kind), eq(files.path, path));
