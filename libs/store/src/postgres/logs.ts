/** Program output, by byte. */
import { and, asc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import type { LogChunk, LogKey, LogStore } from '../store.js';
import type { Database, Queries } from './database.js';
import { logChunks, logStreams } from './schema-data.js';

const streamKey = ({ run, attempt, stream }: LogKey): string => `${run} ${attempt} ${stream}`;
const ofLog = ({ run, attempt, stream }: LogKey) =>
  and(eq(logStreams.runId, run), eq(logStreams.attempt, attempt), eq(logStreams.stream, stream));

export class PostgresLogs implements LogStore {
  constructor(private readonly database: Database) {}

  async append(chunks: readonly LogChunk[]): Promise<readonly number[]> {
    if (chunks.length === 0) return [];
    return await this.database.write(async (queries) => {
      const sizes = await lockSizes(queries, chunks);
      const grown = new Map<string, LogKey>();
      for (const chunk of chunks) {
        const key = streamKey(chunk);
        const size = sizes.get(key)!;
        const end = chunk.offset + chunk.data.byteLength;
        if (chunk.offset > size || end <= size) continue;
        const data = Buffer.from(chunk.data.subarray(size - chunk.offset));
        const { run, attempt, stream } = chunk;
        await queries.insert(logChunks).values({ runId: run, attempt, stream, start: size, size: data.byteLength, data });
        sizes.set(key, end);
        grown.set(key, chunk);
      }
      for (const [key, stream] of grown) {
        await queries
          .update(logStreams)
          .set({ size: sizes.get(key)! })
          .where(ofLog(stream));
      }
      return chunks.map((chunk) => sizes.get(streamKey(chunk))!);
    });
  }

  async read({ run, attempt, stream }: LogKey, offset: number, limit: number): Promise<Uint8Array> {
    const rows = await this.database.read((queries) =>
      queries
        .select({ start: logChunks.start, data: logChunks.data })
        .from(logChunks)
        .where(
          and(
            eq(logChunks.runId, run),
            eq(logChunks.attempt, attempt),
            eq(logChunks.stream, stream),
            lt(logChunks.start, offset + limit),
            gt(sql`${logChunks.start} + ${logChunks.size}`, offset),
          ),
        )
        .orderBy(asc(logChunks.start)),
    );
    const skip = offset - (rows[0]?.start ?? offset);
    return new Uint8Array(Buffer.concat(rows.map((row) => row.data)).subarray(skip, skip + limit));
  }

  async size(log: LogKey): Promise<number> {
    const [row] = await this.database.read((queries) => queries.select().from(logStreams).where(ofLog(log)));
    return row?.size ?? 0;
  }
}

/** The lengths now, held until commit; locked in one order so that two appends never wait in a circle. */
async function lockSizes(queries: Queries, chunks: readonly LogChunk[]): Promise<Map<string, number>> {
  const streams = new Map(chunks.map((chunk) => [streamKey(chunk), chunk]));
  const keys = [...streams.keys()].sort();
  await queries
    .insert(logStreams)
    .values(keys.map((key) => ({ runId: streams.get(key)!.run, attempt: streams.get(key)!.attempt, stream: streams.get(key)!.stream })))
    .onConflictDoNothing();
  const runs = [...new Set(chunks.map((chunk) => chunk.run))];
  const rows = await queries
    .select()
    .from(logStreams)
    .where(
      and(
        inArray(logStreams.runId, runs),
        inArray(sql`${logStreams.runId} || ' ' || ${logStreams.attempt} || ' ' || ${logStreams.stream}`, keys),
      ),
    )
    .orderBy(asc(logStreams.runId), asc(logStreams.attempt), asc(logStreams.stream))
    .for('no key update');
  return new Map(rows.map((row) => [streamKey({ run: row.runId, attempt: row.attempt, stream: row.stream }), row.size]));
}
