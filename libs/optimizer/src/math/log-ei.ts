/**
 * The logarithm of expected improvement, exact where the improvement itself underflows.
 *
 * h(z) = φ(z) + z·Φ(z) is the expected improvement of a standard normal variable over −z. See S. Ament et al., "Unexpected
 * improvements to expected improvement for Bayesian optimization" (2023); instead of their series for the far tail, one Chebyshev
 * series serves all of z ≤ −1 without cancellation.
 */
import { chebyshev, erfcx, log } from './elementary.js';
import { normalCdf, normalPdf } from './normal.js';

const logSqrtTwoPi = 0.9189385332046728;
const sqrtHalfPi = 1.2533141373155003;

/** a²·h(−a)/φ(a) over t = (a − 6)/(a + 4), for a ≥ 1: from 0.34 at 1 to 1 at infinity. */
const tailSeries = [
  0.798557687350975, 0.30468223312466397, -0.12791032303500607, 0.025557298599974923, 0.0007286772119332446, -0.002267288354571156,
  0.0007782866380146663, -0.00013493067815746813, 6.357217421578948e-6, 2.482327673056817e-6, -4.718488586555916e-7, -2.3619683164943623e-8,
  1.573637174241407e-8, -2.1123211019222428e-10, -4.965288818420656e-10, 2.1544299240542866e-11, 1.6887339822809297e-11,
  -8.332292314244242e-13, -6.337370833567007e-13, 2.0021582342929724e-14, 2.557872816782267e-14, 1.728260955679529e-16,
  -1.0572022648797625e-15, -6.68710955912163e-17, 4.1944268358468746e-17, 6.032546057913588e-18,
] as const;

const tail = (a: number): number => chebyshev(tailSeries, (a - 6) / (a + 4));

/** log h(z), for z from −1e150 on. */
export function logEi(z: number): number {
  if (z > -1) return log(normalPdf(z) + z * normalCdf(z));
  return -0.5 * z * z - (logSqrtTwoPi + 2 * log(-z)) + log(tail(-z));
}

/** d log h(z)/dz = Φ(z)/h(z). */
export function logEiSlope(z: number): number {
  if (z > -1) return normalCdf(z) / (normalPdf(z) + z * normalCdf(z));
  // Φ(−a)/φ(a) is Mills's ratio, about 1/a.
  const mills = sqrtHalfPi * erfcx(-z * Math.SQRT1_2);
  return (-z * (-z * mills)) / tail(-z);
}
