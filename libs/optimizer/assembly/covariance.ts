/** Covariances of one point with many, four at a time. The formula is in src/gp/workspace.ts. */
import { Exponential } from './exponential';
import { dimensions, numeric, weights } from './layout';

/**
 * Writes the covariances of a point with groups of four neighbouring points.
 *
 * Dimension d of the point lies at `point + d · pointPitch`, of the others at `others + d · othersPitch`.
 *
 * @param into four numbers at `into + group · step`
 * @param slopes likewise (5/3)·variance·(1 + z)·e^−z, by which ∂k/∂log l_d is that times weight times squared distance; 0 = not wanted
 */
export function covariances(
  point: usize,
  pointPitch: usize,
  others: usize,
  othersPitch: usize,
  groups: i32,
  into: usize,
  slopes: usize,
  step: usize,
  variance: f64,
): void {
  for (let group = 0; group < groups; group++) {
    let sum0 = f64x2.splat(0);
    let sum1 = f64x2.splat(0);
    let a = point;
    let b = others;
    let w = weights;
    let d = 0;
    for (; d < numeric; d++) {
      const x = v128.load64_splat(a);
      const weight = v128.load64_splat(w);
      const delta0 = f64x2.sub(x, v128.load(b));
      const delta1 = f64x2.sub(x, v128.load(b, 16));
      sum0 = f64x2.add(sum0, f64x2.mul(weight, f64x2.mul(delta0, delta0)));
      sum1 = f64x2.add(sum1, f64x2.mul(weight, f64x2.mul(delta1, delta1)));
      a += pointPitch;
      b += othersPitch;
      w += 8;
    }
    for (; d < dimensions; d++) {
      const x = v128.load64_splat(a);
      const weight = v128.load64_splat(w);
      sum0 = f64x2.add(sum0, v128.and(weight, f64x2.ne(x, v128.load(b))));
      sum1 = f64x2.add(sum1, v128.and(weight, f64x2.ne(x, v128.load(b, 16))));
      a += pointPitch;
      b += othersPitch;
      w += 8;
    }
    write(sum0, sum1, into, slopes, variance);
    others += 32;
    into += step;
    if (slopes !== 0) slopes += step;
  }
}

function write(squared0: v128, squared1: v128, into: usize, slopes: usize, variance: f64): void {
  const one = f64x2.splat(1);
  const root5 = f64x2.splat(2.23606797749979);
  const scale = f64x2.splat(variance);
  const z0 = f64x2.mul(root5, f64x2.sqrt(squared0));
  const z1 = f64x2.mul(root5, f64x2.sqrt(squared1));
  const decay0 = Exponential.of(f64x2.neg(z0));
  const decay1 = Exponential.of(f64x2.neg(z1));
  const linear0 = f64x2.add(one, z0);
  const linear1 = f64x2.add(one, z1);
  const third = f64x2.splat(0.3333333333333333);
  const square0 = f64x2.mul(f64x2.mul(z0, z0), third);
  const square1 = f64x2.mul(f64x2.mul(z1, z1), third);
  v128.store(into, f64x2.mul(scale, f64x2.mul(f64x2.add(linear0, square0), decay0)));
  v128.store(into, f64x2.mul(scale, f64x2.mul(f64x2.add(linear1, square1), decay1)), 16);
  if (slopes === 0) return;
  const fiveThirds = f64x2.splat(1.6666666666666667);
  v128.store(slopes, f64x2.mul(scale, f64x2.mul(f64x2.mul(fiveThirds, linear0), decay0)));
  v128.store(slopes, f64x2.mul(scale, f64x2.mul(f64x2.mul(fiveThirds, linear1), decay1)), 16);
}
