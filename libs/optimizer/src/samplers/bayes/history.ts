/**
 * What the log of a sweep says to a model: results in the order in which they were seen, and points under way. Smaller is better.
 */
import type { Cube, Vector } from '../../encoding/cube.js';
import type { Observation, SamplerOptions } from '../../sampler.js';
import type { Params } from '../../value.js';

export interface Point {
  readonly vector: Vector;
  readonly key: string;
}

export interface Result extends Point {
  readonly number: number;
  /** `failed`: the point is to blame. `stopped`: the value is that of a trial which was not finished. */
  readonly kind: 'value' | 'stopped' | 'failed';
  /** Of the first objective, sign turned for a goal to maximise; NaN for failures. */
  readonly value: number;
  /** Of every objective, likewise. */
  readonly values: readonly number[];
  /** How far each limited quantity lies beyond its bound; negative is fine, NaN unknown. */
  readonly excesses: readonly number[];
  /** The first objective on the way, signed likewise. */
  readonly curve: readonly (readonly [step: number, value: number])[];
}

export interface History {
  readonly results: readonly Result[];
  /** By their numbers. */
  readonly pending: readonly Point[];
  /** What need not be tried again. */
  readonly tried: Tried;
}

/** Keys of points: those of all that ended, shared between asks, and a few more. */
export class Tried {
  readonly #more = new Set<string>();

  constructor(private readonly ended: ReadonlySet<string> = new Set()) {}

  has(key: string): boolean {
    return this.ended.has(key) || this.#more.has(key);
  }

  add(key: string): void {
    this.#more.add(key);
  }
}

/** The log as it stands when one proposal is made. */
export interface Situation extends History {
  /** Of the proposal. */
  readonly index: number;
}

/** Fewer of either kind say nothing about a border between them. */
const fewest = 3;

/** Whether there is enough to tell points that fail from points that work. */
export function canTell(results: readonly Result[]): boolean {
  let failed = 0;
  for (const { kind } of results) if (kind === 'failed') failed += 1;
  return failed >= fewest && results.length - failed >= fewest;
}

/** Beyond this a result is as bad as a double can say without overflow in what is computed from it. */
const worst = 1e300;

/** One that is asked again and again about a growing log. What it remembers saves time and changes nothing. */
export class Historian {
  /** Params are values: one object always means the same point. */
  readonly #points = new WeakMap<Params, Point | 'outside'>();
  /** The ended observations of the last log, and what became of them. */
  #seen: Observation[] = [];
  #results: Result[] = [];
  #tried = new Set<string>();

  constructor(
    private readonly cube: Cube,
    private readonly options: Pick<SamplerOptions, 'goals' | 'limits'>,
  ) {}

  read(observations: readonly Observation[]): History {
    const ended = observations.findIndex(({ state }) => state === 'live');
    this.#remember(ended < 0 ? observations : observations.slice(0, ended));
    const pending: Point[] = [];
    const tried = new Tried(this.#tried);
    for (const { params } of ended < 0 ? [] : observations.slice(ended)) {
      const point = this.#point(params);
      if (point === 'outside') continue;
      pending.push(point);
      tried.add(point.key);
    }
    return { results: this.#results.slice(), pending, tried };
  }

  #remember(ended: readonly Observation[]): void {
    const continues = ended.length >= this.#seen.length && this.#seen.every((observation, index) => observation === ended[index]);
    if (!continues) [this.#seen, this.#results, this.#tried] = [[], [], new Set()];
    for (const observation of ended.slice(this.#seen.length)) {
      this.#seen.push(observation);
      const point = this.#point(observation.params);
      // A prior run of another space: there is nothing to say about it here.
      const result = point === 'outside' ? undefined : this.#result(observation, point);
      if (result === undefined) continue;
      this.#results.push(result);
      this.#tried.add(result.key);
    }
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
  #result(observation: Observation, point: Point): Result | undefined {
    const { goals, limits = [] } = this.options;
    const kind = kindOf(observation, goals.length);
    if (kind === undefined) return undefined;
    const values = goals.map((goal, index) => (kind === 'failed' ? Number.NaN : signed(observation.values[index] ?? Number.NaN, goal)));
    const excesses = limits.map(({ keep, bound }, index) => {
      const beyond = (observation.limits?.[index] ?? Number.NaN) - bound;
      return keep === 'below' ? beyond : -beyond;
    });
    const curve = (observation.curve ?? []).map(([step, value]) => [step, signed(value, goals[0]!)] as const);
    return { ...point, number: observation.number, kind, value: values[0]!, values, excesses, curve };
  }
}

function kindOf({ state, values, blame }: Observation, objectives: number): Result['kind'] | undefined {
  const measured = values.length === objectives && values.every((value) => value !== null && Number.isFinite(value));
  switch (state) {
    case 'completed':
      return measured ? 'value' : 'failed';
    case 'pruned':
      // Without a value there is nothing to learn, and nothing to blame the point for.
      return measured ? 'stopped' : undefined;
    case 'failed':
      return blame === 'infra' ? undefined : 'failed';
    default:
      return undefined;
  }
}

function signed(value: number, goal: 'minimize' | 'maximize'): number {
  return Math.min(worst, Math.max(-worst, goal === 'maximize' ? -value : value));
}
