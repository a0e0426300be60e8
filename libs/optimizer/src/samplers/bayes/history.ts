/**
 * What the log of a sweep says to a model: results in the order in which they were seen, and points under way. Smaller is better.
 */
import type { Cube } from '../../encoding/cube.js';
import type { Observation, SamplerOptions, Thoroughness } from '../../sampler.js';
import type { Params } from '../../value.js';
import { type Kind, Log, type Point, type Result, type Results } from './results.js';

export interface History {
  readonly results: Results;
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
  readonly thoroughness: Thoroughness;
}

/** Fewer of either kind say nothing about a border between them. */
const fewest = 3;

/** Whether there is enough to tell points that fail from points that work. */
export function canTell({ length, failed }: Pick<Results, 'length' | 'failed'>): boolean {
  return failed >= fewest && length - failed >= fewest;
}

/** One for all that have none: there may be tens of thousands. */
const none: readonly never[] = [];

/** Beyond this a result is as bad as a double can say without overflow in what is computed from it. */
const worst = 1e300;

/** One that is asked again and again about a growing log. What it remembers saves time and changes nothing. */
export class Historian {
  /** Of what is under way. Params are values: one object always means the same point. */
  readonly #points = new WeakMap<Params, Point | 'outside'>();
  /** The ended observations of the last log, and what became of them. */
  #seen: Observation[] = [];
  #log: Log;
  #tried = new Set<string>();

  constructor(
    private readonly cube: Cube,
    private readonly options: Pick<SamplerOptions, 'goals' | 'limits'>,
  ) {
    this.#log = new Log(cube.length);
  }

  read(observations: readonly Observation[]): History {
    const ended = this.#remember(observations);
    const pending: Point[] = [];
    const tried = new Tried(this.#tried);
    for (let index = ended; index < observations.length; index += 1) {
      const { params } = observations[index]!;
      const point = this.#points.get(params) ?? this.#point(params);
      this.#points.set(params, point);
      if (point === 'outside') continue;
      pending.push(point);
      tried.add(point.key);
    }
    return { results: this.#log.now(), pending, tried };
  }

  /** Answers how many have ended: they come first. */
  #remember(observations: readonly Observation[]): number {
    const continues = observations.length >= this.#seen.length && this.#seen.every((seen, index) => seen === observations[index]);
    if (!continues) [this.#seen, this.#log, this.#tried] = [[], new Log(this.cube.length), new Set()];
    for (let index = this.#seen.length; index < observations.length; index += 1) {
      const observation = observations[index]!;
      if (observation.state === 'live') return index;
      this.#seen.push(observation);
      const point = this.#points.get(observation.params) ?? this.#point(observation.params);
      // It is in the log from here on.
      this.#points.delete(observation.params);
      // A prior run of another space: there is nothing to say about it here.
      const result = point === 'outside' ? undefined : this.#result(observation, point);
      if (result === undefined) continue;
      this.#log.append(result);
      this.#tried.add(result.key);
    }
    return observations.length;
  }

  #point(params: Params): Point | 'outside' {
    const vector = this.cube.vector(params);
    return vector === undefined ? 'outside' : { vector, key: this.cube.key(vector) };
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
    return {
      ...point,
      number: observation.number,
      kind,
      value: values[0]!,
      values: goals.length === 1 ? none : values,
      excesses: limits.length === 0 ? none : excesses,
      curve: curve.length === 0 ? none : curve,
    };
  }
}

function kindOf({ state, values, blame }: Observation, objectives: number): Kind | undefined {
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
