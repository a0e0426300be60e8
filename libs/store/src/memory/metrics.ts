/** Series and program output of the twin. */
import type { PointBatch, RunId, Series, SweepId, TrialId, TrialState } from '@sweep/domain';
import { addLast, joinPoints, joinSameNames, slicePoints, summarise, thin } from '../metrics/points.js';
import type { AppendResult, LastValue, LogChunk, LogKey, LogStore, MetricStore, MetricStream, SampledSeries } from '../store.js';
import type { MemoryState } from './state.js';

/** Of a map whose keys begin with a run. */
export function dropKeysOf(map: Map<string, unknown>, run: RunId): void {
  for (const key of map.keys()) if ((JSON.parse(key) as readonly unknown[])[0] === run) map.delete(key);
}

const streamKey = (run: RunId, attempt: number, name = ''): string => JSON.stringify([run, attempt, name]);

/** Points by run and attempt, each name with its parts in order. */
export class MemoryStreams {
  readonly series = new Map<string, Map<string, Series[]>>();
  readonly #runs = new Set<RunId>();
  /** Of parts that came as lines. */
  readonly #sources = new WeakMap<Series, string>();

  of(run: RunId, attempt: number): Map<string, Series[]> {
    const key = streamKey(run, attempt);
    const known = this.series.get(key) ?? new Map<string, Series[]>();
    this.series.set(key, known);
    return known;
  }

  add(run: RunId, attempt: number, one: Series): void {
    const parts = this.of(run, attempt);
    parts.set(one.name, [...(parts.get(one.name) ?? []), { name: one.name, ...slicePoints(one, 0, one.steps.length) }]);
    this.#runs.add(run);
  }

  /** Of one kind of lines: their places say which. */
  addPlaced(run: RunId, attempt: number, one: Series, source: string): void {
    this.add(run, attempt, one);
    this.#sources.set(this.of(run, attempt).get(one.name)!.at(-1)!, source);
  }

  removeFrom(run: RunId, attempt: number, source: string): void {
    const parts = this.of(run, attempt);
    for (const [name, list] of parts) {
      const left = list.filter((part) => this.#sources.get(part) !== source);
      if (left.length === 0) parts.delete(name);
      else parts.set(name, left);
    }
  }

  forget(run: RunId): void {
    dropKeysOf(this.series, run);
    this.#runs.delete(run);
  }

  hasPoints(run: RunId): boolean {
    return this.#runs.has(run);
  }
}

export class MemoryMetrics implements MetricStore {
  constructor(
    private readonly state: MemoryState,
    private readonly streams: MemoryStreams,
  ) {}

  async append(
    batches: readonly { readonly run: RunId; readonly attempt: number; readonly batch: PointBatch }[],
  ): Promise<readonly AppendResult[]> {
    const accepted = new Set<PointBatch>();
    for (const { run, attempt, batch } of [...batches].sort((a, b) => a.batch.sequence - b.batch.sequence)) {
      const owner = this.state.attemptOf(run, attempt);
      if (owner === undefined || batch.sequence !== owner.pointSequence + 1) continue;
      this.state.changeAttempt(owner.trial, owner.number, { pointSequence: batch.sequence });
      for (const one of joinSameNames(batch.series)) this.streams.add(run, attempt, one);
      accepted.add(batch);
    }
    return batches.map(({ run, attempt, batch }) => ({
      sequence: this.state.attemptOf(run, attempt)?.pointSequence ?? 0,
      accepted: accepted.has(batch),
    }));
  }

  async read(run: RunId, attempt: number, keys: readonly string[] | null): Promise<readonly Series[]> {
    const names = [...this.streams.of(run, attempt).keys()].filter((name) => keys === null || keys.includes(name)).sort();
    return names.map((name) => this.#whole(run, attempt, name));
  }

  async sample(streams: readonly MetricStream[], keys: readonly string[] | null, samples: number): Promise<readonly SampledSeries[]> {
    const all = await Promise.all(streams.map(({ run, attempt }) => this.read(run, attempt, keys)));
    return all.map((whole) => ({
      series: whole.map(({ name, ...points }) => ({ name, ...thin(points, samples) })),
      downsampled: whole.some(({ steps }) => steps.length > samples),
    }));
  }

  async last(runs: readonly { readonly run: RunId; readonly attempt: number }[]): Promise<readonly (readonly LastValue[])[]> {
    return runs.map(({ run, attempt }) => {
      const names = [...this.streams.of(run, attempt)].sort(([a], [b]) => (a < b ? -1 : 1));
      return names.map(([, parts]) => parts.map(summarise).reduce((before, next) => addLast(before, next)));
    });
  }

  async curves(
    sweep: SweepId,
    key: string,
  ): Promise<readonly { readonly trial: TrialId; readonly number: number; readonly state: TrialState; readonly series: Series }[]> {
    return this.state.trialsOf(sweep).flatMap(({ id: trial, number, state, attempt }) => {
      const attempts = this.state.attempts.get(trial) ?? [];
      const shown = attempts.find(({ counted }) => counted) ?? attempts.find((candidate) => candidate.number === attempt);
      if (shown === undefined || !this.streams.of(shown.run, shown.number).has(key)) return [];
      return [{ trial, number, state, series: this.#whole(shown.run, shown.number, key) }];
    });
  }

  /** There is nothing to merge: parts are joined when read. */
  async compact(_limit: number): Promise<number> {
    return 0;
  }

  #whole(run: RunId, attempt: number, name: string): Series {
    const points = joinPoints(this.streams.of(run, attempt).get(name)!);
    return { name, ...slicePoints(points, 0, points.steps.length) };
  }
}

export class MemoryLogs implements LogStore {
  readonly #bytes = new Map<string, Buffer>();

  async append(chunks: readonly LogChunk[]): Promise<readonly number[]> {
    for (const { run, attempt, stream, offset, data } of chunks) {
      const key = streamKey(run, attempt, stream);
      const known = this.#bytes.get(key) ?? Buffer.alloc(0);
      if (offset > known.length || offset + data.byteLength <= known.length) continue;
      this.#bytes.set(key, Buffer.concat([known, data.subarray(known.length - offset)]));
    }
    return await Promise.all(chunks.map((chunk) => this.size(chunk)));
  }

  forget(run: RunId): void {
    dropKeysOf(this.#bytes, run);
  }

  async read({ run, attempt, stream }: LogKey, offset: number, limit: number): Promise<Uint8Array> {
    const known = this.#bytes.get(streamKey(run, attempt, stream)) ?? Buffer.alloc(0);
    return new Uint8Array(known.subarray(offset, offset + limit));
  }

  async size({ run, attempt, stream }: LogKey): Promise<number> {
    return this.#bytes.get(streamKey(run, attempt, stream))?.length ?? 0;
  }
}
