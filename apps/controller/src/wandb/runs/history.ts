/** Reading the lines of a run: by step, evenly thinned, or by what they hold. Lines go out as they came. */
import type { LineKey, LineStream, RunRecord, Store } from '@sweep/store';
import { evenlySpread, type FieldArgs, historySpec, JsonText, readRawObject, specRow } from '@sweep/wandb';

/** What clients show where they ask for no number. */
const usualSamples = 500;
const blockLines = 4_096;

export class RunHistory {
  constructor(
    private readonly store: Store,
    private readonly record: RunRecord,
  ) {}

  /** A list of the last line, as text. */
  async tail(stream: 'history' | 'events'): Promise<string> {
    const count = this.#count(stream);
    return JSON.stringify(count === 0 ? [] : await this.store.lines.read(this.#key(stream), count - 1, 1));
  }

  /** Steps from `minStep` to before `maxStep`; never thinned while `samples` covers the range. */
  async rows({ minStep, maxStep, samples }: FieldArgs['Run.history']): Promise<readonly string[]> {
    const from = minStep === null || minStep === undefined ? 0 : await this.#lineOfStep(minStep);
    const to = maxStep === null || maxStep === undefined ? this.#count('history') : await this.#lineOfStep(maxStep);
    const ranged = minStep !== null && minStep !== undefined && maxStep !== null && maxStep !== undefined;
    const wanted = samples ?? usualSamples;
    return this.#thinned('history', from, to, ranged && wanted >= maxStep - minStep ? to - from : wanted);
  }

  /** How many lines there are up to a step, it included. */
  async linesThrough(step: number): Promise<number> {
    return this.#lineOfStep(Math.floor(step) + 1);
  }

  async events(samples: number | null | undefined): Promise<readonly string[]> {
    return this.#thinned('events', 0, this.#count('events'), samples ?? usualSamples);
  }

  /** Rows that hold every key asked for; `maxStep` is part of the range here. */
  async sampled(text: string): Promise<readonly JsonText[]> {
    const { keys, minStep, maxStep, samples } = historySpec(text);
    const from = minStep === null ? 0 : await this.#lineOfStep(minStep);
    const to = maxStep === null ? this.#count('history') : await this.#lineOfStep(maxStep + 1);
    const rows: JsonText[] = [];
    for (let at = from; at < to; at += blockLines) {
      for (const line of await this.store.lines.read(this.#key('history'), at, Math.min(blockLines, to - at))) {
        const row = rowOf(line, keys);
        if (row !== undefined) rows.push(row);
      }
    }
    return evenlySpread(rows.length, samples).map((index) => rows[index]!);
  }

  #key(stream: LineStream): LineKey {
    return { run: this.record.id, attempt: this.record.attempt, stream };
  }

  #count(stream: 'history' | 'events'): number {
    return stream === 'history' ? this.record.historyLines : this.record.eventLines;
  }

  async #thinned(stream: 'history' | 'events', from: number, to: number, count: number): Promise<readonly string[]> {
    const wanted = evenlySpread(to - from, count).map((index) => from + index);
    const lines: string[] = [];
    for (let next = 0; next < wanted.length; ) {
      const start = wanted[next]!;
      const block = await this.store.lines.read(this.#key(stream), start, Math.min(blockLines, to - start));
      for (; next < wanted.length && wanted[next]! < start + block.length; next++) lines.push(block[wanted[next]! - start]!);
      if (block.length === 0) break;
    }
    // A line that never arrived reads as an empty one.
    return lines.filter((line) => line !== '');
  }

  /** The first line whose step is not below. Steps rise by one a line at least, so it is no later than the step itself. */
  async #lineOfStep(step: number): Promise<number> {
    let low = 0;
    let high = Math.max(0, Math.min(this.#count('history'), Math.ceil(step)));
    // Without gaps the line's number is its step.
    if (high < this.#count('history') && (await this.#stepAt(high)) === step) return high;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.#stepAt(middle)) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async #stepAt(line: number): Promise<number> {
    const [text = ''] = await this.store.lines.read(this.#key('history'), line, 1);
    const step = readRawObject(text)?.members.get('_step');
    return step?.kind === 'number' ? Number(step.text) : line;
  }
}

function rowOf(line: string, keys: readonly string[]): JsonText | undefined {
  const object = readRawObject(line);
  const text = object === undefined ? undefined : specRow(object, keys);
  return text === undefined ? undefined : JsonText.ofRead(text);
}
