/**
 * What a candidate promises, from the posterior there: larger is better. Objectives are minimised.
 *
 * Expected improvement is taken as its logarithm, which has a slope where the value itself has long been zero: Ament et al.,
 * "Unexpected improvements to expected improvement" (2023).
 */
import { log } from '../math/elementary.js';
import { logEi, logEiSlope } from '../math/log-ei.js';

/** `improve`: expected improvement. `bound`: optimism. `explore`: ignorance, where improvement is not out of the question. */
export type Arm = { readonly kind: 'improve' } | { readonly kind: 'bound'; readonly beta: number } | { readonly kind: 'explore' };

export interface Judgement {
  readonly value: number;
  /** ∂value/∂mean and ∂value/∂deviation. */
  readonly byMean: number;
  readonly byDeviation: number;
}

const leastDeviation = 1e-9;
/** Far more than any deviation is worth. */
const outside = 1e3;

/** @param incumbent the best posterior mean so far */
export function judge(arm: Arm, mean: number, variance: number, incumbent: number): Judgement {
  const value = worth(arm, mean, variance, incumbent);
  const deviation = Math.max(leastDeviation, Math.sqrt(variance));
  switch (arm.kind) {
    case 'improve': {
      const z = (incumbent - mean) / deviation;
      const slope = logEiSlope(z);
      return { value, byMean: -slope / deviation, byDeviation: (1 - slope * z) / deviation };
    }
    case 'bound':
      return { value, byMean: -1, byDeviation: arm.beta };
    case 'explore': {
      const penalty = mean - 0.5 * deviation > incumbent ? outside : 0;
      return { value, byMean: -penalty, byDeviation: 1 + 0.5 * penalty };
    }
  }
}

/** The value alone: slopes cost as much again. */
export function worth(arm: Arm, mean: number, variance: number, incumbent: number): number {
  const deviation = Math.max(leastDeviation, Math.sqrt(variance));
  switch (arm.kind) {
    case 'improve':
      return logEi((incumbent - mean) / deviation) + log(deviation);
    case 'bound':
      return arm.beta * deviation - mean;
    case 'explore':
      return deviation - outside * Math.max(0, mean - 0.5 * deviation - incumbent);
  }
}
