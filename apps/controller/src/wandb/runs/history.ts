/** Reading what a run logged: by step, evenly thinned, or by what lines hold. Lines go out as they came. */
import type { RunRecord, Store } from '@sweep/store';
import { evenlySpread, type FieldArgs, historySpec, JsonText, readRawObject, specRow } from '@sweep/wandb';
import { type Lines, lineOfStep, madeLines, storedLines } from './lines.js';
import { eventsOf, historyOf, keysOfMeasured, lineCountOf } from './measured-lines.js';
import { shownAttempt } from './summary.js';

/** What clients show where they ask for no number. */
const usualSamples = 500;
const blockLines = 4_096;

export class RunHistory {
  /** What a client sent; where none did, what the agent of its trial measured. */
  readonly #history: Lines;
  readonly #events: Lines;

  constructor(
    private readonly store: Store,
    private readonly record: RunRecord,
  ) {
    const { id: run, attempt, trial, historyLines, eventLines } = record;
    const measured = (): Promise<readonly string[]> => this.#measured(historyOf);
    const system = (): Promise<readonly string[]> => this.#measured(eventsOf);
    const mayBeMeasured = (count: number): boolean => trial !== null && count === 0;
    this.#history = mayBeMeasured(historyLines)
      ? madeLines(measured)
      : storedLines(store, { run, attempt, stream: 'history' }, historyLines);
    this.#events = mayBeMeasured(eventLines) ? madeLines(system) : storedLines(store, { run, attempt, stream: 'events' }, eventLines);
  }

  /** A list of the last line, as text. */
  async tail(stream: 'history' | 'events'): Promise<string> {
    const lines = stream === 'history' ? this.#history : this.#events;
    const count = await lines.count();
    return JSON.stringify(count === 0 ? [] : await lines.read(count - 1, 1));
  }

  /** As JSON; null where nothing was logged. */
  async keys(): Promise<string | null> {
    return this.record.historyKeys ?? (this.record.trial === null ? null : keysOfMeasured(await this.#last()));
  }

  async lineCount(): Promise<number> {
    const { historyLines, trial } = this.record;
    return historyLines > 0 || trial === null ? historyLines : lineCountOf(await this.#last());
  }

  /** Steps from `minStep` to before `maxStep`; never thinned while `samples` covers the range. */
  async rows({ minStep, maxStep, samples }: FieldArgs['Run.history']): Promise<readonly string[]> {
    const from = minStep === null || minStep === undefined ? 0 : await lineOfStep(this.#history, minStep);
    const to = maxStep === null || maxStep === undefined ? await this.#history.count() : await lineOfStep(this.#history, maxStep);
    const ranged = minStep !== null && minStep !== undefined && maxStep !== null && maxStep !== undefined;
    const wanted = samples ?? usualSamples;
    return this.#thinned(this.#history, { from, to }, ranged && wanted >= maxStep - minStep ? to - from : wanted);
  }

  /** All lines up to a step, it included, in blocks. */
  async *through(step: number): AsyncGenerator<readonly string[]> {
    const end = await lineOfStep(this.#history, Math.floor(step) + 1);
    for (let at = 0; at < end; at += blockLines) yield await this.#history.read(at, Math.min(blockLines, end - at));
  }

  async events(samples: number | null | undefined): Promise<readonly string[]> {
    return this.#thinned(this.#events, { from: 0, to: await this.#events.count() }, samples ?? usualSamples);
  }

  /** Rows that hold every key asked for; `maxStep` is part of the range here. */
  async sampled(text: string): Promise<readonly JsonText[]> {
    const { keys, minStep, maxStep, samples } = historySpec(text);
    const from = minStep === null ? 0 : await lineOfStep(this.#history, minStep);
    const to = maxStep === null ? await this.#history.count() : await lineOfStep(this.#history, maxStep + 1);
    const rows: JsonText[] = [];
    for (let at = from; at < to; at += blockLines) {
      for (const line of await this.#history.read(at, Math.min(blockLines, to - at))) {
        const row = rowOf(line, keys);
        if (row !== undefined) rows.push(row);
      }
    }
    return evenlySpread(rows.length, samples).map((index) => rows[index]!);
  }

  async #measured(lines: typeof historyOf): Promise<readonly string[]> {
    return lines(await this.store.metrics.read(this.record.id, await shownAttempt(this.store, this.record), null));
  }

  async #last() {
    const [last] = await this.store.metrics.last([{ run: this.record.id, attempt: await shownAttempt(this.store, this.record) }]);
    return last!;
  }

  async #thinned(lines: Lines, { from, to }: { readonly from: number; readonly to: number }, count: number): Promise<readonly string[]> {
    const wanted = evenlySpread(to - from, count).map((index) => from + index);
    const found: string[] = [];
    for (let next = 0; next < wanted.length; ) {
      const start = wanted[next]!;
      const block = await lines.read(start, Math.min(blockLines, to - start));
      for (; next < wanted.length && wanted[next]! < start + block.length; next++) found.push(block[wanted[next]! - start]!);
      if (block.length === 0) break;
    }
    // A line that never arrived reads as an empty one.
    return found.filter((line) => line !== '');
  }
}

function rowOf(line: string, keys: readonly string[]): JsonText | undefined {
  const object = readRawObject(line);
  const text = object === undefined ? undefined : specRow(object, keys);
  return text === undefined ? undefined : JsonText.ofRead(text);
}
