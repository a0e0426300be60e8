/** e^x of two numbers at once, bit for bit the `exp` of src/math/elementary.ts, which says how it works. For x ≤ 0. */

/** A class for the decorator alone: the call would cost as much as the arithmetic. */
export class Exponential {
  @inline
  static of(x: v128): v128 {
    const lowest = f64x2.splat(-745.2);
    const rounder = f64x2.splat(6755399441055744);
    // Takes x where x is not a number: such a covariance must not look like one.
    const bounded = f64x2.pmax(x, lowest);
    const shifted = f64x2.add(f64x2.mul(bounded, f64x2.splat(Math.LOG2E)), rounder);
    const k = f64x2.sub(shifted, rounder);
    const rough = f64x2.sub(bounded, f64x2.mul(k, f64x2.splat(0.6931471805598903)));
    const r = f64x2.sub(rough, f64x2.mul(k, f64x2.splat(5.497923018708371e-14)));
    const r2 = f64x2.mul(r, r);
    let even = f64x2.splat(2.091813816945801e-9);
    even = f64x2.add(f64x2.mul(even, r2), f64x2.splat(2.7557263277791584e-7));
    even = f64x2.add(f64x2.mul(even, r2), f64x2.splat(2.4801587336443602e-5));
    even = f64x2.add(f64x2.mul(even, r2), f64x2.splat(0.0013888888888879073));
    even = f64x2.add(f64x2.mul(even, r2), f64x2.splat(0.04166666666666668));
    even = f64x2.add(f64x2.mul(even, r2), f64x2.splat(0.5));
    let odd = f64x2.splat(2.5105217695684516e-8);
    odd = f64x2.add(f64x2.mul(odd, r2), f64x2.splat(2.755725539833871e-6));
    odd = f64x2.add(f64x2.mul(odd, r2), f64x2.splat(0.00019841269874822307));
    odd = f64x2.add(f64x2.mul(odd, r2), f64x2.splat(0.008333333333326134));
    odd = f64x2.add(f64x2.mul(odd, r2), f64x2.splat(0.1666666666666667));
    const tail = f64x2.mul(r2, f64x2.add(even, f64x2.mul(r, odd)));
    const value = f64x2.add(f64x2.splat(1), f64x2.add(r, tail));
    // The low bits of `shifted` are k; only the lowest twelve of each sum survive the shift into the exponent.
    const half = i64x2.shr_u(i64x2.add(shifted, i64x2.splat(2048)), 1);
    const first = i64x2.shl(i64x2.sub(half, i64x2.splat(1)), 52);
    const second = i64x2.shl(i64x2.sub(i64x2.add(shifted, i64x2.splat(2047)), half), 52);
    return f64x2.mul(f64x2.mul(value, first), second);
  }
}
