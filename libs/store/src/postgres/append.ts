/**
 * Appending batches of points: the hot path. Five statements for any number of batches.
 *
 * All chunks travel as one binary value that the server cuts up by offsets, since an array of bytea would be sent as text.
 */
import type { PointBatch, RunId, Series } from '@sweep/domain';
import type pg from 'pg';
import { packPoints } from '../metrics/codec.js';
import { addLast, joinSameNames, summarise } from '../metrics/points.js';
import type { AppendResult, LastValue } from '../store.js';

interface Incoming {
  readonly run: RunId;
  readonly attempt: number;
  readonly batch: PointBatch;
}

interface Stream {
  readonly run: RunId;
  readonly attempt: number;
  sequence: number;
  moved: boolean;
  readonly last: Map<string, LastValue>;
}

interface Chunk {
  readonly stream: Stream;
  readonly sequence: number;
  readonly series: Series;
}

export async function appendBatches(client: pg.PoolClient, incoming: readonly Incoming[]): Promise<readonly AppendResult[]> {
  const streams = await lockStreams(client, incoming);
  const chunks: Chunk[] = [];
  const accepted = new Set<Incoming>();
  const inOrder = [...incoming].sort((a, b) => a.batch.sequence - b.batch.sequence);
  for (const one of inOrder) {
    const { run, attempt, batch } = one;
    const stream = streams.get(streamKey(run, attempt));
    if (stream === undefined || batch.sequence !== stream.sequence + 1) continue;
    stream.sequence = batch.sequence;
    stream.moved = true;
    accepted.add(one);
    for (const series of joinSameNames(batch.series)) {
      chunks.push({ stream, sequence: batch.sequence, series });
      stream.last.set(series.name, addLast(stream.last.get(series.name), summarise(series)));
    }
  }
  const moved = [...streams.values()].filter((stream) => stream.moved);
  if (chunks.length > 0) {
    await insertChunks(client, chunks);
    await upsertLast(client, moved);
  }
  if (moved.length > 0) await advance(client, moved);
  return incoming.map((one) => ({
    sequence: streams.get(streamKey(one.run, one.attempt))?.sequence ?? 0,
    accepted: accepted.has(one),
  }));
}

const streamKey = (run: RunId, attempt: number): string => `${attempt} ${run}`;

/** In the order of the key, so that two appends never wait for each other in a circle. */
async function lockStreams(client: pg.PoolClient, incoming: readonly Incoming[]): Promise<ReadonlyMap<string, Stream>> {
  const { rows } = await client.query<{ run_id: RunId; number: number; point_sequence: number }>({
    name: 'append-lock',
    text: `SELECT run_id, number, point_sequence FROM attempts
           WHERE (run_id, number) IN (SELECT * FROM unnest($1::text[], $2::int[]))
           ORDER BY run_id, number FOR NO KEY UPDATE`,
    values: [incoming.map(({ run }) => run), incoming.map(({ attempt }) => attempt)],
  });
  return new Map(
    rows.map((row) => {
      const stream: Stream = { run: row.run_id, attempt: row.number, sequence: row.point_sequence, moved: false, last: new Map() };
      return [streamKey(row.run_id, row.number), stream];
    }),
  );
}

async function insertChunks(client: pg.PoolClient, chunks: readonly Chunk[]): Promise<void> {
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
           SELECT c.run, c.attempt, c.name, c.sequence, c.sequence, c.n, c.first_step, substring($7::bytea FROM c.at FOR c.size)
           FROM unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::int[], $6::float8[], $8::int[], $9::int[])
             AS c (run, attempt, name, sequence, n, first_step, at, size)`,
    values: [
      chunks.map(({ stream }) => stream.run),
      chunks.map(({ stream }) => stream.attempt),
      chunks.map(({ series }) => series.name),
      chunks.map(({ sequence }) => sequence),
      chunks.map(({ series }) => series.steps.length),
      chunks.map(({ series }) => float(series.steps[0]!)),
      Buffer.concat(packed, total),
      offsets,
      packed.map((bytes) => bytes.byteLength),
    ],
  });
}

async function upsertLast(client: pg.PoolClient, streams: readonly Stream[]): Promise<void> {
  const rows = streams.flatMap((stream) => [...stream.last.values()].map((last) => ({ stream, last })));
  await client.query({
    name: 'append-last',
    text: `INSERT INTO metric_last AS m (run_id, attempt, name, step, value, time, min, max, count)
           SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::bigint[])
           ON CONFLICT (run_id, attempt, name) DO UPDATE SET
             step = excluded.step, value = excluded.value, time = excluded.time,
             min = least(m.min, excluded.min), max = greatest(m.max, excluded.max), count = m.count + excluded.count`,
    values: [
      rows.map(({ stream }) => stream.run),
      rows.map(({ stream }) => stream.attempt),
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

async function advance(client: pg.PoolClient, streams: readonly Stream[]): Promise<void> {
  await client.query({
    name: 'append-advance',
    text: `UPDATE attempts a SET point_sequence = s.sequence
           FROM unnest($1::text[], $2::int[], $3::int[]) AS s (run, attempt, sequence)
           WHERE a.run_id = s.run AND a.number = s.attempt`,
    values: [streams.map(({ run }) => run), streams.map(({ attempt }) => attempt), streams.map(({ sequence }) => sequence)],
  });
}

/** String() drops the sign of -0. */
const float = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
