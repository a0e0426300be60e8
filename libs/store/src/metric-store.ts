/** What attempts measured, and what their programs wrote: series in packed chunks, output as bytes. */
import type { PointBatch, RunId, Series, SweepId, TrialId, TrialState } from '@sweep/domain';

export interface LastValue {
  readonly name: string;
  readonly step: number;
  readonly value: number;
  readonly time: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly count: number;
}

export interface AppendResult {
  /** Highest sequence committed for the attempt after this call. */
  readonly sequence: number;
  /** Whether this call stored the batch; false when it was seen before or lies beyond a gap. */
  readonly accepted: boolean;
}

/** What one attempt measured. */
export interface MetricStream {
  readonly run: RunId;
  readonly attempt: number;
}

export interface SampledSeries {
  readonly series: readonly Series[];
  readonly downsampled: boolean;
}

export interface MetricStore {
  /**
   * Stores many attempts' batches in one transaction. A batch at or below the committed sequence is ignored; one beyond a gap is
   * ignored too and the answer shows the lower sequence, so that the sender goes back. Packed chunks, never a row per point.
   */
  append(
    batches: readonly { readonly run: RunId; readonly attempt: number; readonly batch: PointBatch }[],
  ): Promise<readonly AppendResult[]>;
  /** Every point, in the order logged. Without `keys` all series. */
  read(run: RunId, attempt: number, keys: readonly string[] | null): Promise<readonly Series[]>;
  /** Of each stream, in one query: at most `samples` points a series, keeping each bucket's minimum and maximum. */
  sample(streams: readonly MetricStream[], keys: readonly string[] | null, samples: number): Promise<readonly SampledSeries[]>;
  last(runs: readonly MetricStream[]): Promise<readonly (readonly LastValue[])[]>;
  /** One metric's curves of all trials of a sweep that have any, each of its current or counted attempt; for pruners. */
  curves(
    sweep: SweepId,
    key: string,
  ): Promise<readonly { readonly trial: TrialId; readonly number: number; readonly state: TrialState; readonly series: Series }[]>;
  /** Merges small live chunks of ended or long attempts into chunks of 1,024 to 4,096 points. Answers how many rows it removed. */
  compact(limit: number): Promise<number>;
}

/** One of the two output streams of an attempt. */
export interface LogKey {
  readonly run: RunId;
  readonly attempt: number;
  readonly stream: 'stdout' | 'stderr';
}

export interface LogChunk extends LogKey {
  /** Bytes before this chunk in its stream. */
  readonly offset: number;
  readonly data: Uint8Array;
}

export interface LogStore {
  /** Contiguous by offset, as with points; answers the length of each stream after the call. */
  append(chunks: readonly LogChunk[]): Promise<readonly number[]>;
  read(log: LogKey, offset: number, limit: number): Promise<Uint8Array>;
  size(log: LogKey): Promise<number>;
}
