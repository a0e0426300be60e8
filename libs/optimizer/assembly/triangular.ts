/** Solving with the factor for one right-hand side. */
import { pitch, upper } from './layout';

/** b ← L⁻¹ b from row `from` on, given that those before are solved. Each b_i loses its products in the order of k. */
export function forward(b: usize, from: i32, count: i32): void {
  let k = 0;
  for (; k + 4 <= from; k += 4) eliminate(b, k, from, count);
  for (; k < from; k++) eliminateOne(b, k, from, count);
  for (; k + 4 <= count; k += 4) {
    solveFour(b, k);
    eliminate(b, k, k + 4, count);
  }
  for (; k < count; k++) {
    const at = b + ((<usize>k) << 3);
    store<f64>(at, load<f64>(at) / load<f64>(upper + <usize>k * (pitch + 8)));
    eliminateOne(b, k, k + 1, count);
  }
}

function solveFour(b: usize, k: i32): void {
  for (let i = k; i < k + 4; i++) {
    const at = b + ((<usize>i) << 3);
    let sum = load<f64>(at);
    for (let m = k; m < i; m++) sum -= load<f64>(upper + <usize>m * pitch + ((<usize>i) << 3)) * load<f64>(b + ((<usize>m) << 3));
    store<f64>(at, sum / load<f64>(upper + <usize>i * (pitch + 8)));
  }
}

/** Takes the four known values from k on out of rows `first` … `count`−1. */
function eliminate(b: usize, k: i32, first: i32, count: i32): void {
  const known = b + ((<usize>k) << 3);
  const x0 = v128.load64_splat(known);
  const x1 = v128.load64_splat(known, 8);
  const x2 = v128.load64_splat(known, 16);
  const x3 = v128.load64_splat(known, 24);
  let u = upper + <usize>k * pitch + ((<usize>first) << 3);
  let at = b + ((<usize>first) << 3);
  const end = b + ((<usize>count) << 3);
  for (; at + 8 < end; at += 16) {
    let sum = v128.load(at);
    sum = f64x2.sub(sum, f64x2.mul(v128.load(u), x0));
    sum = f64x2.sub(sum, f64x2.mul(v128.load(u + pitch), x1));
    sum = f64x2.sub(sum, f64x2.mul(v128.load(u + 2 * pitch), x2));
    sum = f64x2.sub(sum, f64x2.mul(v128.load(u + 3 * pitch), x3));
    v128.store(at, sum);
    u += 16;
  }
  if (at < end) {
    let sum = load<f64>(at);
    sum -= load<f64>(u) * load<f64>(known);
    sum -= load<f64>(u + pitch) * load<f64>(known, 8);
    sum -= load<f64>(u + 2 * pitch) * load<f64>(known, 16);
    sum -= load<f64>(u + 3 * pitch) * load<f64>(known, 24);
    store<f64>(at, sum);
  }
}

function eliminateOne(b: usize, k: i32, first: i32, count: i32): void {
  const x = load<f64>(b + ((<usize>k) << 3));
  const u = upper + <usize>k * pitch;
  for (let i = first; i < count; i++) {
    const at = b + ((<usize>i) << 3);
    store<f64>(at, load<f64>(at) - load<f64>(u + ((<usize>i) << 3)) * x);
  }
}

/** b ← U⁻¹ b. Each b_i loses its products from the last k down to its own. */
export function backward(b: usize, count: i32): void {
  let i = count - 1;
  for (; i >= 0 && (i & 3) !== 3; i--) backwardOne(b, i, count);
  for (; i >= 0; i -= 4) backwardFour(b, i - 3, count);
}

function backwardOne(b: usize, i: i32, count: i32): void {
  const u = upper + <usize>i * pitch;
  const at = b + ((<usize>i) << 3);
  let sum = load<f64>(at);
  for (let k = count - 1; k > i; k--) sum -= load<f64>(u + ((<usize>k) << 3)) * load<f64>(b + ((<usize>k) << 3));
  store<f64>(at, sum / load<f64>(u + ((<usize>i) << 3)));
}

/** Four rows at once: one sum after the other would wait for itself. */
function backwardFour(b: usize, i: i32, count: i32): void {
  const u = upper + <usize>i * pitch;
  const at = b + ((<usize>i) << 3);
  let sum0 = load<f64>(at);
  let sum1 = load<f64>(at, 8);
  let sum2 = load<f64>(at, 16);
  let sum3 = load<f64>(at, 24);
  for (let k = count - 1; k > i + 3; k--) {
    const x = load<f64>(b + ((<usize>k) << 3));
    const uk = u + ((<usize>k) << 3);
    sum0 -= load<f64>(uk) * x;
    sum1 -= load<f64>(uk + pitch) * x;
    sum2 -= load<f64>(uk + 2 * pitch) * x;
    sum3 -= load<f64>(uk + 3 * pitch) * x;
  }
  const ui = u + ((<usize>i) << 3);
  const x3 = sum3 / load<f64>(ui + 3 * pitch, 24);
  const x2 = (sum2 - load<f64>(ui + 2 * pitch, 24) * x3) / load<f64>(ui + 2 * pitch, 16);
  const x1 = (sum1 - load<f64>(ui + pitch, 24) * x3 - load<f64>(ui + pitch, 16) * x2) / load<f64>(ui + pitch, 8);
  const x0 = (sum0 - load<f64>(ui, 24) * x3 - load<f64>(ui, 16) * x2 - load<f64>(ui, 8) * x1) / load<f64>(ui);
  store<f64>(at, x0);
  store<f64>(at, x1, 8);
  store<f64>(at, x2, 16);
  store<f64>(at, x3, 24);
}
