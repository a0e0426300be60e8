/**
 * One parameter as a coordinate: a number in [0, 1] for what has an order, a level's index for what has none.
 *
 * The coordinate is always that of the executed value: snapping comes before the model sees a point.
 */
import { cdf, valueAt } from '../distribution.js';
import { exp } from '../math/elementary.js';
import { tidyValueAt } from '../samplers/draw.js';
import type { Domain, Parameter } from '../space.js';
import { numeric, type ParamValue, valueKey } from '../value.js';
import { type Levels, levelsOf } from './levels.js';

export interface Dimension {
  /** Index in the space. */
  readonly parameter: number;
  /** `numeric` coordinates have a distance; `category` ones are equal or not. */
  readonly kind: 'numeric' | 'category';
  /** Infinity where every number between the bounds is a value. */
  readonly count: number;
  /** Of the coordinate of a parameter that a point does not have. */
  readonly absent: number;
  /** Where a search begins when nothing is known. */
  readonly centre: number;
  /** The coordinate of the executed value nearest to this one. */
  snap(coordinate: number): number;
  value(coordinate: number): ParamValue;
  /** Undefined for a value outside the domain. */
  coordinate(value: ParamValue): number | undefined;
  /** Coordinate of the level; only for a finite count. */
  level(index: number): number;
  /** Coordinate at a share in [0, 1) of the distribution. */
  draw(share: number): number;
}

/** Null for a parameter with one value only: there is nothing to search. */
export function dimensionOf(parameter: Parameter, index: number): Dimension | null {
  const { domain, prior } = parameter;
  const dimension = unhinted(domain, index);
  if (dimension === null || prior === undefined) return dimension;
  return { ...dimension, centre: dimension.coordinate(prior.around) ?? dimension.centre };
}

function unhinted(whole: Domain, index: number): Dimension | null {
  if (whole.kind === 'constant') return null;
  const domain = whole.kind === 'categorical' ? possible(whole) : whole;
  const levels = levelsOf(domain);
  if (levels !== null) return levels.count > 1 ? ordinal(domain, levels, index) : null;
  return domain.kind === 'categorical' ? categories(domain, index) : continuous(domain, index);
}

type Categorical = Extract<Domain, { kind: 'categorical' }>;

/** Without the values that have no probability: nobody wants them tried. */
function possible(domain: Categorical): Categorical {
  const { values, probabilities } = domain;
  if (probabilities === undefined) return domain;
  const kept = [...values.keys()].filter((index) => probabilities[index]! > 0);
  return { ...domain, values: kept.map((index) => values[index]!), probabilities: kept.map((index) => probabilities[index]!) };
}

function ordinal(domain: Domain, levels: Levels, parameter: number): Dimension {
  const weighed = domain.kind === 'categorical' ? shares(domain, (value) => levels.indexOf(value)!, levels.count) : null;
  const snap = (at: number): number => levels.position(levels.nearest(at));
  return {
    parameter,
    kind: 'numeric',
    count: levels.count,
    absent: 0.5,
    centre: weighed === null ? snap(0.5) : levels.position(weighed.likeliest),
    snap,
    value: (at) => levels.value(levels.nearest(at)),
    coordinate: (value) => {
      const index = levels.indexOf(value);
      return index === undefined ? undefined : levels.position(index);
    },
    level: (index) => levels.position(index),
    draw: (share) => (weighed === null ? snap(share) : levels.position(weighed.at(share))),
  };
}

/** Two categories are 0 and 1 on a line: the same distance, and one coordinate kind fewer. */
function categories(domain: Categorical, parameter: number): Dimension | null {
  const keys = [...new Set(domain.values.map(valueKey))];
  const values = keys.map((key) => domain.values.findLast((value) => valueKey(value) === key)!);
  if (values.length < 2) return null;
  const index = new Map(keys.map((key, at) => [key, at]));
  const weighed = shares(domain, (value) => index.get(valueKey(value))!, values.length);
  const clamp = (at: number): number => Math.min(values.length - 1, Math.max(0, Math.round(at)));
  const pair = values.length === 2;
  return {
    parameter,
    kind: pair ? 'numeric' : 'category',
    count: values.length,
    absent: pair ? 0.5 : values.length,
    centre: weighed?.likeliest ?? 0,
    snap: clamp,
    value: (at) => values[clamp(at)]!,
    coordinate: (value) => index.get(valueKey(value)),
    level: (level) => level,
    draw: (share) => weighed?.at(share) ?? Math.min(values.length - 1, Math.floor(share * values.length)),
  };
}

interface Shares {
  readonly likeliest: number;
  at(share: number): number;
}

/** Null when all levels are equally likely. */
function shares({ values, probabilities }: Categorical, levelOf: (value: ParamValue) => number, count: number): Shares | null {
  if (probabilities === undefined) return null;
  const weights = new Array<number>(count).fill(0);
  for (const [index, value] of values.entries()) weights[levelOf(value)]! += probabilities[index] ?? 0;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    likeliest: weights.indexOf(Math.max(...weights)),
    at(share) {
      let sum = 0;
      for (const [level, weight] of weights.entries()) {
        sum += weight / total;
        if (share < sum) return level;
      }
      return weights.length - 1;
    },
  };
}

/** Coordinates closer to the ends than this have no finite value in a normal distribution. */
const margin = 1e-4;
/** Coarser than the last digits of exp and log, which are the platform's own. */
const grain = 2 ** 40;

/** The share of the distribution below the value is the coordinate: where values are likelier the model looks more closely. */
function continuous(domain: Domain, parameter: number): Dimension | null {
  const [low, high] = ends(domain);
  const executed = (at: number): ParamValue => {
    // A step back to an end may miss it in the last digits: 2.8e-17 where 0 is meant.
    const share = at * grain < 0.5 ? low : (1 - at) * grain < 0.5 ? high : Math.min(high, Math.max(low, at));
    return 'q' in domain ? valueAt(domain, share) : tidyValueAt(domain, share);
  };
  const coordinate = (value: ParamValue): number | undefined => {
    const x = numeric(value);
    if (x === undefined || !Number.isFinite(x) || !inside(domain, x)) return undefined;
    const share = cdf(domain, value)!;
    return Math.round(Math.min(high, Math.max(low, share)) * grain) / grain;
  };
  if (valueKey(executed(0)) === valueKey(executed(1))) return null;
  const snap = (at: number): number => coordinate(executed(at)) ?? at;
  return {
    parameter,
    kind: 'numeric',
    count: Number.POSITIVE_INFINITY,
    absent: 0.5,
    centre: snap(0.5),
    snap,
    value: executed,
    coordinate,
    level: () => Number.NaN,
    draw: snap,
  };
}

function ends(domain: Domain): readonly [number, number] {
  switch (domain.kind) {
    case 'uniform':
    case 'log_uniform':
    case 'log_uniform_values':
    case 'inv_log_uniform':
    case 'inv_log_uniform_values':
      return [0, 1];
    default:
      return [margin, 1 - margin];
  }
}

/** With the slack of a value that was rounded when it was written down. */
function inside(domain: Domain, x: number): boolean {
  const [min, max] = reach(domain);
  const slack =
    1e-9 * Math.max(1, Math.abs(min === Number.NEGATIVE_INFINITY ? 0 : min), Math.abs(max === Number.POSITIVE_INFINITY ? 0 : max));
  return x >= min - slack && x <= max + slack;
}

function reach(domain: Domain): readonly [number, number] {
  switch (domain.kind) {
    case 'uniform':
    case 'log_uniform_values':
    case 'inv_log_uniform_values':
      return [domain.min, domain.max];
    case 'log_uniform':
      return [exp(domain.min), exp(domain.max)];
    case 'inv_log_uniform':
      return [exp(-domain.max), exp(-domain.min)];
    case 'beta':
      return [0, 1];
    default:
      return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
}
