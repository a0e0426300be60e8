/**
 * Writing packed stretches of series.
 *
 * All chunks travel as one binary value that the server cuts up by offsets, since an array of bytea would be sent as text.
 */
import type { RunId, Series } from '@sweep/domain';
import type pg from 'pg';
import { packPoints } from '../metrics/codec.js';
import type { LastValue } from '../store.js';

export interface Chunk {
  readonly run: RunId;
  readonly attempt: number;
  readonly sequence: number;
  readonly lastSequence: number;
  readonly series: Series;
}

interface SeriesEnd {
  readonly run: RunId;
  readonly attempt: number;
  readonly last: LastValue;
}

export async function insertChunks(client: pg.PoolClient, chunks: readonly Chunk[]): Promise<void> {
  const packed = chunks.map(({ series }) => packPoints(series));
  const offsets: number[] = [];
  let total = 0;
  for (const bytes of packed) {
    // substring() counts from 1.
    offsets.push(total + 1);
    total += bytes.byteLength;
  }
  await client.query({
    name: 'append-chunks',
    text: `INSERT INTO metric_chunks (run_id, attempt, name, sequence, last_sequence, n, first_step, bytes)
           SELECT c.run, c.attempt, c.name, c.sequence, c.last, c.n, c.first_step, substring($7::bytea FROM c.at FOR c.size)
           FROM unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::int[], $6::float8[], $8::int[], $9::int[], $10::int[])
             AS c (run, attempt, name, sequence, n, first_step, at, size, last)`,
    values: [
      chunks.map(({ run }) => run),
      chunks.map(({ attempt }) => attempt),
      chunks.map(({ series }) => series.name),
      chunks.map(({ sequence }) => sequence),
      chunks.map(({ series }) => series.steps.length),
      chunks.map(({ series }) => float(series.steps[0]!)),
      Buffer.concat(packed, total),
      offsets,
      packed.map((bytes) => bytes.byteLength),
      chunks.map(({ lastSequence }) => lastSequence),
    ],
  });
}

/** Added to what is known of each series. */
export async function upsertLast(client: pg.PoolClient, rows: readonly SeriesEnd[]): Promise<void> {
  await client.query({
    name: 'append-last',
    text: `INSERT INTO metric_last AS m (run_id, attempt, name, step, value, time, min, max, count)
           SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::bigint[])
           ON CONFLICT (run_id, attempt, name) DO UPDATE SET
             step = excluded.step, value = excluded.value, time = excluded.time,
             min = least(m.min, excluded.min), max = greatest(m.max, excluded.max), count = m.count + excluded.count`,
    values: [
      rows.map(({ run }) => run),
      rows.map(({ attempt }) => attempt),
      rows.map(({ last }) => last.name),
      rows.map(({ last }) => float(last.step)),
      rows.map(({ last }) => float(last.value)),
      rows.map(({ last }) => float(last.time)),
      rows.map(({ last }) => (last.min === null ? null : float(last.min))),
      rows.map(({ last }) => (last.max === null ? null : float(last.max))),
      rows.map(({ last }) => last.count),
    ],
  });
}

/** String() drops the sign of -0. */
const float = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
