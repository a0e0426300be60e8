import { once } from 'node:events';
import { createServer } from 'node:net';
import { sweepId, trialId } from '@sweep/domain';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create } from '../../testing/contract/artifacts.js';
import { aLease, newSweep, propose, until } from '../../testing/contract/fixture.js';
import { testDatabase } from '../../testing/index.js';
import type { Store } from '../store.js';
import { groupToMerge } from './compaction.js';
import { migrate } from './migrate.js';
import { openPostgres } from './open.js';
import { PreparingClient } from './preparing.js';
import * as schema from './schema.js';
import * as schemaArtifacts from './schema-artifacts.js';
import * as schemaData from './schema-data.js';
import * as schemaPeople from './schema-people.js';

const database = await testDatabase();
if ('skip' in database) it.skip(`${database.skip}`, () => {});
else onPostgres(database.url, database.drop);

/** What only PostgreSQL can get wrong. */
function onPostgres(url: string, drop: () => Promise<void>): void {
  let store: Store;
  let other: pg.Client;
  beforeAll(async () => {
    store = await openPostgres({ url });
    other = new pg.Client({ connectionString: url });
    await other.connect();
  });
  afterAll(async () => {
    await other.end();
    await store.close();
    await drop();
  });

  describe('a statement that is asked again and again', () => {
    it('is prepared once a connection', async () => {
      const sweep = await newSweep(store);
      for (let i = 0; i < 20; i++) expect((await store.sweeps.find(sweep.id))?.id).toBe(sweep.id);
      const asked = new PreparingClient({ connectionString: url });
      await asked.connect();
      for (let i = 0; i < 10; i++)
        expect((await asked.query({ text: 'SELECT $1::int + 1 AS n', values: [i] })).rows).toEqual([{ n: i + 1 }]);
      for (let i = 0; i < 1_000; i++) await asked.query({ text: `SELECT ${i}, $1::int`, values: [i] });
      const { rows } = await asked.query('SELECT statement FROM pg_prepared_statements');
      expect(rows).toEqual([{ statement: 'SELECT $1::int + 1 AS n' }]);
      await asked.end();
    });

    it('is asked anew when a newer version has changed its table meanwhile', async () => {
      const sweep = await newSweep(store);
      for (let i = 0; i < 40; i++) await store.sweeps.find(sweep.id);
      await other.query('ALTER TABLE sweeps ALTER COLUMN name TYPE varchar(2000)');
      try {
        for (let i = 0; i < 40; i++) expect((await store.sweeps.find(sweep.id))?.id).toBe(sweep.id);
        expect(await store.sweeps.counts([sweep.id])).toBeInstanceOf(Map);
      } finally {
        await other.query('ALTER TABLE sweeps ALTER COLUMN name TYPE text');
      }
      for (let i = 0; i < 40; i++) expect((await store.sweeps.find(sweep.id))?.id).toBe(sweep.id);
    });
  });

  describe('an event of a slow transaction', () => {
    it('is not skipped by a reader who saw a younger one commit first, and its readers are woken', async () => {
      const head = await store.events.head();
      await other.query('BEGIN');
      await other.query(`INSERT INTO events (body) VALUES ('{"kind":"sweep.deleted","sweep":"slow"}')`);
      let woken = 0;
      const leave = await store.events.subscribe(() => woken++);
      const fast = await newSweep(store);
      await until(() => woken > 0, 'a wake-up for the fast one');
      const seen = async () => {
        const sweeps = (await store.events.since(head, 100)).map(({ event }) => ('sweep' in event ? event.sweep : ''));
        return sweeps.filter((sweep) => sweep === 'slow' || sweep === fast.id);
      };
      expect(await seen()).toEqual([]);
      await other.query('COMMIT');
      await until(async () => (await seen()).length === 2, 'both events');
      expect(await seen()).toEqual(['slow', fast.id]);
      await leave();
    });

    it('that says nothing itself does not leave others hidden for ever: the reader is woken when it ends', async () => {
      const head = await store.events.head();
      await other.query('BEGIN');
      await other.query("INSERT INTO projects (id, entity, name) VALUES ('quiet', 'quiet', 'quiet')");
      const readable = new Set<string>();
      const leave = await store.events.subscribe(() => {
        void store.events.since(head, 100).then((events) => {
          for (const { event } of events) if ('sweep' in event) readable.add(event.sweep);
        });
      });
      const { id } = await newSweep(store);
      await other.query('COMMIT');
      await until(() => readable.has(id), 'the hidden event');
      await leave();
    });
  });

  describe('a broken connection', () => {
    it('of the listener is made again, and nothing is missed', async () => {
      let woken = 0;
      const leave = await store.events.subscribe(() => woken++);
      await newSweep(store);
      await until(() => woken > 0, 'the first wake-up');
      const { rowCount } = await other.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sweep-events' AND datname = current_database()",
      );
      expect(rowCount).toBe(1);
      const before = woken;
      await newSweep(store);
      await until(() => woken > before, 'a wake-up after the break');
      await leave();
    });

    it('inside a transaction is Unavailable, and the next call works', async () => {
      const sweep = await newSweep(store);
      await propose(store, sweep, 1);
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM sweeps WHERE id = $1 FOR UPDATE', [sweep.id]);
      const waiting = store.trials.lease(aLease(sweep));
      const refused = expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
      const victim =
        'SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = $1';
      await until(async () => ((await other.query(victim, ['Lock'])).rowCount ?? 0) > 0, 'the lease waiting for its lock');
      await refused;
      await other.query('ROLLBACK');
      expect((await store.trials.lease(aLease(sweep)))!.trial.number).toBe(1);
    });

    it('to nobody is Unavailable', async () => {
      const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      await expect(openPostgres({ url: `postgresql://x@127.0.0.1:${port}/x` })).rejects.toMatchObject({ code: 'unavailable' });
      server.close();
      await once(server, 'close');
      await expect(openPostgres({ url: `postgresql://x@127.0.0.1:${port}/x` })).rejects.toMatchObject({ code: 'unavailable' });
      await expect(migrate(`postgresql://x@127.0.0.1:${port}/x`)).rejects.toMatchObject({ code: 'unavailable' });
    });
  });

  describe('migrations', () => {
    it('are applied once, by one of many who start at the same time', async () => {
      const name = `${new URL(url).pathname.slice(1)}_fresh`;
      const fresh = new URL(url);
      fresh.pathname = `/${name}`;
      await other.query(`CREATE DATABASE ${name}`);
      try {
        const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(fresh.toString())));
        expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
        expect(applied.flat()).toEqual([...applied.flat()].sort());
        expect(await migrate(fresh.toString())).toEqual([]);
      } finally {
        await other.query(`DROP DATABASE ${name} WITH (FORCE)`);
      }
    });

    it('of a newer program are left alone, and said', async () => {
      await other.query("INSERT INTO schema_migrations (name, hash) VALUES ('9999_future.sql', '')");
      await expect(migrate(url)).rejects.toMatchObject({ code: 'incompatible' });
      await other.query("DELETE FROM schema_migrations WHERE name = '9999_future.sql'");
      expect(await migrate(url)).toEqual([]);
    });

    it('make the columns that the program knows', async () => {
      const tables = [
        ...Object.values(schema),
        ...Object.values(schemaData),
        ...Object.values(schemaArtifacts),
        ...Object.values(schemaPeople),
      ] as readonly PgTable[];
      const known = tables.flatMap((table) =>
        Object.values(getTableColumns(table)).map((column) => `${getTableName(table)}.${column.name} ${column.notNull}`),
      );
      const { rows } = await other.query<{ column: string }>(
        `SELECT table_name || '.' || column_name || ' ' || (is_nullable = 'NO') AS column FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> 'schema_migrations'`,
      );
      // The next migration may drop it.
      const onlyTheVersionBefore = 'artifact_versions.client_id false';
      expect(rows.map((row) => row.column).sort()).toEqual([...known, onlyTheVersionBefore].sort());
    });

    it('find an artifact by the name that a controller of the version before writes beside this one', async () => {
      const { id } = await create(store);
      const change = { id: 'fromBefore', client_id: 'itsName' };
      await other.query(
        `INSERT INTO artifact_versions OVERRIDING SYSTEM VALUE
         SELECT (jsonb_populate_record(version, $2)).* FROM artifact_versions AS version WHERE id = $1`,
        [id, change],
      );
      expect(await store.artifacts.version({ clientId: 'itsName' })).toMatchObject({ id: 'fromBefore' });
    });
  });

  describe('the tables', () => {
    it('refuse a lease that is not whole, and one without a running trial', async () => {
      const sweep = await newSweep(store);
      const [trial] = await propose(store, sweep, 1);
      const set = (columns: string) => other.query(`UPDATE trials SET ${columns} WHERE id = $1`, [trial!.id]);
      await expect(set("lease_id = 'x'")).rejects.toThrow('trials_lease_stands_while_live');
      await expect(set("state = 'running'")).rejects.toThrow('trials_lease_stands_while_live');
      await expect(set("state = 'completed'")).rejects.toThrow('trials_ended_at_when_ended');
    });

    it('refuse a second counted attempt', async () => {
      const sweep = await newSweep(store);
      const [trial] = await propose(store, sweep, 1);
      const insert =
        'INSERT INTO attempts (trial_id, number, agent_id, slot, lease_id, run_id, ended_at, counted) VALUES ($1, $2, $3, 0, $4, $1, 1, true)';
      await other.query(insert, [trial!.id, 1, 'a', `${trial!.id}-1`]);
      await expect(other.query(insert, [trial!.id, 2, 'a', `${trial!.id}-2`])).rejects.toThrow('attempts_one_counted');
    });
  });

  it('ids that are not there cost nothing', async () => {
    expect(await store.trials.find(trialId('nothing1'))).toBeNull();
    expect(await store.sweeps.find(sweepId("'; DROP TABLE sweeps"))).toBeNull();
  });
}

describe('what is merged', () => {
  const rows = (...sizes: readonly number[]) => sizes.map((n, sequence) => ({ n, sequence }));
  const sequences = (sizes: readonly number[], ended: boolean) => groupToMerge(rows(...sizes), ended).map(({ sequence }) => sequence);

  it('is a stretch of small neighbours with enough points', () => {
    expect(sequences([600, 600], false)).toEqual([0, 1]);
    expect(sequences([600, 400], false)).toEqual([]);
    expect(sequences([4_096, 700, 700], false)).toEqual([1, 2]);
  });

  it('is anything small once the attempt is over', () => {
    expect(sequences([25, 25], true)).toEqual([0, 1]);
    expect(sequences([25], true)).toEqual([]);
  });

  it('never reaches across a large chunk, nor beyond the largest size', () => {
    expect(sequences([25, 2_000, 25], true)).toEqual([]);
    expect(sequences([1_000, 1_000, 1_000, 1_000, 1_000], false)).toEqual([0, 1, 2, 3]);
  });
});
