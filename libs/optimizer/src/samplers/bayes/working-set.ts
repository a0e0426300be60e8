/**
 * Which rows a model is made from when there are more than it can hold: always the best and the newest, and then either those around
 * the best point, or a sample of everything.
 *
 * Eriksson et al., "Scalable global optimization via local Bayesian optimization" (2019), for the region and how its size moves.
 */
import type { Cube, Vector } from '../../encoding/cube.js';
import { median } from '../../gp/warp.js';
import { smallest } from '../../math/order.js';
import type { Random } from '../../rng.js';

import { streams } from '../streams.js';
import { kinds, type Result, type Results } from './results.js';
import type { Table } from './rows.js';

/** Up to so many rows a model holds them all. */
export const wholeLimit = 600;

/** Most rows that a fit looks at. */
export const fitLimit = 400;

const kept = { best: 100, newest: 50, near: 350, sample: 250 } as const;

const most = { all: 4_000, best: 800, newest: 400, near: 800, sample: 2_000 } as const;

/** Results in their order, thinned when there are many: the best, the newest, those around the best, a sample of the rest. */
export function condensed(results: Results, random: Random): readonly Result[] {
  const count = results.length;
  if (count <= most.all) return results.all;
  const values = results.values.map((value, index) => (results.kinds[index] === kinds.value ? value : Number.POSITIVE_INFINITY));
  let best = 0;
  for (let index = 0; index < count; index += 1) if (values[index]! < values[best]!) best = index;
  const away = distances(results, best);
  const [good, near] = [smallest(values, most.best), smallest(away, most.near)];
  const chosen = new Uint8Array(count);
  for (let draw = 0; draw < most.sample; draw += 1) chosen[Math.floor(random.uniform(count >> 8, streams.condense, draw) * count)] = 1;
  const kept: Result[] = [];
  for (let index = 0; index < count; index += 1)
    if (chosen[index] === 1 || values[index]! <= good || away[index]! <= near || index >= count - most.newest)
      kept.push(results.all[index]!);
  return kept;
}

/** Squared, of all results to one of them. */
function distances({ coordinates, length }: Results, to: number): Float64Array {
  const width = coordinates.length / length;
  const away = new Float64Array(length);
  for (let index = 0, at = 0; index < length; index += 1) {
    let sum = 0;
    for (let axis = to * width; axis < (to + 1) * width; axis += 1, at += 1) {
      const delta = coordinates[at]! - coordinates[axis]!;
      sum += Math.min(1, delta * delta);
    }
    away[index] = sum;
  }
  return away;
}

/** Where a local model looks: a box around the best point. */
export interface Region {
  readonly centre: Vector;
  /** Length of the box's side, on the unit interval. */
  readonly side: number;
}

export function globalRows(table: Table, random: Random): readonly number[] {
  const chosen = bestAndNewest(table);
  const wanted = Math.min(table.count, chosen.size + kept.sample);
  for (let draw = 0; chosen.size < wanted; draw += 1)
    chosen.add(Math.floor(random.uniform(table.count, streams.sample, draw) * table.count));
  return ascending(chosen);
}

export function localRows(table: Table, centre: Vector): readonly number[] {
  const chosen = bestAndNewest(table);
  const away = new Float64Array(table.count);
  for (const [row, vector] of table.vectors.entries()) away[row] = squared(vector, centre);
  const limit = smallest(away, Math.min(table.count, kept.near));
  for (let row = 0; row < table.count && chosen.size < kept.near + kept.best + kept.newest; row += 1)
    if (away[row]! <= limit) chosen.add(row);
  return ascending(chosen);
}

function bestAndNewest(table: Table): Set<number> {
  const limit = smallest(table.targets, Math.min(table.count, kept.best));
  const chosen = new Set<number>();
  for (let row = 0; row < table.count && chosen.size < kept.best; row += 1) if (table.targets[row]! <= limit) chosen.add(row);
  for (let row = Math.max(0, table.finished - kept.newest); row < table.finished; row += 1) chosen.add(row);
  return chosen;
}

function ascending(rows: ReadonlySet<number>): readonly number[] {
  return [...rows].sort((a, b) => a - b);
}

function squared(a: Vector, b: Vector): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) {
    const delta = a[at]! - b[at]!;
    // Levels of a category are whole numbers: their difference counts at most once.
    sum += Math.min(1, delta * delta);
  }
  return sum;
}

/** The table of these rows alone; they ascend. */
export function picked(table: Table, rows: readonly number[]): Table {
  const at = <T>(values: readonly T[]): T[] => rows.map((row) => values[row]!);
  const numbers = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!);
  return {
    vectors: at(table.vectors),
    keys: at(table.keys),
    finished: rows.filter((row) => row < table.finished).length,
    curve: table.curve,
    count: rows.length,
    targets: numbers(table.targets),
    repeats: numbers(table.repeats),
    extra: numbers(table.extra),
  };
}

const sides = { first: 0.8, most: 1.6, least: 2 ** -7 } as const;

/** The side doubles after three improvements in a row and halves after many failures; too small, it begins again. */
export function regionOf(cube: Cube, table: Table, results: Results): Region {
  const patience = Math.max(4, cube.axes.length);
  const values = results.values.filter((_, index) => results.kinds[index] === kinds.value);
  // An improvement in the last digits is none.
  const least = 1e-3 * (median(values) - values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY));
  let [side, good, bad, best]: [number, number, number, number] = [sides.first, 0, 0, Number.POSITIVE_INFINITY];
  for (const value of values) {
    if (value < best - least) [good, bad, best] = [good + 1, 0, value];
    else [good, bad] = [0, bad + 1];
    if (good === 3) [side, good] = [Math.min(sides.most, side * 2), 0];
    if (bad === patience) [side, bad] = [side / 2, 0];
    if (side < sides.least) side = sides.first;
  }
  return { centre: table.vectors[bestRow(table)]!, side };
}

function bestRow({ targets, finished }: Table): number {
  let best = 0;
  for (let row = 1; row < finished; row += 1) if (targets[row]! < targets[best]!) best = row;
  return best;
}
