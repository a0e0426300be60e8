/** Mean, variance and their slopes at up to 64 candidates. Candidates go by fours, so that a tile of them stands for a panel's tile. */
import { covariances } from './covariance';
import {
  blockSize,
  candidatePitch,
  candidates,
  capacity,
  diagonal,
  meanSlopes,
  means,
  numeric,
  panelRows,
  pitch,
  rows,
  single,
  slopeFactors,
  solution,
  upper,
  varianceSlopes,
  variances,
  vector,
  weights,
} from './layout';
import { clearRows, pack, packSquare, panelEnd, solveTile, subtractProduct } from './tile';

export function predict(count: i32, variance: f64, many: i32, slopes: bool): void {
  const tiles = (many + 3) >> 2;
  for (let i = 0; i < count; i++) {
    const down = (<usize>i) << 5;
    const others = (<usize>blockSize) << 3;
    const factors = slopes ? slopeFactors + down : 0;
    covariances(
      rows + ((<usize>i) << 3),
      (<usize>capacity) << 3,
      candidates,
      others,
      tiles,
      solution + down,
      factors,
      candidatePitch,
      variance,
    );
  }
  for (let tile = 0; tile < tiles; tile++) weigh(tile, count);
  forward(tiles, count);
  for (let tile = 0; tile < tiles; tile++) explain(tile, count, variance);
  if (!slopes) return;
  backward(tiles, count);
  for (let tile = 0; tile < tiles; tile++) {
    for (let d = 0; d < numeric; d++) slope(tile, d, count);
  }
}

function row(tile: i32, i: i32): usize {
  return solution + <usize>tile * candidatePitch + ((<usize>i) << 5);
}

/** Means: Σ_i α_i k_i. */
function weigh(tile: i32, count: i32): void {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let at = row(tile, 0);
  for (let i = 0; i < count; i++) {
    const alpha = v128.load64_splat(vector + ((<usize>i) << 3));
    sum0 = f64x2.add(sum0, f64x2.mul(alpha, v128.load(at)));
    sum1 = f64x2.add(sum1, f64x2.mul(alpha, v128.load(at, 16)));
    at += 32;
  }
  const into = means + ((<usize>tile) << 5);
  v128.store(into, sum0);
  v128.store(into, sum1, 16);
}

/** Variances: what the rows leave unexplained. */
function explain(tile: i32, count: i32, variance: f64): void {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let at = row(tile, 0);
  for (let i = 0; i < count; i++) {
    const v0 = v128.load(at);
    const v1 = v128.load(at, 16);
    sum0 = f64x2.add(sum0, f64x2.mul(v0, v0));
    sum1 = f64x2.add(sum1, f64x2.mul(v1, v1));
    at += 32;
  }
  const into = variances + ((<usize>tile) << 5);
  const zero = f64x2.splat(0);
  v128.store(into, f64x2.max(zero, f64x2.sub(f64x2.splat(variance), sum0)));
  v128.store(into, f64x2.max(zero, f64x2.sub(f64x2.splat(variance), sum1)), 16);
}

/** `solution` ← L⁻¹ of it. The rows that fill the last tile come last, so that whatever they are reaches no other. */
function forward(tiles: i32, count: i32): void {
  const end = (count + 3) & ~3;
  for (let k = 0; k < end; k = panelEnd(k, end)) {
    const next = panelEnd(k, end);
    packSquare(diagonal, upper + <usize>k * (pitch + 8), next - k);
    for (let tile = 0; tile < tiles; tile++) solveTile(row(tile, k), diagonal, 0, next - k);
    for (let i = next; i < end; i += 4) {
      pack(single, upper + <usize>k * pitch + ((<usize>i) << 3), next - k);
      for (let tile = 0; tile < tiles; tile++) subtractProduct(row(tile, i), 32, single, row(tile, k), next - k);
    }
  }
}

/** `solution` ← U⁻¹ of it, from the last row upwards. */
function backward(tiles: i32, count: i32): void {
  const end = (count + 3) & ~3;
  for (let tile = 0; tile < tiles; tile++) clearRows(row(tile, count), 32, end - count);
  for (let next = end; next > 0; ) {
    const k = (next - 1) & ~(panelRows - 1);
    const last = min(next, count);
    for (let i = next - 4; i >= k; i -= 4) {
      packAcross(i, i + 4, last);
      const below = max(0, last - (i + 4));
      for (let tile = 0; tile < tiles; tile++) {
        subtractProduct(row(tile, i), 32, single, row(tile, last - 1), below, -32);
        solveTriangleUp(row(tile, i), i, min(4, count - i));
      }
    }
    for (let i = 0; i < k; i += 4) {
      packAcross(i, k, last);
      for (let tile = 0; tile < tiles; tile++) {
        subtractProduct(row(tile, i), 32, single, row(tile, last - 1), last - k, -32);
      }
    }
    next = k;
  }
}

/** Packs columns first … last−1 of four rows of the factor, the last column first, a column's four numbers next to each other. */
function packAcross(i: i32, first: i32, last: i32): void {
  let into = single;
  for (let k = last - 1; k >= first; k--) {
    const from = upper + <usize>i * pitch + ((<usize>k) << 3);
    store<f64>(into, load<f64>(from));
    store<f64>(into, load<f64>(from + pitch), 8);
    store<f64>(into, load<f64>(from + 2 * pitch), 16);
    store<f64>(into, load<f64>(from + 3 * pitch), 24);
    into += 32;
  }
}

/** `many` rows of four numbers ← U⁻¹ of them, U the tile on the diagonal at row i. */
function solveTriangleUp(c: usize, i: i32, many: i32): void {
  const u = upper + <usize>i * (pitch + 8);
  for (let r = many - 1; r >= 0; r--) {
    const at = c + ((<usize>r) << 5);
    const line = u + <usize>r * pitch;
    let x0 = v128.load(at);
    let x1 = v128.load(at, 16);
    for (let k = many - 1; k > r; k--) {
      const factor = v128.load64_splat(line + ((<usize>k) << 3));
      const below = c + ((<usize>k) << 5);
      x0 = f64x2.sub(x0, f64x2.mul(factor, v128.load(below)));
      x1 = f64x2.sub(x1, f64x2.mul(factor, v128.load(below, 16)));
    }
    const pivot = v128.load64_splat(line + ((<usize>r) << 3));
    v128.store(at, f64x2.div(x0, pivot));
    v128.store(at, f64x2.div(x1, pivot), 16);
  }
}

/** Slopes of four candidates by numeric dimension d, from K⁻¹k in `solution` and α in `vector`. */
function slope(tile: i32, d: i32, count: i32): void {
  const across = ((<usize>d * blockSize) << 3) + ((<usize>tile) << 5);
  const x0 = v128.load(candidates + across);
  const x1 = v128.load(candidates + across, 16);
  let mean0 = f64x2.splat(0);
  let mean1 = f64x2.splat(0);
  let explained0 = f64x2.splat(0);
  let explained1 = f64x2.splat(0);
  let v = row(tile, 0);
  let q = slopeFactors + <usize>tile * candidatePitch;
  const line = rows + ((<usize>(d * capacity)) << 3);
  for (let i = 0; i < count; i++) {
    const y = v128.load64_splat(line + ((<usize>i) << 3));
    const alpha = v128.load64_splat(vector + ((<usize>i) << 3));
    const change0 = f64x2.mul(v128.load(q), f64x2.sub(x0, y));
    const change1 = f64x2.mul(v128.load(q, 16), f64x2.sub(x1, y));
    mean0 = f64x2.add(mean0, f64x2.mul(alpha, change0));
    mean1 = f64x2.add(mean1, f64x2.mul(alpha, change1));
    explained0 = f64x2.add(explained0, f64x2.mul(v128.load(v), change0));
    explained1 = f64x2.add(explained1, f64x2.mul(v128.load(v, 16), change1));
    v += 32;
    q += 32;
  }
  const weight = load<f64>(weights + ((<usize>d) << 3));
  const ofMean = f64x2.splat(-weight);
  const ofVariance = f64x2.splat(2 * weight);
  v128.store(meanSlopes + across, f64x2.mul(ofMean, mean0));
  v128.store(meanSlopes + across, f64x2.mul(ofMean, mean1), 16);
  v128.store(varianceSlopes + across, f64x2.mul(ofVariance, explained0));
  v128.store(varianceSlopes + across, f64x2.mul(ofVariance, explained1), 16);
}
