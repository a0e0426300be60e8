/**
 * Minimises a smooth function inside a box: projected gradient steps with a limited memory of curvature.
 *
 * Nocedal and Wright, "Numerical Optimization" (2006), algorithms 7.4 and 3.1; coordinates held at a bound by the gradient take no
 * part in a step. Budgets are counts, never times, and the best point seen is returned: a fit that goes wrong ends where it began.
 */

export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Writes the gradient at `x` into `gradient` and returns the value; NaN or Infinity for a point that has none.
 *
 * @param wanted whether the gradient must be written, given the value: it may be the larger part of the work
 */
export type Smooth = (x: Float64Array, gradient: Float64Array, wanted: (value: number) => boolean) => number;

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
}

const memory = 8;
const mostBacktracks = 12;

export function minimize(smooth: Smooth, start: Float64Array, box: Box, iterations: number): Minimum {
  const pairs: Pair[] = [];
  let x = stepped(start, new Float64Array(start.length), 0, box);
  let gradient = new Float64Array(x.length);
  let value = smooth(x, gradient, () => iterations > 0);
  if (!Number.isFinite(value)) return { x, value };
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const direction = twoLoop(pairs, gradient, freeOf(x, gradient, box));
    if (largest(direction) === 0 || (pairs.length === 0 && largest(direction) < 1e-3)) break;
    const before = value;
    const goesOn = (next: number): boolean => iteration + 1 < iterations && before - next >= 1e-6 * Math.max(1, Math.abs(next));
    const step = backtrack({ smooth, goesOn }, { x, value, gradient }, direction, box);
    if (step === undefined) {
      // The curvature learned so far misleads: once more along the gradient alone.
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    if (!goesOn(step.value)) return { x: step.x, value: step.value };
    remember(pairs, difference(step.x, x), difference(step.gradient, gradient));
    ({ x, value, gradient } = step);
  }
  return { x, value };
}

interface State {
  readonly x: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

interface Task {
  readonly smooth: Smooth;
  /** Whether a step to this value is followed by another one, which needs its gradient. */
  goesOn(value: number): boolean;
}

function backtrack({ smooth, goesOn }: Task, from: State, direction: Float64Array, box: Box): State | undefined {
  let length = Math.min(1, 2 / Math.max(1e-12, largest(direction)));
  for (let tries = 0; tries < mostBacktracks; tries += 1, length *= 0.4) {
    const x = stepped(from.x, direction, length, box);
    const expected = dot(difference(x, from.x), from.gradient);
    if (expected >= 0) return undefined;
    const gradient = new Float64Array(x.length);
    const limit = from.value + 1e-4 * expected;
    const value = smooth(x, gradient, (found) => found <= limit && goesOn(found));
    if (value <= limit) return { x, value, gradient };
  }
  return undefined;
}

/** A step and the change of the gradient along it. */
export interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

export function remember(pairs: Pair[], s: Float64Array, y: Float64Array): void {
  const curvature = dot(s, y);
  if (curvature <= 1e-10 * Math.sqrt(dot(s, s) * dot(y, y))) return;
  pairs.push({ s, y, rho: 1 / curvature });
  if (pairs.length > memory) pairs.shift();
}

/** Minus the approximate inverse Hessian times the gradient; 0 where a coordinate is not free. */
export function twoLoop(pairs: readonly Pair[], gradient: Float64Array, free: Uint8Array): Float64Array {
  const q = gradient.slice();
  mask(q, free);
  const shares = new Float64Array(pairs.length);
  for (let index = pairs.length - 1; index >= 0; index -= 1) {
    const { s, y, rho } = pairs[index]!;
    shares[index] = rho * dot(s, q);
    add(q, y, -shares[index]!);
  }
  const last = pairs.at(-1);
  scale(q, last === undefined ? 1 : 1 / (last.rho * dot(last.y, last.y)));
  for (const [index, { s, y, rho }] of pairs.entries()) add(q, s, shares[index]! - rho * dot(y, q));
  mask(q, free);
  if (dot(q, gradient) <= 0) {
    q.set(gradient);
    mask(q, free);
  }
  scale(q, -1);
  return q;
}

/** 0 where the gradient pushes a coordinate through the bound that it stands at, else 1. */
export function freeOf(x: Float64Array, gradient: Float64Array, { lower, upper }: Box): Uint8Array {
  const free = new Uint8Array(gradient.length);
  for (let index = 0; index < free.length; index += 1) {
    const slope = gradient[index]!;
    free[index] = (x[index]! <= lower[index]! && slope > 0) || (x[index]! >= upper[index]! && slope < 0) ? 0 : 1;
  }
  return free;
}

/** `x` + `length` · `direction`, moved into the box. */
export function stepped(x: Float64Array, direction: Float64Array, length: number, { lower, upper }: Box): Float64Array<ArrayBuffer> {
  const moved = new Float64Array(direction.length);
  for (let index = 0; index < moved.length; index += 1) {
    moved[index] = Math.min(upper[index]!, Math.max(lower[index]!, x[index]! + length * direction[index]!));
  }
  return moved;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!;
  return sum;
}

export function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let index = 0; index < a.length; index += 1) result[index] = a[index]! - b[index]!;
  return result;
}

/** Largest absolute value. */
export function largest(x: Float64Array): number {
  let most = 0;
  for (let index = 0; index < x.length; index += 1) most = Math.max(most, Math.abs(x[index]!));
  return most;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let index = 0; index < to.length; index += 1) to[index]! += times * what[index]!;
}

function scale(x: Float64Array, by: number): void {
  for (let index = 0; index < x.length; index += 1) x[index]! *= by;
}

function mask(x: Float64Array, free: Uint8Array): void {
  for (let index = 0; index < x.length; index += 1) if (free[index] === 0) x[index] = 0;
}
