/** Which blobs belong to which run or sweep. */
import type { BlobHash, RunId, SweepId } from '@sweep/domain';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { FileStore, RunFile } from '../store.js';
import { type Database, emit } from './database.js';
import { databaseNow } from './rows.js';
import { sweeps } from './schema.js';
import { files } from './schema-data.js';

export class PostgresFiles implements FileStore {
  constructor(private readonly database: Database) {}

  async put({ run, kind, path, blob, size }: Omit<RunFile, 'at'>): Promise<void> {
    await this.database.write(async (queries) => {
      await queries
        .insert(files)
        .values({ runId: run, kind, path, blob, size })
        .onConflictDoUpdate({ target: [files.runId, files.kind, files.path], set: { blob, size, at: databaseNow } });
      await emit(queries, [{ kind: 'run.files', run }]);
    });
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
        SELECT EXISTS (SELECT 1 FROM files WHERE blob = ${blob}) OR EXISTS (SELECT 1 FROM sweeps WHERE code_blob = ${blob}) AS used`),
    );
    return rows[0]!.used;
  }
}
