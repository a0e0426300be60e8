/**
 * Tiles of 4 × 4 numbers, of which all matrix work is made.
 *
 * Every element is reduced in the order of its index k, one product after the other: SIMD lanes hold different elements, never parts of
 * one sum. That is why the same numbers come out whatever the blocking.
 */
import { panelRows, pitch, tileBytes } from './layout';

/**
 * C ← C − Σ_k a_k' · b_k for k = 0 … count−1: the multiply–subtract in which nearly all time is spent.
 *
 * @param c four rows of four numbers, `cStep` apart
 * @param a for each k four numbers, next to each other
 * @param b for each k four numbers
 * @param bStep bytes from those to the next; negative to go upwards
 */
export function subtractProduct(c: usize, cStep: usize, a: usize, b: usize, count: i32, bStep: usize = 32): void {
  const c1 = c + cStep;
  const c2 = c1 + cStep;
  const c3 = c2 + cStep;
  let c00 = v128.load(c);
  let c01 = v128.load(c, 16);
  let c10 = v128.load(c1);
  let c11 = v128.load(c1, 16);
  let c20 = v128.load(c2);
  let c21 = v128.load(c2, 16);
  let c30 = v128.load(c3);
  let c31 = v128.load(c3, 16);
  for (const end = a + ((<usize>count) << 5); a < end; a += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(a);
    c00 = f64x2.sub(c00, f64x2.mul(a0, b0));
    c01 = f64x2.sub(c01, f64x2.mul(a0, b1));
    const a1 = v128.load64_splat(a, 8);
    c10 = f64x2.sub(c10, f64x2.mul(a1, b0));
    c11 = f64x2.sub(c11, f64x2.mul(a1, b1));
    const a2 = v128.load64_splat(a, 16);
    c20 = f64x2.sub(c20, f64x2.mul(a2, b0));
    c21 = f64x2.sub(c21, f64x2.mul(a2, b1));
    const a3 = v128.load64_splat(a, 24);
    c30 = f64x2.sub(c30, f64x2.mul(a3, b0));
    c31 = f64x2.sub(c31, f64x2.mul(a3, b1));
    b += bStep;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c1, c10);
  v128.store(c1, c11, 16);
  v128.store(c2, c20);
  v128.store(c2, c21, 16);
  v128.store(c3, c30);
  v128.store(c3, c31, 16);
}

/** Four rows of four numbers ← (U')⁻¹ of them, U a tile on the diagonal with its rows next to each other. */
function solveTriangle(c: usize, u: usize): void {
  const d0 = v128.load64_splat(u);
  const x00 = f64x2.div(v128.load(c), d0);
  const x01 = f64x2.div(v128.load(c, 16), d0);
  v128.store(c, x00);
  v128.store(c, x01, 16);

  const u01 = v128.load64_splat(u, 8);
  const d1 = v128.load64_splat(u, 40);
  const x10 = f64x2.div(f64x2.sub(v128.load(c, 32), f64x2.mul(u01, x00)), d1);
  const x11 = f64x2.div(f64x2.sub(v128.load(c, 48), f64x2.mul(u01, x01)), d1);
  v128.store(c, x10, 32);
  v128.store(c, x11, 48);

  const u02 = v128.load64_splat(u, 16);
  const u12 = v128.load64_splat(u, 48);
  const d2 = v128.load64_splat(u, 80);
  const x20 = f64x2.div(f64x2.sub(f64x2.sub(v128.load(c, 64), f64x2.mul(u02, x00)), f64x2.mul(u12, x10)), d2);
  const x21 = f64x2.div(f64x2.sub(f64x2.sub(v128.load(c, 80), f64x2.mul(u02, x01)), f64x2.mul(u12, x11)), d2);
  v128.store(c, x20, 64);
  v128.store(c, x21, 80);

  const u03 = v128.load64_splat(u, 24);
  const u13 = v128.load64_splat(u, 56);
  const u23 = v128.load64_splat(u, 88);
  const d3 = v128.load64_splat(u, 120);
  const y0 = f64x2.sub(f64x2.sub(v128.load(c, 96), f64x2.mul(u03, x00)), f64x2.mul(u13, x10));
  const y1 = f64x2.sub(f64x2.sub(v128.load(c, 112), f64x2.mul(u03, x01)), f64x2.mul(u13, x11));
  v128.store(c, f64x2.div(f64x2.sub(y0, f64x2.mul(u23, x20)), d3), 96);
  v128.store(c, f64x2.div(f64x2.sub(y1, f64x2.mul(u23, x21)), d3), 112);
}

/**
 * Rows `first` … `last`−1 of a panel tile ← (U')⁻¹ of them, where those before are 0; U is the square on the diagonal.
 *
 * @param u its tiles, one after the other
 */
export function solveTile(tile: usize, u: usize, first: i32, last: i32): void {
  const zeros = (<usize>first) << 5;
  for (let i = first; i < last; i += 4) {
    const down = (<usize>i) << 5;
    const a = u + <usize>(i >> 2) * tileBytes;
    subtractProduct(tile + down, 32, a + zeros, tile + zeros, i - first);
    solveTriangle(tile + down, a + down);
  }
}

/** Copies rows of four neighbouring columns of a matrix to where they lie next to each other. */
export function pack(into: usize, from: usize, count: i32): void {
  for (const end = into + ((<usize>count) << 5); into < end; into += 32) {
    v128.store(into, v128.load(from));
    v128.store(into, v128.load(from, 16), 16);
    from += pitch;
  }
}

/** The other way round. */
export function unpack(into: usize, from: usize, count: i32): void {
  for (const end = from + ((<usize>count) << 5); from < end; from += 32) {
    v128.store(into, v128.load(from));
    v128.store(into, v128.load(from, 16), 16);
    into += pitch;
  }
}

/** Packs the tiles of the square on the diagonal whose first element lies at `from`. */
export function packSquare(into: usize, from: usize, count: i32): void {
  for (let j = 0; j < count; j += 4) {
    pack(into, from, count);
    into += tileBytes;
    from += 32;
  }
}

export function clearRows(at: usize, step: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    v128.store(at, f64x2.splat(0));
    v128.store(at, f64x2.splat(0), 16);
    at += step;
  }
}

export function panelEnd(start: i32, end: i32): i32 {
  return min(start + panelRows, end);
}
