/** Appending batches of points: the hot path. Five statements for any number of batches. */
import type { PointBatch, RunId } from '@sweep/domain';
import type pg from 'pg';
import { addLast, joinSameNames, summarise } from '../metrics/points.js';
import type { AppendResult, LastValue } from '../store.js';
import { type Chunk, insertChunks, upsertLast } from './chunks.js';

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
      chunks.push({ run, attempt, sequence: batch.sequence, lastSequence: batch.sequence, series });
      stream.last.set(series.name, addLast(stream.last.get(series.name), summarise(series)));
    }
  }
  const moved = [...streams.values()].filter((stream) => stream.moved);
  if (chunks.length > 0) {
    await insertChunks(client, chunks);
    await upsertLast(
      client,
      moved.flatMap(({ run: id, attempt, last }) => [...last.values()].map((value) => ({ run: id, attempt, last: value }))),
    );
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

async function advance(client: pg.PoolClient, streams: readonly Stream[]): Promise<void> {
  await client.query({
    name: 'append-advance',
    text: `UPDATE attempts a SET point_sequence = s.sequence
           FROM unnest($1::text[], $2::int[], $3::int[]) AS s (run, attempt, sequence)
           WHERE a.run_id = s.run AND a.number = s.attempt`,
    values: [streams.map(({ run }) => run), streams.map(({ attempt }) => attempt), streams.map(({ sequence }) => sequence)],
  });
}
