/** How much room the database and what it refers to take. */
import { sql } from 'drizzle-orm';
import type { StorageUse } from '../store.js';
import type { Database } from './database.js';

/** What a person knows the large tables as. */
const parts: Readonly<Record<string, readonly string[]>> = {
  metrics: ['metric_chunks', 'metric_last'],
  'history of wandb clients': ['history_chunks'],
  logs: ['log_chunks', 'log_streams'],
  events: ['events'],
  'trials and runs': ['trials', 'attempts', 'runs', 'decisions'],
};

export async function storageUse(database: Database): Promise<StorageUse> {
  return await database.read(async (queries) => {
    const tables = await queries.execute<{ name: string; bytes: string }>(sql`
      SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes FROM pg_class c
      WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace`);
    const whole = await queries.execute<{ bytes: string }>(sql`SELECT pg_database_size(current_database()) AS bytes`);
    const blobs = await queries.execute<{ n: string; bytes: string }>(sql`
      SELECT count(*) AS n, coalesce(sum(size), 0) AS bytes FROM (
        SELECT blob, max(size) AS size FROM (
          SELECT blob, size FROM files UNION ALL SELECT blob, size FROM artifact_contents
          UNION ALL SELECT code_blob, code_size FROM sweeps WHERE code_blob IS NOT NULL
        ) held GROUP BY blob
      ) each_once`);
    const sizes = new Map(tables.rows.map(({ name, bytes }) => [name, Number(bytes)]));
    const named = Object.entries(parts).map(([name, of]) => ({ name, bytes: of.reduce((sum, table) => sum + (sizes.get(table) ?? 0), 0) }));
    return {
      databaseBytes: Number(whole.rows[0]!.bytes),
      parts: named.sort((a, b) => b.bytes - a.bytes),
      blobs: Number(blobs.rows[0]!.n),
      blobBytes: Number(blobs.rows[0]!.bytes),
    };
  });
}
