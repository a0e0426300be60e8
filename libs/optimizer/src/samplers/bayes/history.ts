/**
 * What the log of a sweep says to a model: results in the order in which they were seen, and points under way. Smaller is better.
 */
import type { Cube, Vector } from '../../encoding/cube.js';
import type { Observation } from '../../sampler.js';
import type { Params } from '../../value.js';

export interface Point {
  readonly vector: Vector;
  readonly key: string;
}

export interface Result extends Point {
  readonly number: number;
  /** `failed`: the point is to blame. `stopped`: the value is that of a trial which was not finished. */
  readonly kind: 'value' | 'stopped' | 'failed';
  /** Sign turned for goals to maximise; NaN for failures. */
  readonly value: number;
}

export interface History {
  readonly results: readonly Result[];
  /** By their numbers. */
  readonly pending: readonly Point[];
  /** What need not be tried again. */
  readonly tried: ReadonlySet<string>;
}

/** Beyond this a result is as bad as a double can say without overflow in what is computed from it. */
const worst = 1e300;

export class Historian {
  /** Params are values: one object always means the same point. */
  readonly #points = new WeakMap<Params, Point | 'outside'>();

  constructor(
    private readonly cube: Cube,
    private readonly goal: 'minimize' | 'maximize',
  ) {}

  read(observations: readonly Observation[]): History {
    const results: Result[] = [];
    const pending: Point[] = [];
    const tried = new Set<string>();
    for (const observation of observations) {
      const point = this.#point(observation.params);
      // A prior run of another space: there is nothing to say about it here.
      if (point === 'outside') continue;
      if (observation.state === 'live') pending.push(point);
      else {
        const result = this.#result(observation, point);
        if (result === undefined) continue;
        results.push(result);
      }
      tried.add(point.key);
    }
    return { results, pending, tried };
  }

  #point(params: Params): Point | 'outside' {
    const known = this.#points.get(params);
    if (known !== undefined) return known;
    const vector = this.cube.vector(params);
    const point = vector === undefined ? 'outside' : { vector, key: this.cube.key(vector) };
    this.#points.set(params, point);
    return point;
  }

  /** Undefined for trials that say nothing about their point. */
  #result({ number, state, values, blame }: Observation, point: Point): Result | undefined {
    const value = this.#signed(values[0] ?? Number.NaN);
    switch (state) {
      case 'completed':
        return { ...point, number, kind: Number.isNaN(value) ? 'failed' : 'value', value };
      case 'pruned':
        return Number.isNaN(value) ? undefined : { ...point, number, kind: 'stopped', value };
      case 'failed':
        return blame === 'infra' ? undefined : { ...point, number, kind: 'failed', value: Number.NaN };
      default:
        return undefined;
    }
  }

  #signed(value: number): number {
    const signed = this.goal === 'maximize' ? -value : value;
    return Math.min(worst, Math.max(-worst, signed));
  }
}
