/** What a controller holds before and after an attack: its memory, its open handles, the rows of its database. */
import { readdirSync } from 'node:fs';
import pg from 'pg';
import type { Cluster } from '../support/cluster.js';
import { memoryOf } from './fixture.js';

export interface Held {
  readonly memoryMiB: number;
  readonly handles: number;
  readonly rows: Readonly<Record<string, number>>;
}

export async function heldBy({ controller, databaseUrl }: Pick<Cluster, 'controller' | 'databaseUrl'>): Promise<Held> {
  return {
    memoryMiB: memoryOf(controller.pid),
    handles: handlesOf(controller.pid),
    rows: await rowsOf(databaseUrl),
  };
}

export const handlesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

export interface Growth {
  readonly memoryMiB: number;
  readonly handles: number;
  /** Tables that hold more than before. */
  readonly rows: Readonly<Record<string, number>>;
}

export function growthOf(before: Held, after: Held): Growth {
  const more = Object.entries(after.rows).map(([table, rows]) => [table, rows - (before.rows[table] ?? 0)] as const);
  return {
    memoryMiB: Math.round(after.memoryMiB - before.memoryMiB),
    handles: after.handles - before.handles,
    rows: Object.fromEntries(more.filter(([, rows]) => rows > 0)),
  };
}

async function rowsOf(databaseUrl: string): Promise<Record<string, number>> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const { rows: tables } = await database.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const counted: Record<string, number> = {};
    for (const { name } of tables) {
      const { rows } = await database.query<{ count: string }>(`SELECT count(*) FROM ${name}`);
      counted[name] = Number(rows[0]!.count);
    }
    return counted;
  } finally {
    await database.end();
  }
}
