/** A database of the first version, with much in it, becomes one of each version up to this one. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { runId } from '@sweep/domain';
import pg from 'pg';
import { expect, it } from 'vitest';
import { testDatabase } from '../../testing/index.js';
import { packPoints } from '../metrics/codec.js';
import { migrate, migrateLike } from './migrate.js';
import { openPostgres } from './open.js';

const folder = new URL('../../migrations/', import.meta.url);
const points = 1_000_000;
const perChunk = 4_000;

/** By SQL alone: this version's store knows columns that the first one had not. */
async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await insertPoints(client);
  } finally {
    await client.end();
  }
}

async function insertPoints(client: pg.Client): Promise<void> {
  await client.query("INSERT INTO projects (id, entity, name) VALUES ('p', 'ada', 'digits')");
  await client.query("INSERT INTO runs (id, project_id, name, config) VALUES ('longone1', 'p', 'long', '{}')");
  for (let first = 0; first < points; first += perChunk) {
    const steps = Float64Array.from({ length: perChunk }, (_, i) => first + i);
    const bytes = packPoints({ steps, values: steps.map((step) => 1 - step), times: steps });
    const row = ['longone1', 1, 'loss', first / perChunk + 1, perChunk, first, bytes];
    await client.query(
      'INSERT INTO metric_chunks (run_id, attempt, name, sequence, last_sequence, n, first_step, bytes) VALUES ($1, $2, $3, $4, $4, $5, $6, $7)',
      row,
    );
  }
  await client.query(
    "INSERT INTO metric_last VALUES ('longone1', 1, 'loss', $1::float8, 1 - $1::float8, $1::float8, 1 - $1::float8, 1, $1::bigint + 1)",
    [points - 1],
  );
}

it('keeps a million points and every one of their ends', async ({ skip }) => {
  const database = await testDatabase();
  if ('skip' in database) return skip(database.skip);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, folder)) })));
  const known = files.map(({ name, text }) => ({ name, hash: createHash('sha256').update(text).digest('hex') }));
  const url = new URL(database.url);
  url.pathname += '_earlier';
  const server = new pg.Client({ connectionString: database.url });
  await server.connect();
  try {
    await server.query(`CREATE DATABASE ${url.pathname.slice(1)}`);
    await migrateLike(url.href, known.slice(0, 1));
    await fill(url.href);
    expect(await migrateLike(url.href, known.slice(0, -1))).toEqual(names.slice(1, -1));
    expect(await migrate(url.href)).toEqual(names.slice(-1));

    const store = await openPostgres({ url: url.href });
    const [loss] = await store.metrics.read(runId('longone1'), 1, null);
    expect(loss).toMatchObject({ name: 'loss' });
    expect(loss?.steps.length).toBe(points);
    expect(loss?.steps.every((step, index) => step === index && loss.values[index] === 1 - step)).toBe(true);
    const [sampled] = await store.metrics.sample([{ run: runId('longone1'), attempt: 1 }], ['loss'], 1_000);
    expect(sampled).toMatchObject({ downsampled: true });
    const values = sampled!.series[0]!.values;
    expect([Math.max(...values), Math.min(...values)]).toEqual([1, 2 - points]);
    expect(await store.metrics.last([{ run: runId('longone1'), attempt: 1 }])).toMatchObject([[{ count: points, value: 2 - points }]]);
    await store.close();
  } finally {
    await server.query(`DROP DATABASE IF EXISTS ${url.pathname.slice(1)} WITH (FORCE)`);
    await server.end();
    await database.drop();
  }
}, 120_000);
