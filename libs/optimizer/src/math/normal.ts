/** The standard normal distribution: Φ and its inverse, near double precision. */

const sqrtTwoPi = 2.5066282746310002;

export function normalPdf(x: number): number {
  return Math.exp(-0.5 * x * x) / sqrtTwoPi;
}

/** Φ. Relative precision also in the lower tail. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 0) return 1 - normalCdf(-x);
  return x < -3 ? lowerTail(-x) : 0.5 - normalPdf(x) * series(-x);
}

/** (Φ(x) - 1/2) / φ(x) = x + x^3/3 + x^5/(3·5) + …: Marsaglia, "Evaluating the normal distribution" (2004). */
function series(x: number): number {
  let term = x;
  let sum = 0;
  for (let odd = 1; sum + term !== sum; odd += 2) {
    sum += term;
    term *= (x * x) / (odd + 2);
  }
  return sum;
}

/** Φ(-x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))), Laplace's continued fraction; 120 levels are enough from x = 3 on. */
function lowerTail(x: number): number {
  if (x > 40) return 0;
  let fraction = x;
  for (let level = 120; level > 0; level -= 1) fraction = x + level / fraction;
  return normalPdf(x) / fraction;
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
    const q = Math.sqrt(-2 * Math.log(u));
    return polynomial(tail, q) / polynomial(tailBelow, q);
  }
  const q = u - 0.5;
  return (polynomial(center, q * q) * q) / polynomial(centerBelow, q * q);
}
