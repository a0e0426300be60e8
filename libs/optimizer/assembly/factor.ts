/** The Cholesky factor of the covariance, from scratch or with rows appended: the same bits either way. */
import { covariances } from './covariance';
import { capacity, column, keepable, keptPitch, keptSlopes, keptValues, noise, panel, pitch, rows, tileBytes, upper } from './layout';
import { clearRows, pack, panelEnd, solveTile, subtractProduct, unpack } from './tile';
import { forward } from './triangular';

/** Fewer new rows than this are appended one by one. */
const fewRows = 4;

/** Rows whose covariances with each other are kept, of the last factor. */
export let keptRows: i32 = 0;

/** @returns `count`, or the first row whose pivot is not positive */
export function factor(from: i32, count: i32, variance: f64): i32 {
  keptRows = min(keptRows, from);
  let row = from;
  // Tiles begin at multiples of four, and what lies before `from` must stay.
  for (; row < count && ((row & 3) !== 0 || count - row < fewRows); row++) {
    if (!append(row, variance)) return row;
  }
  if (row === count) return count;
  assemble(row, count, variance);
  return eliminate(row, count);
}

function element(i: i32, j: i32): usize {
  return upper + <usize>i * pitch + ((<usize>j) << 3);
}

/** @returns whether the pivot is positive */
function append(j: i32, variance: f64): bool {
  const point = rows + ((<usize>j) << 3);
  const coordinate = (<usize>capacity) << 3;
  covariances(point, coordinate, rows, coordinate, (j >> 2) + 1, column, 0, 32, variance);
  forward(column, 0, j);
  let sum = load<f64>(column + ((<usize>j) << 3)) + load<f64>(noise + ((<usize>j) << 3));
  for (let k = 0; k < j; k++) {
    const u = load<f64>(column + ((<usize>k) << 3));
    store<f64>(element(k, j), u);
    sum -= u * u;
  }
  store<f64>(element(j, j), sqrt(sum));
  return sum > 0;
}

/** The covariance of columns `first` … `count`−1 into the factor's place; an identity matrix fills the last tile. */
function assemble(first: i32, count: i32, variance: f64): void {
  const end = (count + 3) & ~3;
  const coordinate = (<usize>capacity) << 3;
  const keeps = first === 0 && end <= keepable;
  if (keeps) keptRows = count;
  for (let i = 0; i < count; i++) {
    const j = max(i & ~3, first);
    const point = rows + ((<usize>i) << 3);
    const others = rows + ((<usize>j) << 3);
    const into = element(i, j);
    const groups = (end - j) >> 2;
    if (keeps) {
      const at = <usize>i * keptPitch + ((<usize>j) << 3);
      covariances(point, coordinate, others, coordinate, groups, keptValues + at, keptSlopes + at, 32, variance);
      copy(into, keptValues + at, groups);
    } else covariances(point, coordinate, others, coordinate, groups, into, 0, 32, variance);
    for (let k = count; k < end; k++) store<f64>(element(i, k), 0);
    if (i >= first) store<f64>(element(i, i), load<f64>(element(i, i)) + load<f64>(noise + ((<usize>i) << 3)));
  }
  for (let i = count; i < end; i++) {
    clearRows(element(i, count & ~3), pitch, 1);
    store<f64>(element(i, i), 1);
  }
}

function copy(into: usize, from: usize, groups: i32): void {
  for (const end = into + ((<usize>groups) << 5); into < end; into += 32) {
    v128.store(into, v128.load(from));
    v128.store(into, v128.load(from, 16), 16);
    from += 32;
  }
}

/** Panel by panel: finish its rows, then take their products out of all below. */
function eliminate(first: i32, count: i32): i32 {
  const end = (count + 3) & ~3;
  for (let k = 0; k < end; k = panelEnd(k, end)) {
    const next = panelEnd(k, end);
    for (let j = k; j < end; j += 4) {
      pack(tileOf(j), element(k, j), next - k);
      if (j < first) continue;
      const bad = finish(k, j, next);
      unpack(element(k, j), tileOf(j), next - k);
      if (bad < count) return bad;
    }
    for (let i = next; i < end; i += 4) {
      for (let j = max(i, first); j < end; j += 4) subtractProduct(element(i, j), pitch, tileOf(i), tileOf(j), next - k);
    }
  }
  return count;
}

function tileOf(j: i32): usize {
  return panel + <usize>(j >> 2) * tileBytes;
}

/** Turns the tile of column j in the panel of rows k … next−1 into the factor. @returns the first row with a bad pivot */
function finish(k: i32, j: i32, next: i32): i32 {
  const tile = tileOf(j);
  const square = tileOf(k);
  if (j >= next) {
    solveTile(tile, square, 0, next - k);
    return i32.MAX_VALUE;
  }
  solveTile(tile, square, 0, j - k);
  const corner = tile + ((<usize>(j - k)) << 5);
  subtractProduct(corner, 32, tile, tile, j - k);
  for (let i = 0; i < 4; i++) if (!finishRow(corner, i)) return j + i;
  return i32.MAX_VALUE;
}

/** One row of a tile on the diagonal. @returns whether the pivot is positive */
function finishRow(corner: usize, i: i32): bool {
  const row = corner + ((<usize>i) << 5);
  let pivot: f64 = 0;
  for (let j = i; j < 4; j++) {
    const across = (<usize>j) << 3;
    let sum = load<f64>(row + across);
    for (let k = 0; k < i; k++) {
      const above = corner + ((<usize>k) << 5);
      sum -= load<f64>(above + ((<usize>i) << 3)) * load<f64>(above + across);
    }
    if (j > i) store<f64>(row + across, sum / pivot);
    else if (sum > 0) {
      pivot = sqrt(sum);
      store<f64>(row + across, pivot);
    } else return false;
  }
  return true;
}
