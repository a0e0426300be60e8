/** Lines of clients, in packed chunks, and what they mean for their run: one transaction under the run's lock. */

import { and, asc, eq, gt, lt, sql } from 'drizzle-orm';
import type pg from 'pg';
import { checkLines, linesBetween, packLines, placeBlock, replaceLines } from '../history-lines.js';
import type { AddedLines, LineKey, LineOutcome, LineStore, LineStream, LineWrite, RunRecord } from '../store.js';
import type { Database, Queries } from './database.js';
import { addPoints, voidPoints } from './line-points.js';
import { databaseNow } from './rows.js';
import { lockRecord, writeChange } from './run-records.js';
import { historyChunks } from './schema-data.js';

const ofStream = ({ run, attempt, stream }: LineKey) =>
  and(eq(historyChunks.runId, run), eq(historyChunks.attempt, attempt), eq(historyChunks.stream, stream));
/** Chunks that hold any line of [from, to). */
const holding = (key: LineKey, from: number, to: number) =>
  and(ofStream(key), lt(historyChunks.firstLine, to), gt(sql`${historyChunks.firstLine} + ${historyChunks.n}`, from));

const countOf = { history: 'historyLines', events: 'eventLines', log: 'logLines' } as const satisfies Record<LineStream, keyof RunRecord>;

export class PostgresLines implements LineStore {
  constructor(private readonly database: Database) {}

  async write({ run, attempt, blocks, decide }: LineWrite): Promise<RunRecord | null> {
    for (const { offset, lines } of blocks) checkLines(offset, lines);
    return await this.database.write(async (queries, client) => {
      const record = await lockRecord(queries, run);
      if (record === null || record.deletedAt !== null) return null;
      const step = new Step(queries, client, record, attempt);
      for (const { stream, offset, lines } of blocks) await step.add(stream, offset, lines);
      return await step.finish(decide);
    });
  }

  async cut({ run, attempt, stream }: LineKey, from: number, decide: LineWrite['decide']): Promise<RunRecord | null> {
    return await this.database.write(async (queries, client) => {
      const record = await lockRecord(queries, run);
      if (record === null || record.deletedAt !== null) return null;
      const step = new Step(queries, client, record, attempt);
      await step.cut(stream, from);
      return await step.finish(decide);
    });
  }

  async read(key: LineKey, offset: number, limit: number): Promise<readonly string[]> {
    return await this.database.read((queries) => readLines(queries, key, offset, limit));
  }

  async count(key: LineKey): Promise<number> {
    return await this.database.read((queries) => countLines(queries, key));
  }
}

async function readLines(queries: Queries, key: LineKey, offset: number, limit: number): Promise<readonly string[]> {
  const rows = await queries
    .select()
    .from(historyChunks)
    .where(holding(key, offset, offset + limit))
    .orderBy(asc(historyChunks.firstLine));
  return linesBetween(rows, offset, limit);
}

async function countLines(queries: Queries, key: LineKey): Promise<number> {
  const [row] = await queries
    .select({ end: sql<string | null>`max(${historyChunks.firstLine} + ${historyChunks.n})` })
    .from(historyChunks)
    .where(ofStream(key));
  return Number(row!.end ?? 0);
}

const pointStreams = ['history', 'events'] as const;

/** One transaction's work on one run. */
class Step {
  #added: readonly AddedLines[] = [];
  readonly #counts = new Map<LineStream, number>();
  #logRestarted = false;

  constructor(
    private readonly queries: Queries,
    private readonly client: pg.PoolClient,
    private readonly record: RunRecord,
    private readonly attempt: number,
  ) {}

  async add(stream: LineStream, offset: number, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const key = this.#key(stream);
    const count = await this.#count(stream);
    const restarts = offset === 0 && count > 0 && (stream !== 'log' || (this.#current && this.record.logRestarts && !this.#logRestarted));
    if (stream === 'log') this.#logRestarted = true;
    if (restarts) return await this.#restart(key, lines);
    if (this.#beginsFork(stream, offset, count))
      return await this.#restart(key, [...(await readLines(this.queries, key, 0, offset)), ...lines]);
    const there = offset < count ? await readLines(this.queries, key, offset, lines.length) : [];
    const place = placeBlock({ offset, lines, count, there });
    if (place.lines.length === 0) return;
    await this.#put(key, place.offset, place.lines);
    this.#counts.set(stream, Math.max(count, place.offset + place.lines.length));
    if (place.rewrites && stream !== 'log') return await this.#reread(key);
    this.#added = [...this.#added, { stream, firstLine: place.offset, lines: place.lines, restarted: false }];
  }

  async cut(stream: LineStream, from: number): Promise<void> {
    const key = this.#key(stream);
    const kept = await readLines(this.queries, key, 0, from);
    await this.#restart(key, kept);
  }

  async finish(decide: LineWrite['decide']): Promise<RunRecord | null> {
    const { change, series } = decide(this.record, this.#added);
    await this.#addSeries(series);
    if (!this.#current) return this.record;
    const counts = Object.fromEntries([...this.#counts].map(([stream, count]) => [countOf[stream], count]));
    const restarted = this.#logRestarted && this.record.logRestarts ? { logRestarts: false } : {};
    await writeChange(this.queries, this.record.id, { ...restarted, ...change }, { ...counts, heartbeatAt: databaseNow });
    return { ...this.record, ...restarted, ...change, ...counts };
  }

  /** Its program begins anew behind what it has from its origin. */
  #beginsFork(stream: LineStream, offset: number, count: number): boolean {
    return stream === 'history' && this.#current && offset === this.record.forkLines && count > offset;
  }

  get #current(): boolean {
    return this.attempt === this.record.attempt;
  }

  #key(stream: LineStream): LineKey {
    return { run: this.record.id, attempt: this.attempt, stream };
  }

  async #count(stream: LineStream): Promise<number> {
    return this.#counts.get(stream) ?? (this.#current ? this.record[countOf[stream]] : await countLines(this.queries, this.#key(stream)));
  }

  async #restart(key: LineKey, lines: readonly string[]): Promise<void> {
    await this.queries.delete(historyChunks).where(ofStream(key));
    if (lines.length > 0) await this.#insert(key, packLines(0, lines));
    this.#counts.set(key.stream, lines.length);
    await this.#void(key);
    this.#renewed(key.stream, lines);
  }

  /** Lines that were known have changed: what was made of them is made anew from all. */
  async #reread(key: LineKey): Promise<void> {
    const lines = await readLines(this.queries, key, 0, this.#counts.get(key.stream)!);
    await this.#void(key);
    this.#renewed(key.stream, lines);
  }

  /** What this step added before is part of it, or void. */
  #renewed(stream: LineStream, lines: readonly string[]): void {
    this.#added = [...this.#added.filter((added) => added.stream !== stream), { stream, firstLine: 0, lines, restarted: true }];
  }

  async #void({ run, attempt, stream }: LineKey): Promise<void> {
    if (stream !== 'log') await voidPoints(this.queries, { run, attempt, stream });
  }

  async #put(key: LineKey, offset: number, lines: readonly string[]): Promise<void> {
    const overlapped = await this.queries
      .delete(historyChunks)
      .where(holding(key, offset, offset + lines.length))
      .returning();
    overlapped.sort((a, b) => a.firstLine - b.firstLine);
    await this.#insert(key, overlapped.length === 0 ? packLines(offset, lines) : replaceLines(overlapped, offset, lines));
  }

  async #insert({ run, attempt, stream }: LineKey, chunks: ReturnType<typeof packLines>): Promise<void> {
    await this.queries.insert(historyChunks).values(chunks.map((chunk) => ({ ...chunk, runId: run, attempt, stream })));
  }

  async #addSeries(all: LineOutcome['series']): Promise<void> {
    for (const stream of pointStreams) {
      const blocks = this.#added.filter((added) => added.stream === stream);
      const [first] = blocks;
      if (first === undefined) continue;
      const end = blocks.at(-1)!.firstLine + blocks.at(-1)!.lines.length;
      const { run, attempt } = this.#key(stream);
      const series = all.flatMap((one) => (one.stream === stream ? one.series : []));
      await addPoints(this.client, { run, attempt, stream }, { first: first.firstLine, count: end - first.firstLine }, series);
    }
  }
}
