/** Lines of clients in the twin. */
import type { RunId } from '@sweep/domain';
import { checkLines, placeBlock } from '../history-lines.js';
import { joinSameNames } from '../metrics/points.js';
import type { AddedLines, LineKey, LineStore, LineStream, LineWrite, RunRecord } from '../store.js';
import { dropKeysOf, type MemoryStreams } from './metrics.js';
import { changeRun, recordOf } from './runs.js';
import type { MemoryState } from './state.js';

const keyText = ({ run, attempt, stream }: LineKey): string => JSON.stringify([run, attempt, stream]);
const countOf = { history: 'historyLines', events: 'eventLines', log: 'logLines' } as const;

export class MemoryLines implements LineStore {
  readonly #lines = new Map<string, readonly string[]>();

  constructor(
    private readonly state: MemoryState,
    private readonly streams: MemoryStreams,
  ) {}

  async write({ run, attempt, blocks, decide }: LineWrite): Promise<RunRecord | null> {
    for (const { offset, lines } of blocks) checkLines(offset, lines);
    const record = this.#visible(run);
    if (record === null) return null;
    const forkLines = attempt === record.attempt ? record.forkLines : null;
    let mayRestart = record.logRestarts && attempt === record.attempt;
    let added: readonly AddedLines[] = [];
    for (const { stream, offset, lines } of blocks.filter((block) => block.lines.length > 0)) {
      const restarts = offset === 0 ? stream !== 'log' || mayRestart : stream === 'history' && offset === forkLines;
      if (stream === 'log') mayRestart = false;
      const more = this.#add({ run, attempt, stream }, offset, lines, restarts);
      const renewed = more.some((one) => one.restarted);
      added = [...added.filter((one) => !renewed || one.stream !== stream), ...more];
    }
    const logRestarts = record.logRestarts && !blocks.some(({ stream, lines }) => stream === 'log' && lines.length > 0);
    return this.#finish({ ...record, logRestarts }, attempt, added, decide);
  }

  async cut(key: LineKey, from: number, decide: LineWrite['decide']): Promise<RunRecord | null> {
    const record = this.#visible(key.run);
    if (record === null) return null;
    const kept = this.#of(key).slice(0, from);
    return this.#finish(record, key.attempt, [this.#renew(key, kept)], decide);
  }

  async read(key: LineKey, offset: number, limit: number): Promise<readonly string[]> {
    return this.#of(key).slice(offset, offset + limit);
  }

  async count(key: LineKey): Promise<number> {
    return this.#of(key).length;
  }

  forget(run: RunId): void {
    dropKeysOf(this.#lines, run);
  }

  #of(key: LineKey): readonly string[] {
    return this.#lines.get(keyText(key)) ?? [];
  }

  #visible(run: RunId): RunRecord | null {
    const kept = this.state.runs.get(run);
    return kept === undefined || kept.deletedAt !== null ? null : recordOf(this.state, kept);
  }

  #add(key: LineKey, offset: number, lines: readonly string[], restarts: boolean): readonly AddedLines[] {
    const known = this.#of(key);
    if (restarts && known.length > offset) return [this.#renew(key, [...known.slice(0, offset), ...lines])];
    const place = placeBlock({ offset, lines, count: known.length, there: known.slice(offset, offset + lines.length) });
    if (place.lines.length === 0) return [];
    const all = [...known];
    while (all.length < place.offset) all.push('');
    all.splice(place.offset, place.lines.length, ...place.lines);
    this.#lines.set(keyText(key), all);
    if (place.rewrites && key.stream !== 'log') return [this.#renew(key, all)];
    return [{ stream: key.stream, firstLine: place.offset, lines: place.lines, restarted: false }];
  }

  #renew(key: LineKey, lines: readonly string[]): AddedLines {
    this.#lines.set(keyText(key), lines);
    this.streams.removeFrom(key.run, key.attempt, key.stream);
    return { stream: key.stream, firstLine: 0, lines, restarted: true };
  }

  #finish(record: RunRecord, attempt: number, added: readonly AddedLines[], decide: LineWrite['decide']): RunRecord {
    const { change, series } = decide(record, added);
    for (const { stream, series: points } of series)
      for (const one of joinSameNames(points)) this.streams.addPlaced(record.id, attempt, one, stream);
    if (attempt !== record.attempt) return record;
    const counts = Object.fromEntries(
      [...new Set(added.map(({ stream }) => stream))].map((stream: LineStream) => [
        countOf[stream],
        this.#of({ run: record.id, attempt, stream }).length,
      ]),
    );
    const { logRestarts } = record;
    this.state.runs.set(record.id, { ...this.state.runs.get(record.id)!, ...counts, logRestarts, heartbeatAt: this.state.now() });
    if (Object.keys(change).length > 0) changeRun(this.state, record.id, change);
    return recordOf(this.state, this.state.runs.get(record.id)!);
  }
}
