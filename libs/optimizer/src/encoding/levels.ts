/**
 * The values of a discrete domain in their order, and where each lies on the unit interval.
 *
 * M levels lie in [0.5/M, 1 − 0.5/M], so that the outer ones own cells as wide as the others: with levels at 0 and 1 the model
 * would search half cells at the edges.
 */
import { roundHalfEven } from '../distribution.js';
import { exp, log } from '../math/elementary.js';
import type { Domain, Step } from '../space.js';
import { float, int, numeric, type ParamValue, valueKey } from '../value.js';

export interface Levels {
  readonly count: number;
  value(index: number): ParamValue;
  /** Undefined for values that are no level. */
  indexOf(value: ParamValue): number | undefined;
  /** Where the level lies in [0, 1]. */
  position(index: number): number;
  /** The level whose position is nearest. */
  nearest(position: number): number;
}

/** From this ratio of largest to smallest on, listed positive numbers are spaced by their logarithms. */
const logRatio = 50;

/** A grid of numbers; null for domains that have no bounds to count levels between. */
export function levelsOf(domain: Domain): Levels | null {
  switch (domain.kind) {
    case 'int_uniform':
      return ranged(domain.min, domain.max - domain.min + 1, { size: 1, int: true }, false);
    case 'q_uniform':
      return quanta(domain.min, domain.max, domain.q, false);
    case 'q_log_uniform_values':
      return quanta(domain.min, domain.max, domain.q, true);
    case 'q_log_uniform':
      return quanta(exp(domain.min), exp(domain.max), domain.q, true);
    case 'q_beta':
      return quanta(0, 1, domain.q, false);
    case 'categorical':
      return listed(domain.values);
    default:
      return null;
  }
}

/** Distinct numbers, three or more, count as ordered; everything else does not. */
function listed(values: readonly ParamValue[]): Levels | null {
  const byKey = new Map(values.map((value) => [valueKey(value), value]));
  const numbers = [...byKey.values()].map((value) => ({ value, x: numeric(value) }));
  if (numbers.length < 3 || !numbers.every(({ x }) => x !== undefined && Number.isFinite(x))) return null;
  const sorted = numbers.map(({ value, x }) => ({ value, x: x! })).sort((a, b) => a.x - b.x);
  const [first, last] = [sorted[0]!.x, sorted.at(-1)!.x];
  const spread = first > 0 && last / first >= logRatio;
  const positions = spaced(sorted.map(({ x }, index) => (spread ? log(x) : index)));
  const indices = new Map(sorted.map(({ value }, index) => [valueKey(value), index]));
  return {
    count: sorted.length,
    value: (index) => sorted[index]!.value,
    indexOf: (value) => indices.get(valueKey(value)),
    position: (index) => positions[index]!,
    nearest: (position) => nearestOf(positions, position),
  };
}

/** Stretched so that the first lies at half a cell and the last at half a cell from the end. */
function spaced(marks: readonly number[]): readonly number[] {
  const half = 0.5 / marks.length;
  const [first, last] = [marks[0]!, marks.at(-1)!];
  return marks.map((mark) => half + ((mark - first) / (last - first)) * (1 - 2 * half));
}

function nearestOf(positions: readonly number[], position: number): number {
  let best = 0;
  for (let index = 1; index < positions.length; index += 1) {
    if (Math.abs(positions[index]! - position) < Math.abs(positions[best]! - position)) best = index;
  }
  return best;
}

function quanta(min: number, max: number, q: Step, logarithmic: boolean): Levels {
  const first = roundHalfEven(min / q.size);
  return ranged(first * q.size, roundHalfEven(max / q.size) - first + 1, q, logarithmic);
}

/** Positions of at most so many levels are remembered: a search asks for them again and again, and a logarithm takes its time. */
const mostKept = 4096;

function kept(count: number, position: (index: number) => number): (index: number) => number {
  const positions = new Float64Array(count).fill(Number.NaN);
  return (index) => {
    const known = positions[index];
    // Beyond the ends it is asked too.
    if (known === undefined) return position(index);
    if (!Number.isNaN(known)) return known;
    positions[index] = position(index);
    return positions[index]!;
  };
}

/** Levels by formula: there may be billions. */
function ranged(first: number, count: number, { size, int: whole }: Step, logarithmic: boolean): Levels {
  const origin = Math.round(first / size);
  const half = 0.5 / count;
  // A quantum of 0 has no logarithm; it stands where half a quantum would.
  const mark = (index: number): number => log(Math.max(origin + index, 0.5));
  const low = mark(0);
  const width = logarithmic && count > 1 ? mark(count - 1) - low : 0;
  const spread = (index: number): number => half + ((mark(index) - low) / width) * (1 - 2 * half);
  const position = width === 0 ? (index: number): number => (index + 0.5) / count : count <= mostKept ? kept(count, spread) : spread;
  const clamp = (index: number): number => Math.min(count - 1, Math.max(0, index));
  const valueAt = (index: number): ParamValue => {
    const x = (origin + index) * size;
    return whole && Number.isInteger(x) ? int(x) : float(x);
  };
  return {
    count,
    value: valueAt,
    indexOf(value) {
      const x = numeric(value);
      if (x === undefined) return undefined;
      const index = Math.round(x / size) - origin;
      return index >= 0 && index < count && Math.abs((origin + index) * size - x) <= 1e-9 * Math.max(1, Math.abs(x)) ? index : undefined;
    },
    position,
    nearest(at) {
      if (width === 0) return clamp(Math.floor(at * count));
      const guess = clamp(Math.floor(exp(low + ((at - half) / (1 - 2 * half)) * width) - origin));
      const next = clamp(guess + 1);
      return Math.abs(position(next) - at) < Math.abs(position(guess) - at) ? next : guess;
    },
  };
}
