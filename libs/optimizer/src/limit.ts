/** Whether a trial kept within the limits of its sweep. */
import type { Limit } from './sampler.js';

/** What was not measured, or is not finite, is not within. The bound itself is. */
export function keepsLimit({ keep, bound }: Limit, value: number | null | undefined): boolean {
  if (value === null || value === undefined || !Number.isFinite(value)) return false;
  return keep === 'below' ? value <= bound : value >= bound;
}

/** @param values in the order of the limits */
export function keepsLimits(limits: readonly Limit[], values: readonly (number | null)[] = []): boolean {
  return limits.every((limit, index) => keepsLimit(limit, values[index]));
}
