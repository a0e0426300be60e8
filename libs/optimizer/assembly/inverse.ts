/** The inverse of the covariance, its diagonal, and the traces with it that make the gradient of the likelihood. */
import { covariances } from './covariance';
import { keptRows } from './factor';
import {
  answer,
  capacity,
  column,
  column2,
  diagonal,
  dimensions,
  inverted,
  keptPitch,
  keptSlopes,
  keptValues,
  noise,
  numeric,
  panel,
  partial,
  pitch,
  rows,
  single,
  tileBytes,
  upper,
  vector,
  weights,
} from './layout';
import { clearRows, pack, packSquare, panelEnd, solveTile, subtractProduct } from './tile';

function element(i: i32, j: i32): usize {
  return inverted + <usize>i * pitch + ((<usize>j) << 3);
}

function tileOf(j: i32): usize {
  return panel + <usize>(j >> 2) * tileBytes;
}

/**
 * −K⁻¹ = −M'M with M = L⁻¹, both made panel by panel: a panel of M is finished, taken out of M's rows below, and its product added.
 *
 * @param whole whether more than the diagonal is wanted
 */
function invert(count: i32, whole: bool): void {
  const end = (count + 3) & ~3;
  for (let k = 0; k < end; k = panelEnd(k, end)) {
    const next = panelEnd(k, end);
    packSquare(diagonal, upper + <usize>k * (pitch + 8), next - k);
    for (let j = 0; j < next; j += 4) finishTile(k, j, next, count);
    for (let i = next; i < end; i += 4) {
      pack(single, upper + <usize>k * pitch + ((<usize>i) << 3), next - k);
      for (let j = 0; j < next; j += 4) subtract(i, j, k, single, next - k);
    }
    for (let i = 0; i < next; i += 4) {
      const last = whole ? next : i + 4;
      for (let j = i; j < last; j += 4) subtract(i, j, k, tileOf(i), next - k);
    }
  }
}

/** Tile j of M in the panel of rows k … next−1; M is the identity before the first panel, and has no rows from `count` on. */
function finishTile(k: i32, j: i32, next: i32, count: i32): void {
  const tile = tileOf(j);
  let first = 0;
  if (j < k) pack(tile, element(k, j), next - k);
  else {
    clearRows(tile, 32, next - k);
    first = j - k;
    for (let i = 0; i < 4; i++) store<f64>(tile + ((<usize>(first + i)) << 5) + ((<usize>i) << 3), 1);
  }
  solveTile(tile, diagonal, first, next - k);
  if (next > count) clearRows(tile + ((<usize>(count - k)) << 5), 32, next - count);
}

/**
 * Takes the products with M's tile j out of tile (i, j), which has nothing in it before the panel k of its column. There M has nothing
 * above row j.
 */
function subtract(i: i32, j: i32, k: i32, a: usize, count: i32): void {
  const first = max(0, j - k);
  const down = (<usize>first) << 5;
  if (j >= k) clearRows(element(i, j), pitch, 4);
  subtractProduct(element(i, j), pitch, a + down, tileOf(j) + down, count - first);
}

/** Into `answer`: the diagonal of K⁻¹. */
export function inverseDiagonal(count: i32): void {
  invert(count, false);
  for (let i = 0; i < count; i++) store<f64>(answer + ((<usize>i) << 3), -load<f64>(element(i, i)));
}

/** Into `answer`: see Workspace.gradient. */
export function gradient(count: i32, variance: f64): void {
  invert(count, true);
  memory.fill(partial, 0, (<usize>dimensions) << 4);
  let ofVariance: f64 = 0;
  let ofNoise: f64 = 0;
  for (let i = 0; i < count; i++) {
    const alpha = load<f64>(vector + ((<usize>i) << 3));
    const own = -load<f64>(element(i, i)) - alpha * alpha;
    ofVariance += own * variance + 2 * weighRow(i, count, variance);
    ofNoise += own * load<f64>(noise + ((<usize>i) << 3));
    addRow(i, count);
  }
  for (let d = 0; d < dimensions; d++) {
    const sums = partial + ((<usize>d) << 4);
    const weight = load<f64>(weights + ((<usize>d) << 3));
    store<f64>(answer + ((<usize>d) << 3), 2 * weight * (load<f64>(sums) + load<f64>(sums, 8)));
  }
  store<f64>(answer + ((<usize>dimensions) << 3), ofVariance);
  store<f64>(answer + ((<usize>(dimensions + 1)) << 3), ofNoise);
}

/** Into `column2`, for j > i: W_ij times the slope of k_ij. @returns Σ_j>i W_ij · k_ij */
function weighRow(i: i32, count: i32, variance: f64): f64 {
  const start = i & ~3;
  const coordinate = (<usize>capacity) << 3;
  const offset = (<usize>start) << 3;
  const others = rows + offset;
  const groups = (count - start + 3) >> 2;
  let values = column;
  let slopes = column2;
  if (count <= keptRows) {
    values = keptValues + <usize>i * keptPitch;
    slopes = keptSlopes + <usize>i * keptPitch;
  } else {
    covariances(rows + ((<usize>i) << 3), coordinate, others, coordinate, groups, column + offset, column2 + offset, 32, variance);
  }
  const alpha = v128.load64_splat(vector + ((<usize>i) << 3));
  const end = offset + ((<usize>groups) << 5);
  for (let at = offset; at < end; at += 16) {
    const w = f64x2.neg(f64x2.add(v128.load(element(i, 0) + at), f64x2.mul(alpha, v128.load(vector + at))));
    v128.store(column + at, f64x2.mul(w, v128.load(values + at)));
    v128.store(column2 + at, f64x2.mul(w, v128.load(slopes + at)));
  }
  for (let j = start; j <= i; j++) clear(j);
  for (let j = count; j < start + (groups << 2); j++) clear(j);
  let sum = f64x2.splat(0);
  for (let at = offset; at < end; at += 16) sum = f64x2.add(sum, v128.load(column + at));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function clear(j: i32): void {
  store<f64>(column + ((<usize>j) << 3), 0);
  store<f64>(column2 + ((<usize>j) << 3), 0);
}

/** Adds Σ_j column2_j · δ² of the row to the partial sums of every dimension. */
function addRow(i: i32, count: i32): void {
  const start = (<usize>(i & ~3)) << 3;
  const end = (<usize>(count & ~3)) << 3;
  let line = rows;
  for (let d = 0; d < dimensions; d++) {
    const x = v128.load64_splat(line + ((<usize>i) << 3));
    let sum0 = v128.load(partial + ((<usize>d) << 4));
    let sum1 = f64x2.splat(0);
    for (let at = start; at < end; at += 32) {
      const factor0 = v128.load(column2 + at);
      const factor1 = v128.load(column2 + at, 16);
      const other0 = v128.load(line + at);
      const other1 = v128.load(line + at, 16);
      if (d < numeric) {
        const delta0 = f64x2.sub(x, other0);
        const delta1 = f64x2.sub(x, other1);
        sum0 = f64x2.add(sum0, f64x2.mul(factor0, f64x2.mul(delta0, delta0)));
        sum1 = f64x2.add(sum1, f64x2.mul(factor1, f64x2.mul(delta1, delta1)));
      } else {
        sum0 = f64x2.add(sum0, v128.and(factor0, f64x2.ne(x, other0)));
        sum1 = f64x2.add(sum1, v128.and(factor1, f64x2.ne(x, other1)));
      }
    }
    const rest = f64x2.replace_lane(f64x2.splat(0), 0, sumOfLast(line, i, d, count));
    v128.store(partial + ((<usize>d) << 4), f64x2.add(f64x2.add(sum0, sum1), rest));
    line += (<usize>capacity) << 3;
  }
}

/** The part of the sum beyond the last whole group: past the last row there may be anything, and 0 times anything need not be 0. */
function sumOfLast(line: usize, i: i32, d: i32, count: i32): f64 {
  const x = load<f64>(line + ((<usize>i) << 3));
  let sum: f64 = 0;
  for (let j = max(i + 1, count & ~3); j < count; j++) {
    const delta = x - load<f64>(line + ((<usize>j) << 3));
    const factor = load<f64>(column2 + ((<usize>j) << 3));
    if (d < numeric) sum += factor * (delta * delta);
    else if (delta !== 0) sum += factor;
  }
  return sum;
}
