/**
 * Brings a database's schema up to date: forward-only SQL files, in order, each once, under an advisory lock.
 *
 * A file that was applied and has changed since is refused, and so is a database that knows files this program does not.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Bug, Incompatible } from '@sweep/domain';
import pg from 'pg';
import { mapped } from './failure.js';

/** Found by the package's name: this program may be bundled into one file that lies elsewhere. */
const folder = join(dirname(createRequire(import.meta.url).resolve('@sweep/store/package.json')), 'migrations');
/** Any fixed number: it names this lock within the database. */
const lockKey = 7_330_118_204;

interface Migration {
  readonly name: string;
  readonly hash: string;
  readonly text: string;
}

/** What a database says of a migration that it has. */
export interface AppliedMigration {
  readonly name: string;
  readonly hash: string;
}

/** Answers the names of the migrations that it applied, in order. */
export const migrate = async (url: string): Promise<readonly string[]> => apply(url, await readMigrations());

/** As far as another database had come. @throws Incompatible when that was further than this program can go */
export async function migrateLike(url: string, other: readonly AppliedMigration[]): Promise<readonly string[]> {
  const known = new Map((await readMigrations()).map((migration) => [migration.name, migration]));
  const wanted = other.map(({ name, hash }) => {
    const migration = known.get(name);
    if (migration === undefined) throw new Incompatible(`the backup is of a newer version (${name}): upgrade this program, then restore`);
    if (migration.hash !== hash)
      throw new Incompatible(`the backup is of a version whose ${name} was another: restore it with that version`);
    return migration;
  });
  return apply(url, wanted);
}

async function apply(url: string, migrations: readonly Migration[]): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'sweep-migrate' });
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    return await applyMissing(client, migrations);
  } catch (error) {
    throw mapped(error);
  } finally {
    await client.end();
  }
}

async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      return { name, text, hash: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[]): Promise<readonly string[]> {
  await client.query(
    'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, hash text NOT NULL, at timestamptz NOT NULL DEFAULT now())',
  );
  const { rows } = await client.query<{ name: string; hash: string }>('SELECT name, hash FROM schema_migrations');
  const applied = new Map(rows.map((row) => [row.name, row.hash]));
  const known = new Set(migrations.map((migration) => migration.name));
  for (const name of applied.keys()) {
    if (!known.has(name)) throw new Incompatible(`the database was upgraded by a newer version (${name}): upgrade this one`);
  }
  const done: string[] = [];
  for (const migration of migrations) {
    const before = applied.get(migration.name);
    if (before === migration.hash) continue;
    if (before !== undefined) throw new Bug(`migration ${migration.name} has changed since it was applied`);
    await applyOne(client, migration);
    done.push(migration.name);
  }
  return done;
}

async function applyOne(client: pg.Client, { name, hash, text }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(text);
    await client.query('INSERT INTO schema_migrations (name, hash) VALUES ($1, $2)', [name, hash]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
