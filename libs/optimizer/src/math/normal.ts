/** The standard normal distribution: φ, Φ, log Φ and Φ⁻¹, near double precision and with the same bits on every engine. */
import { erfcx, expOfSquare, log, log1p } from './elementary.js';

const oneOverSqrtTwoPi = 0.3989422804014327;

export function normalPdf(x: number): number {
  return oneOverSqrtTwoPi * expOfSquare(x, -0.5);
}

/** Φ. Relative precision also in the lower tail. */
export function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x);
  return 0.5 * erfcx(-x * Math.SQRT1_2) * expOfSquare(x, -0.5);
}

/** log Φ, also where Φ is 0 or 1 to double precision. */
export function logNormalCdf(x: number): number {
  if (x > 0) return log1p(-normalCdf(-x));
  return log(0.5 * erfcx(-x * Math.SQRT1_2)) - 0.5 * x * x;
}

/** Acklam's rational approximation (relative error 1.2e-9), numerators then denominators, highest power first. */
const center = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
] as const;
const centerBelow = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1] as const;
const tail = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783,
] as const;
const tailBelow = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1] as const;

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/** Φ⁻¹; infinite at 0 and 1. */
export function normalQuantile(u: number): number {
  if (!(u >= 0 && u <= 1)) return Number.NaN;
  if (u > 0.5) return -normalQuantile(1 - u);
  if (u === 0) return Number.NEGATIVE_INFINITY;
  const x = firstGuess(u);
  // One step of Halley's method: from nine digits to all of them.
  const step = (normalCdf(x) - u) / normalPdf(x);
  return Number.isFinite(step) ? x - step / (1 + (x * step) / 2) : x;
}

function firstGuess(u: number): number {
  if (u < 0.02425) {
    const q = Math.sqrt(-2 * log(u));
    return polynomial(tail, q) / polynomial(tailBelow, q);
  }
  const q = u - 0.5;
  return (polynomial(center, q * q) * q) / polynomial(centerBelow, q * q);
}
