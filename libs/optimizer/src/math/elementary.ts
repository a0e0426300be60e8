/**
 * Exponential, logarithm, power and erfcx with the same bits on every engine.
 *
 * `Math.exp` and its kind may differ between engines and their versions, which would make proposals differ. Here only + − × ÷ and
 * exact bit patterns are used; errors are below 2 units in the last place, of `erfcx` below 6 (elementary.test.ts).
 *
 * Polynomials are our own: Chebyshev interpolants computed with 60 digits.
 */

const floats = new Float64Array(1);
/** The high word is the second one: WebAssembly, with which the kernel agrees bit for bit, is little-endian everywhere. */
const words = new Uint32Array(floats.buffer);

/** ln 2 in two parts; the first has 42 bits, so that its product with an exponent is exact. */
const ln2High = 0.6931471805598903;
const ln2Low = 5.497923018708371e-14;
/** 1.5 · 2^52: adding and subtracting it rounds to the nearest integer. */
const rounder = 6755399441055744;

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let power = coefficients.length - 1; power >= 0; power -= 1) sum = sum * x + coefficients[power]!;
  return sum;
}

/** 2^k for k in −1022 … 1023. */
function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (1023 + k) << 20;
  return floats[0]!;
}

/** value · 2^k for k in −1076 … 1024, rounded once where it is subnormal. */
function scaled(value: number, k: number): number {
  const half = k >> 1;
  return value * powerOfTwo(half) * powerOfTwo(k - half);
}

/** (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2, the even powers and the odd ones: two short chains take less time than one. */
const expEven = [
  0.5, 0.04166666666666668, 0.0013888888888879073, 2.4801587336443602e-5, 2.7557263277791584e-7, 2.091813816945801e-9,
] as const;
const expOdd = [0.1666666666666667, 0.008333333333326134, 0.00019841269874822307, 2.755725539833871e-6, 2.5105217695684516e-8] as const;

function expTail(r: number): number {
  const r2 = r * r;
  const even = ((((expEven[5] * r2 + expEven[4]) * r2 + expEven[3]) * r2 + expEven[2]) * r2 + expEven[1]) * r2 + expEven[0];
  const odd = (((expOdd[4] * r2 + expOdd[3]) * r2 + expOdd[2]) * r2 + expOdd[1]) * r2 + expOdd[0];
  return r2 * (even + r * odd);
}

/** The kernel's covariances contain this very function. */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x < -745.1332191019412) return 0;
  const k = x * Math.LOG2E + rounder - rounder;
  const r = x - k * ln2High - k * ln2Low;
  return scaled(1 + (r + expTail(r)), k);
}

/** e^x − 1, precise near 0. */
export function expm1(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x < -40) return -1;
  if (x > -1e-17 && x < 1e-17) return x;
  const k = x * Math.LOG2E + rounder - rounder;
  const rough = x - k * ln2High;
  const r = rough - k * ln2Low;
  if (k === 0) return r + expTail(r);
  const rest = rough - r - k * ln2Low;
  // e^x − 1 = 2^k · (e^r − 2^−k); what is subtracted is below the last place from k = 60 on.
  return scaled((k > 60 ? 1 : 1 - powerOfTwo(-k)) + (r + (expTail(r) + rest)), k);
}

/** (log((1 + s)/(1 − s)) / s − 2) / s² as a polynomial in s², for m = (1 + s)/(1 − s) in √½ … √2. */
const logSeries = [
  0.666666666666667, 0.39999999999898944, 0.2857142862620096, 0.22222211101577205, 0.1818289133623783, 0.1533165379922582,
  0.14617229114009048,
] as const;

/** x = 2^k · m with m in √½ … √2, for a finite x > 0: m; its k is left in `exponent`. */
function mantissa(x: number): number {
  const subnormal = x < 2.2250738585072014e-308;
  floats[0] = subnormal ? x * 18014398509481984 : x;
  const high = words[1]!;
  words[1] = (high & 0x000fffff) | 0x3ff00000;
  const m = floats[0];
  const k = (high >>> 20) - (subnormal ? 1077 : 1023);
  exponent = m > Math.SQRT2 ? k + 1 : k;
  return m > Math.SQRT2 ? m / 2 : m;
}
let exponent = 0;

/** log(1 + f) + k · ln 2 + small, for 1 + f in √½ … √2. */
function logOf(f: number, k: number, small: number): number {
  const s = f / (2 + f);
  const s2 = s * s;
  const series = s2 * horner(logSeries, s2);
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + series) + (k * ln2Low + small)) - f);
}

export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const f = mantissa(x) - 1;
  return logOf(f, exponent, 0);
}

/** log(1 + x), precise near 0. */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY || (x > -1e-17 && x < 1e-17)) return x;
  if (x > -0.29 && x < 0.41) return logOf(x, 0, 0);
  const sum = 1 + x;
  const lost = x >= 1 ? 1 - (sum - x) : x - (sum - 1);
  const f = mantissa(sum) - 1;
  return logOf(f, exponent, lost / sum);
}

/** A number as the sum of two, the second below the last place of the first. */
type Double = readonly [high: number, low: number];

/** a · b exactly (Dekker 1971), while neither is beyond 1e290. */
function product(a: number, b: number): Double {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  const high = a * b;
  return [high, aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

function upperHalf(a: number): number {
  const c = 134217729 * a;
  return c - (c - a);
}

/** a + b exactly (Knuth). */
function sum(a: number, b: number): Double {
  const high = a + b;
  const part = high - a;
  return [high, a - (high - part) + (b - part)];
}

/** (artanh(s)/s − 1 − s²/3) / s⁴ as a polynomial in s². */
const artanhSeries = [
  0.2, 0.14285714285714685, 0.11111111110826803, 0.09090909167928803, 0.07692297458685667, 0.06667403472286558, 0.058530903533375665,
  0.058618594000847596,
] as const;
const thirdLow = 1.850371707708594e-17;

/** log x to about 65 bits, for a finite x > 0. */
function preciseLog(x: number): Double {
  const m = mantissa(x);
  const k = exponent;
  const below = m + 1;
  const s = (m - 1) / below;
  const [back, backLow] = product(s, below);
  const sLow = (m - 1 - back - backLow - s * (m - (below - 1))) / below;
  const [square, squareLow] = product(s, s);
  const [third, lowThird] = product(square, 1 / 3);
  const tail = square * square * horner(artanhSeries, square);
  const [w, wLow] = sum(third, tail);
  const rest = wLow + lowThird + square * thirdLow + (squareLow + 2 * s * sLow) / 3;
  const [sw, swLow] = product(2 * s, w);
  const [high, low] = sum(k * ln2High, 2 * s);
  const [top, topLow] = sum(high, sw);
  return sum(top, topLow + (low + (k * ln2Low + (2 * sLow + (swLow + 2 * s * rest + 2 * sLow * w)))));
}

/** x^y for x ≥ 0; NaN for a negative x. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (!(x >= 0) || Number.isNaN(y)) return Number.NaN;
  if (x === 0 || x === Number.POSITIVE_INFINITY) return (x === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
  const [high, low] = preciseLog(x);
  const rough = y * high;
  if (rough > 710) return Number.POSITIVE_INFINITY;
  if (rough < -746) return 0;
  // Below this y·log x is nothing to 1, and its parts would be subnormal.
  if (rough > -1e-18 && rough < 1e-18) return 1;
  const [top, topLow] = product(y, high);
  return expOfSum(top, topLow + y * low);
}

/** e^(high + low). */
function expOfSum(high: number, low: number): number {
  const value = exp(high);
  return value === Number.POSITIVE_INFINITY ? value : value + value * low;
}

/** e^(x²·factor) with the error of x² made good, for a factor of ±1/2 or 1. */
export function expOfSquare(x: number, factor: -0.5 | 0.5 | 1): number {
  if (!(x > -1e3 && x < 1e3)) return exp(x * x * factor);
  const [high, low] = product(x, x);
  return expOfSum(high * factor, low * factor);
}

/** Σ c_k T_k(t) by Clenshaw's recurrence, for t in −1 … 1. */
export function chebyshev(coefficients: readonly number[], t: number): number {
  let last = 0;
  let one = 0;
  for (let k = coefficients.length - 1; k > 0; k -= 1) {
    const next = 2 * t * one - last + coefficients[k]!;
    last = one;
    one = next;
  }
  return t * one - last + coefficients[0]!;
}

/** (x + 1/2) · erfcx(x) over t = (x − 3)/(x + 3), for x ≥ 0. */
const erfcxSeries = [
  0.58878128709828, 0.002676952269807838, -0.046887751711421045, 0.02718326277872161, -0.009488298353922604, 0.002226713030731356,
  -0.00031677658552765734, 8.830859761585797e-6, 6.420766432028336e-6, -1.0036142829529957e-6, -9.037613952074186e-8, 3.7749141719125465e-8,
  9.428342619193015e-10, -1.349759524899182e-9, -7.300395599695525e-12, 5.1808037229847447e-11, 7.378579883117365e-13,
  -2.1386700321984555e-12, -1.039612464298995e-13, 9.067251001588482e-14, 9.867127872723695e-15, -3.643971868796337e-15,
  -7.584939345114058e-16, 1.1756057129390701e-16, 5.0030558459108337e-17,
] as const;

/** e^(x²) · erfc(x): decays like 1/(x√π) where erfc underflows; infinite below −26.6. */
export function erfcx(x: number): number {
  if (x < 0) return 2 * expOfSquare(x, 1) - erfcx(-x);
  if (x === Number.POSITIVE_INFINITY) return 0;
  return chebyshev(erfcxSeries, (x - 3) / (x + 3)) / (x + 0.5);
}
