/**
 * The point that promises most: from a pool of candidates uphill, along slopes where values are continuous and by trying every level
 * where they are not. All starts advance side by side, because the kernel judges 64 points as fast as a few.
 */
import { type Axis, type Cube, distance, present, type Vector } from '../encoding/cube.js';
import { type Box, difference, dot, freeOf, largest, type Pair, remember, stepped, twoLoop } from '../math/lbfgs.js';

/** Values of the candidates; slopes along numeric coordinates when `slopes` is given, one array for each candidate. */
export type Judge = (points: readonly Vector[], slopes?: readonly Float64Array[]) => Float64Array;

export interface Found {
  readonly vector: Vector;
  readonly value: number;
}

export interface Effort {
  readonly starts: number;
  readonly rounds: number;
  /** Steps uphill in one round. */
  readonly steps: number;
}

export const fullEffort: Effort = { starts: 8, rounds: 6, steps: 25 };

/** Levels that are all tried; with more of them an ordinal is searched like a continuous one and then step by step. */
const scanned = 20;

/** Best first; every vector is settled. */
export function search(cube: Cube, candidates: readonly Vector[], judge: Judge, effort: Effort = fullEffort): Found[] {
  const values = judge(candidates);
  const ranked = candidates.map((vector, index) => ({ vector, value: values[index]! })).sort(byValue);
  let found = spread(cube, ranked, effort.starts);
  const moves = movesOf(cube, judge, effort.steps);
  for (let round = 0; round < effort.rounds; round += 1) {
    const before = found;
    for (const move of moves) found = move(found);
    if (found.every((one, index) => one.value <= before[index]!.value + 1e-9 * Math.abs(before[index]!.value))) break;
  }
  return [...found, ...ranked.slice(0, effort.starts)].sort(byValue);
}

/** From each start to where it leads: the start itself where that is nowhere better. */
type Move = (starts: readonly Found[]) => Found[];

function movesOf(cube: Cube, judge: Judge, steps: number): readonly Move[] {
  const relaxed = cube.axes.filter((axis) => axis.kind === 'numeric' && axis.count > scanned);
  const discrete = cube.axes.filter((axis) => axis.count !== Number.POSITIVE_INFINITY);
  return [
    ...(relaxed.length > 0 ? [(starts: readonly Found[]) => uphill(cube, relaxed, starts, { judge, steps })] : []),
    ...discrete.map((axis) => (starts: readonly Found[]) => scan(cube, axis, starts, judge)),
  ].map(fruitfully);
}

/** Starts that a move left as they were are not moved again: it would lead nowhere again. */
function fruitfully(move: Move): Move {
  const tops = new Set<Found>();
  return (starts) => {
    const going = starts.filter((start) => !tops.has(start));
    const ends = new Map(move(going).map((end, index) => [going[index]!, end]));
    for (const [start, end] of ends) if (end === start) tops.add(start);
    return starts.map((start) => ends.get(start) ?? start);
  };
}

const byValue = (a: Found, b: Found): number => b.value - a.value;

/** The best candidates, no two close to each other. */
function spread(cube: Cube, ranked: readonly Found[], count: number): Found[] {
  const near = 0.05 * Math.sqrt(cube.axes.length);
  const chosen: Found[] = [];
  for (const candidate of ranked) {
    if (chosen.length === count) break;
    if (!chosen.some(({ vector }) => distance(cube, vector, candidate.vector) < near)) chosen.push(candidate);
  }
  return chosen;
}

/** Each start with the level that promises most, everything else staying as it is. */
function scan(cube: Cube, axis: Axis, starts: readonly Found[], judge: Judge): Found[] {
  const variants = starts.map(({ vector }) => (present(axis, vector) ? neighbours(cube, axis, vector) : []));
  const values = judge(variants.flat());
  let offset = 0;
  return starts.map((start, index) => {
    let best = start;
    for (const vector of variants[index]!) {
      const value = values[offset]!;
      offset += 1;
      if (value > best.value) best = { vector, value };
    }
    return best;
  });
}

function neighbours(cube: Cube, axis: Axis, vector: Vector): Vector[] {
  return coordinatesNear(axis, vector[axis.at]!)
    .filter((coordinate) => coordinate !== vector[axis.at])
    .map((coordinate) => {
      const variant = vector.slice();
      variant[axis.at] = coordinate;
      return variant;
    })
    .filter((variant) => cube.settle(variant));
}

function coordinatesNear(axis: Axis, from: number): number[] {
  if (axis.count <= scanned) return Array.from({ length: axis.count }, (_, index) => axis.level(index));
  const here = levelNear(axis, from);
  const steps: number[] = [];
  for (let step = 1; step < axis.count && steps.length < 12; step *= 2) steps.push(here - step, here + step);
  return steps.filter((index) => index >= 0 && index < axis.count).map((index) => axis.level(index));
}

/** By bisection: positions ascend with the level. */
function levelNear(axis: Axis, coordinate: number): number {
  let [low, high] = [0, axis.count - 1];
  while (low < high) {
    // Not the half of their sum: of two large levels that is rounded.
    const middle = low + Math.floor((high - low) / 2);
    if (axis.level(middle) < coordinate) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Climb {
  vector: Vector;
  value: number;
  /** Of minus the value, so that the minimiser's parts can be used. */
  gradient: Float64Array;
  direction: Float64Array;
  length: number;
  readonly pairs: Pair[];
  /** 1 where a coordinate does not move. */
  readonly frozen: Uint8Array;
  done: boolean;
}

/** Quasi-Newton steps along the relaxed axes; ordinals snap at the end, and the better of before and after stays. */
function uphill(
  cube: Cube,
  relaxed: readonly Axis[],
  starts: readonly Found[],
  { judge, steps }: { readonly judge: Judge; readonly steps: number },
): Found[] {
  const box = { lower: new Float64Array(cube.numeric), upper: new Float64Array(cube.numeric).fill(1) };
  const slopes = starts.map(() => new Float64Array(cube.numeric));
  judge(
    starts.map(({ vector }) => vector),
    slopes,
  );
  const climbs = starts.map((start, index): Climb => {
    const moving = new Set(relaxed.filter((axis) => present(axis, start.vector)).map(({ at }) => at));
    const frozen = new Uint8Array(cube.numeric).map((_, at) => (moving.has(at) ? 0 : 1));
    const gradient = downhill(slopes[index]!, frozen);
    const climb = { ...start, gradient, direction: gradient, length: 1, pairs: [], frozen, done: false };
    aim(climb, box);
    return climb;
  });
  for (let step = 0; step < steps; step += 1) {
    const going = climbs.filter(({ done }) => !done);
    if (going.length === 0) break;
    advance(going, judge, box);
  }
  return settled(cube, starts, climbs, judge);
}

/** Minus the slopes, where something moves. */
function downhill(slopes: Float64Array, frozen: Uint8Array): Float64Array {
  const gradient = new Float64Array(slopes.length);
  for (let at = 0; at < gradient.length; at += 1) gradient[at] = frozen[at] === 1 ? 0 : -slopes[at]!;
  return gradient;
}

function aim(climb: Climb, box: Box): void {
  climb.direction = twoLoop(climb.pairs, climb.gradient, freeOf(climb.vector, climb.gradient, box));
  const longest = largest(climb.direction);
  // A first step has no idea of the scale; nobody needs to cross more than a fifth of the cube at once.
  climb.length = Math.min(1, (climb.pairs.length === 0 ? 0.05 : 0.2) / Math.max(1e-300, longest));
  if (!(longest * climb.length > 1e-7)) climb.done = true;
}

function advance(climbs: readonly Climb[], judge: Judge, box: Box): void {
  const slopes = climbs.map(({ gradient }) => new Float64Array(gradient.length));
  const trials = climbs.map(({ vector, direction, length }) => {
    const trial = vector.slice();
    trial.set(stepped(vector, direction, length, box));
    return trial;
  });
  const values = judge(trials, slopes);
  for (const [index, climb] of climbs.entries())
    take(climb, { vector: trials[index]!, value: values[index]!, slopes: slopes[index]! }, box);
}

/** Goes there if that is good enough for the length of the step; else the next step is shorter. */
function take(climb: Climb, to: { readonly vector: Vector; readonly value: number; readonly slopes: Float64Array }, box: Box): void {
  const numeric = climb.gradient.length;
  const moved = difference(to.vector.subarray(0, numeric), climb.vector.subarray(0, numeric));
  const expected = -dot(moved, climb.gradient);
  const gain = to.value - climb.value;
  if (expected > 0 && gain >= 1e-4 * expected) {
    const gradient = downhill(to.slopes, climb.frozen);
    remember(climb.pairs, moved, difference(gradient, climb.gradient));
    Object.assign(climb, { vector: to.vector, value: to.value, gradient });
    aim(climb, box);
    if (gain < 1e-7 * Math.max(1, Math.abs(climb.value))) climb.done = true;
  } else {
    climb.length *= 0.4;
    if (climb.length < 1e-4) climb.done = true;
  }
}

function settled(cube: Cube, starts: readonly Found[], climbs: readonly Climb[], judge: Judge): Found[] {
  const ends = climbs.map(({ vector }) => vector.slice());
  const fine = ends.map((end) => cube.settle(end));
  const values = judge(ends);
  return starts.map((start, index) =>
    fine[index] && values[index]! > start.value ? { vector: ends[index]!, value: values[index]! } : start,
  );
}
