/**
 * The whole database as a stream of parts, and back: one snapshot, whatever is written meanwhile, from and into any server.
 *
 * Owns which tables, in which order, and that they return unchanged. What a file of them looks like is the caller's. Left out are the
 * queue (a doorbell: what is queued stands in the trials' rows), what machines use at the moment, and the events, which only serve those
 * who watch at the moment and are ordered by this server's own transaction numbers.
 */
import { Bug, Conflict, Invalid } from '@sweep/domain';
import pg from 'pg';
import { CopyOut, copyIn } from './copying.js';
import { mapped } from './failure.js';
import { type AppliedMigration, migrate, migrateLike } from './migrate.js';

export type DumpPart =
  | { readonly kind: 'schema'; readonly migrations: readonly AppliedMigration[] }
  | { readonly kind: 'table'; readonly name: string; readonly columns: readonly string[] }
  /** Of the last table named, as COPY writes them. */
  | { readonly kind: 'rows'; readonly data: Uint8Array }
  | { readonly kind: 'table-end'; readonly rows: number };

const leftOut = ['agent_usage', 'event_horizon', 'events', 'schema_migrations'];
/** One row of any of these means that somebody works with the database. */
const telling = ['users', 'sweeps', 'runs'];

/** @throws Unavailable when the database does not answer */
export async function* dumpDatabase(url: string): AsyncGenerator<DumpPart> {
  const client = clientOf(url);
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows: migrations } = await client.query<AppliedMigration>('SELECT name, hash FROM schema_migrations ORDER BY name');
    yield { kind: 'schema', migrations };
    for (const name of await tablesOf(client)) {
      const columns = await columnsOf(client, name);
      yield { kind: 'table', name, columns };
      const out = client.query(new CopyOut(`COPY ${quoted(name)} (${columns.map(quoted).join(', ')}) TO STDOUT`));
      for await (const data of out) yield { kind: 'rows', data: data as Uint8Array };
      yield { kind: 'table-end', rows: out.rows };
    }
  } catch (error) {
    throw mapped(error);
  } finally {
    await client.end();
  }
}

/**
 * Fills an empty database: all of it, or nothing but its schema. Then brings it up to this program's schema.
 *
 * @throws Conflict when the database is in use; Incompatible when the dump is of a newer version; Invalid when it is no whole dump
 */
export async function restoreDatabase(url: string, parts: AsyncIterable<DumpPart>): Promise<{ readonly rows: number }> {
  const rest = parts[Symbol.asyncIterator]();
  const first = (await rest.next()).value as DumpPart | undefined;
  if (first?.kind !== 'schema') throw new Invalid('the dump does not begin with its schema');
  await refuseUsed(url);
  await migrateLike(url, first.migrations);
  const client = clientOf(url);
  try {
    await client.connect();
    await client.query('BEGIN');
    const rows = await fill(client, rest);
    await client.query('COMMIT');
    await client.query('ANALYZE');
    await migrate(url);
    return { rows };
  } catch (error) {
    throw mapped(error);
  } finally {
    await client.end();
  }
}

async function fill(client: pg.Client, parts: AsyncIterator<DumpPart>): Promise<number> {
  const known = await tablesOf(client);
  await client.query(`TRUNCATE ${known.map(quoted).join(', ')}`);
  let total = 0;
  for (let part = await parts.next(); !part.done; part = await parts.next()) {
    const table = part.value;
    if (table.kind !== 'table') throw new Bug(`a table was expected, and there is ${table.kind}`);
    if (!known.includes(table.name)) throw new Invalid(`the dump has a table ${table.name}, which its schema does not have`);
    const seen: { rows: number | null } = { rows: null };
    const text = `COPY ${quoted(table.name)} (${table.columns.map(quoted).join(', ')}) FROM STDIN`;
    const taken = await copyIn(client, text, rowsUntilEnd(parts, seen));
    if (taken !== seen.rows)
      throw new Invalid(`table ${table.name} should have ${seen.rows ?? 'an unknown number of'} rows, and ${taken} came`);
    await continueNumbers(client, table.name);
    total += taken;
  }
  return total;
}

async function* rowsUntilEnd(parts: AsyncIterator<DumpPart>, seen: { rows: number | null }): AsyncGenerator<Uint8Array> {
  for (;;) {
    const part = await parts.next();
    if (part.done || part.value.kind === 'table' || part.value.kind === 'schema') throw new Invalid('the dump ends within a table');
    if (part.value.kind === 'table-end') {
      seen.rows = part.value.rows;
      return;
    }
    yield part.value.data;
  }
}

/** What the server numbers by itself goes on after what was restored. */
async function continueNumbers(client: pg.Client, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attidentity <> '' AND NOT attisdropped`,
    [quoted(table)],
  );
  for (const { name } of rows)
    await client.query(`SELECT setval(pg_get_serial_sequence($1, $2), greatest(1, (SELECT max(${quoted(name)}) FROM ${quoted(table)})))`, [
      quoted(table),
      name,
    ]);
}

async function refuseUsed(url: string): Promise<void> {
  const client = clientOf(url);
  try {
    await client.connect();
    for (const table of telling) {
      const { rows: there } = await client.query<{ oid: string | null }>('SELECT to_regclass($1) AS oid', [table]);
      if (there[0]?.oid === null) continue;
      const { rowCount } = await client.query(`SELECT 1 FROM ${quoted(table)} LIMIT 1`);
      if (rowCount !== 0)
        throw new Conflict(`the database is in use (it has ${table}): restore into a new data folder, or name an empty database`);
    }
  } catch (error) {
    throw mapped(error);
  } finally {
    await client.end();
  }
}

/** Each after those that its rows refer to. */
async function tablesOf(client: pg.Client): Promise<readonly string[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL ($1) ORDER BY 1`,
    [leftOut],
  );
  const { rows: links } = await client.query<{ from: string; to: string }>(
    `SELECT c.relname AS from, t.relname AS to FROM pg_constraint f
      JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class t ON t.oid = f.confrelid
      WHERE f.contype = 'f' AND f.conrelid <> f.confrelid AND c.relnamespace = 'public'::regnamespace`,
  );
  const left = new Set(tables.map(({ name }) => name));
  const ordered: string[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((name) => links.every(({ from, to }) => from !== name || !left.has(to)));
    if (ready.length === 0) throw new Bug(`the tables ${[...left].join(', ')} refer to one another in a circle`);
    for (const name of ready) left.delete(name);
    ordered.push(...ready);
  }
  return ordered;
}

async function columnsOf(client: pg.Client, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [quoted(table)],
  );
  return rows.map(({ name }) => name);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const clientOf = (url: string): pg.Client =>
  new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'sweep-backup' });
