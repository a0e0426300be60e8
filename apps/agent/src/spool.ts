/**
 * An attempt's point batches on disk until the controller has committed them: they survive the agent and a long time away.
 *
 * One JSON line a batch. Each carries the sources' positions behind its points, so that a restarted agent neither loses nor repeats
 * one. Memory holds where each unacknowledged batch lies, not the batch. Nothing is fsynced: what a power cut takes from this file it
 * takes from the metrics file too.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { type Column, type Point, toColumns } from './points.js';

export type Positions = Readonly<Record<string, unknown>>;

export interface Batch {
  readonly sequence: number;
  readonly series: readonly Column[];
}

interface Placed {
  readonly sequence: number;
  readonly at: number;
  readonly length: number;
}

/** Three numbers of 8 bytes a point: far below the limit of a message. */
const pointsPerBatch = 20_000;
/** When everything is acknowledged, a file larger than this is begun again. */
const rewriteAboveBytes = 4 * 1024 * 1024;

export class Spool {
  private readonly file: number;
  private size = 0;
  private waiting: Placed[] = [];
  private last = 0;
  private known: Positions = {};

  /** Opens the file, or goes on with what an earlier agent left in it. */
  constructor(path: string) {
    this.file = openSync(path, 'a+', 0o600);
    this.readBack();
  }

  /** The number of the newest batch; 0 before the first. */
  get lastSequence(): number {
    return this.last;
  }

  get positions(): Positions {
    return this.known;
  }

  /** Stores points together with the positions behind them. @throws what the disk throws, and then nothing is stored */
  append(points: readonly Point[], positions: Positions): void {
    if (points.length === 0) return;
    const before = { size: this.size, last: this.last, waiting: this.waiting.length };
    const lines: Buffer[] = [];
    for (let from = 0; from < points.length; from += pointsPerBatch) {
      const isLast = from + pointsPerBatch >= points.length;
      // Only the last one names the positions: without it, those before it are read again from their source.
      lines.push(
        this.place({ sequence: this.last + 1, series: toColumns(points.slice(from, from + pointsPerBatch)) }, isLast ? positions : null),
      );
    }
    try {
      writeSync(this.file, Buffer.concat(lines));
    } catch (error) {
      // A full disk: as if nothing had been measured yet. The points are read from their source again.
      ({ size: this.size, last: this.last } = before);
      this.waiting.length = before.waiting;
      ftruncateSync(this.file, this.size);
      throw error;
    }
    this.known = positions;
  }

  /** Positions behind bytes without points: stored with the next points; until then, read again after a crash. */
  note(positions: Positions): void {
    this.known = positions;
  }

  /** The first batch after the given number, if any. */
  after(sequence: number): Batch | null {
    const first = this.waiting[0];
    const placed = first && this.waiting[Math.max(0, sequence + 1 - first.sequence)];
    if (placed === undefined) return null;
    const bytes = Buffer.alloc(placed.length);
    readSync(this.file, bytes, 0, placed.length, placed.at);
    return decode(bytes.toString('utf8')).batch;
  }

  acknowledge(sequence: number): void {
    const first = this.waiting[0];
    if (first !== undefined && sequence >= first.sequence) this.waiting = this.waiting.slice(sequence + 1 - first.sequence);
    if (this.waiting.length === 0 && this.size > rewriteAboveBytes) this.beginAgain();
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  close(): void {
    closeSync(this.file);
  }

  /** The line to be written next, already counted. */
  private place(batch: Batch, positions: Positions | null): Buffer {
    const line = Buffer.from(encode(batch, positions));
    if (batch.series.length > 0) this.waiting.push({ sequence: batch.sequence, at: this.size, length: line.length });
    this.size += line.length;
    this.last = batch.sequence;
    return line;
  }

  /** Keeps the number and the positions, as a batch without points. */
  private beginAgain(): void {
    ftruncateSync(this.file, 0);
    this.size = 0;
    writeSync(this.file, this.place({ sequence: this.last, series: [] }, this.known));
  }

  private readBack(): void {
    const { size } = fstatSync(this.file);
    let tentative: Placed[] = [];
    let at = 0;
    for (let line = this.lineAt(at, size); line !== null; line = this.lineAt(at, size)) {
      const { batch, positions } = decode(line.toString('utf8'));
      if (batch.series.length > 0) tentative.push({ sequence: batch.sequence, at, length: line.length });
      at += line.length;
      if (positions === null) continue;
      this.waiting.push(...tentative);
      tentative = [];
      this.last = batch.sequence;
      this.known = positions;
      this.size = at;
    }
    // The agent was killed in the middle of writing: those points are read from their source again.
    if (this.size < size) ftruncateSync(this.file, this.size);
  }

  /** With its line end; null when the rest is no whole line. */
  private lineAt(at: number, size: number): Buffer | null {
    for (let wanted = 64 * 1024; ; wanted *= 4) {
      const bytes = Buffer.alloc(Math.min(wanted, size - at));
      readSync(this.file, bytes, 0, bytes.length, at);
      const end = bytes.indexOf(0x0a);
      if (end >= 0) return bytes.subarray(0, end + 1);
      if (at + bytes.length >= size) return null;
    }
  }
}

/** JSON has no words for them. */
const nonFinite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

function encode({ sequence, series }: Batch, positions: Positions | null): string {
  const columns = series.map(({ name, steps, values, times }) => [name, steps, values.map(nonFinite), times]);
  return `${JSON.stringify([sequence, columns, positions])}\n`;
}

function decode(line: string): { batch: Batch; positions: Positions | null } {
  const [sequence, columns, positions] = JSON.parse(line) as [
    number,
    [string, number[], (number | string)[], number[]][],
    Positions | null,
  ];
  const series = columns.map(([name, steps, values, times]) => ({ name, steps, values: values.map(Number), times }));
  return { batch: { sequence, series }, positions };
}
