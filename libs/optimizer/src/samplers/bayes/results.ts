/**
 * The results of a sweep in the order in which they were seen, twice: as objects for what looks at some of them, and side by side in
 * memory for what passes over all of them with every proposal. Passing over tens of thousands of scattered objects takes longer than
 * the model.
 */
import type { Vector } from '../../encoding/cube.js';

export interface Point {
  readonly vector: Vector;
  readonly key: string;
}

/** `failed`: the point is to blame. `stopped`: the value is that of a trial which was not finished. */
export type Kind = 'value' | 'stopped' | 'failed';

export interface Result extends Point {
  readonly number: number;
  readonly kind: Kind;
  /** Of the first objective, sign turned for a goal to maximise; NaN for failures. */
  readonly value: number;
  /** Of every objective, likewise; empty where there is one. */
  readonly values: readonly number[];
  /** How far each limited quantity lies beyond its bound; negative is fine, NaN unknown. */
  readonly excesses: readonly number[];
  /** The first objective on the way, signed likewise. */
  readonly curve: readonly (readonly [step: number, value: number])[];
}

/** As the columns hold them. */
export const kinds = { failed: 0, stopped: 1, value: 2 } as const satisfies Record<Kind, number>;
const names: readonly Kind[] = ['failed', 'stopped', 'value'];

/** Results as they were at one moment. */
export interface Results {
  readonly all: readonly Result[];
  readonly length: number;
  /** How many of them failed. */
  readonly failed: number;
  readonly kinds: Uint8Array;
  readonly values: Float64Array;
  /** Row after row, each as long as a vector. */
  readonly coordinates: Float64Array;
  readonly numbers: Float64Array;
  /** What they are a beginning of, if of anything: two beginnings of one log are the same as far as the shorter goes. */
  readonly log: Log | undefined;
}

/** Results in order; nothing is ever taken out. */
export class Log {
  #all: Result[] = [];
  #failed = 0;
  #kinds = new Uint8Array(64);
  #values = new Float64Array(64);
  #numbers = new Float64Array(64);
  #coordinates: Float64Array;

  /** @param width length of a vector */
  constructor(private readonly width: number) {
    this.#coordinates = new Float64Array(64 * width);
  }

  append(result: Result): void {
    const at = this.#all.length;
    if (at === this.#kinds.length) this.#grow();
    this.#kinds[at] = kinds[result.kind];
    this.#values[at] = result.value;
    this.#numbers[at] = result.number;
    this.#coordinates.set(result.vector, at * this.width);
    if (result.kind === 'failed') this.#failed += 1;
    this.#all.push(new Logged(this, at, result));
  }

  now(): Results {
    const length = this.#all.length;
    return {
      all: this.#all.slice(),
      length,
      failed: this.#failed,
      kinds: this.#kinds.subarray(0, length),
      values: this.#values.subarray(0, length),
      coordinates: this.#coordinates.subarray(0, length * this.width),
      numbers: this.#numbers.subarray(0, length),
      log: this,
    };
  }

  kindAt(at: number): Kind {
    return names[this.#kinds[at]!]!;
  }

  valueAt(at: number): number {
    return this.#values[at]!;
  }

  vectorAt(at: number): Vector {
    return this.#coordinates.subarray(at * this.width, (at + 1) * this.width);
  }

  #grow(): void {
    const twice = <T extends Uint8Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#kinds = twice(this.#kinds, new Uint8Array(2 * this.#kinds.length));
    this.#values = twice(this.#values, new Float64Array(2 * this.#values.length));
    this.#numbers = twice(this.#numbers, new Float64Array(2 * this.#numbers.length));
    this.#coordinates = twice(this.#coordinates, new Float64Array(2 * this.#coordinates.length));
  }
}

/** Holds only what the columns do not. */
class Logged implements Result {
  readonly key: string;
  readonly number: number;
  readonly values: readonly number[];
  readonly excesses: readonly number[];
  readonly curve: Result['curve'];

  constructor(
    private readonly log: Log,
    private readonly at: number,
    { key, number, values, excesses, curve }: Result,
  ) {
    this.key = key;
    this.number = number;
    this.values = values;
    this.excesses = excesses;
    this.curve = curve;
  }

  get vector(): Vector {
    return this.log.vectorAt(this.at);
  }

  get kind(): Kind {
    return this.log.kindAt(this.at);
  }

  get value(): number {
    return this.log.valueAt(this.at);
  }
}

/** The first so many of them. */
export function firstOf(results: Results, count: number): Results {
  if (count === results.length) return results;
  const width = results.coordinates.length / Math.max(1, results.length);
  const first = results.kinds.subarray(0, count);
  return {
    all: results.all.slice(0, count),
    length: count,
    failed: first.reduce((failed, kind) => failed + (kind === kinds.failed ? 1 : 0), 0),
    kinds: first,
    values: results.values.subarray(0, count),
    coordinates: results.coordinates.subarray(0, count * width),
    numbers: results.numbers.subarray(0, count),
    log: results.log,
  };
}

/** The same trials with other values. What they were on the way belongs to the first objective, and is left out. */
export function revalued(results: Results, valueFor: (result: Result, index: number) => number): Results {
  const values = Float64Array.from(results.all, valueFor);
  const all = results.all.map(({ vector, key, number, kind, values: every, excesses }, index) => ({
    ...{ vector, key, number, kind, values: every, excesses },
    value: values[index]!,
    curve: [],
  }));
  return { ...results, all, values, log: undefined };
}

/** Whether these are the first `count` of those. */
export function isBeginning(a: Results, b: Results, count: number): boolean {
  if (a.length !== count || count > b.length) return false;
  if (a.log !== undefined && a.log === b.log) return true;
  return a.all.every((result, index) => isSame(result, b.all[index]!));
}

function isSame(a: Result, b: Result): boolean {
  return a.key === b.key && a.kind === b.kind && Object.is(a.value, b.value) && isSameCurve(a.curve, b.curve);
}

function isSameCurve(a: Result['curve'], b: Result['curve']): boolean {
  return a === b || (a.length === b.length && a.every(([step, value], index) => step === b[index]![0] && Object.is(value, b[index]![1])));
}
