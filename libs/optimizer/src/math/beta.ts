/** The beta distribution: the regularised incomplete beta function and its inverse. */
import { exp, log, log1p } from './elementary.js';

/** Lanczos, g = 7, n = 9. */
const lanczos: readonly [number, ...number[]] = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  if (x < 0.5) return logGamma(x + 1) - log(x);
  const [first, ...rest] = lanczos;
  const sum = rest.reduce((total, coefficient, index) => total + coefficient / (x + index), first);
  const t = x + 6.5;
  return 0.5 * log(2 * Math.PI) + (x - 0.5) * log(t) - t + log(sum);
}

/** A point as its logarithm and that of its complement, since beta quantiles may lie within 1e-300 of either end. */
interface Place {
  readonly log: number;
  readonly logRest: number;
}

/** I_x(a, b), for a, b > 0. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return incomplete({ log: log(x), logRest: log1p(-x) }, a, b);
}

function incomplete(place: Place, a: number, b: number): number {
  const x = exp(place.log);
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * place.log + b * place.logRest);
  // The fraction converges fast on one side of the mean; on the other the complement is taken.
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(x, a, b)) / a;
  return 1 - (front * fraction(exp(place.logRest), b, a)) / b;
}

/** Lentz's evaluation of the continued fraction of I_x (Numerical Recipes, 6.4). */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    const change = d * c;
    result *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return result;
}

/** The x with I_x(a, b) = u. A parameter of 0 is taken as its limit: all mass at one end, or half at each. */
export function betaQuantile(u: number, a: number, b: number): number {
  if (!(u >= 0 && u <= 1)) return Number.NaN;
  if (a === 0 && b === 0) return u <= 0.5 ? 0 : 1;
  if (a === 0 || u === 0) return 0;
  if (b === 0 || u === 1) return 1;
  if (betaCdf(0.5, a, b) >= u) return lowerQuantile(u, a, b);
  return 1 - lowerQuantile(1 - u, b, a);
}

/**
 * The quantile when it is at most 1/2: Newton's method on log I as a function of log x, nearly a straight line towards 0.
 * Every step stays within the bracket, and halves it when Newton would leave it.
 */
function lowerQuantile(u: number, a: number, b: number): number {
  const target = log(u);
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  let low = -745;
  let high = -Math.LN2;
  let t = Math.min(high, Math.max(low, (target + log(a) + logBeta) / a));
  for (let step = 0; step < 200; step += 1) {
    const logRest = log1p(-exp(t));
    const value = incomplete({ log: t, logRest }, a, b);
    const error = log(value) - target;
    if (error > 0) high = t;
    else low = t;
    const slope = exp(a * t + (b - 1) * logRest - logBeta) / value;
    let next = t - error / slope;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - t) <= 1e-15 * Math.abs(t)) return exp(next);
    t = next;
  }
  return exp(t);
}
