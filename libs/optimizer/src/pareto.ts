/**
 * Which trials no other trial beats in every objective (the first non-dominated front), to show. Where to look next is hypervolume.ts's.
 *
 * Source: Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEC 6(2), 2002, section III.
 */
import type { SamplerOptions } from './sampler.js';

interface Candidate {
  /** Null or not finite = not measured: such a trial is in no front. */
  readonly values: readonly (number | null)[];
}

/** Best by the first objective first; equal ones stay in their order. */
export function paretoSet<T extends Candidate>(candidates: readonly T[], goals: SamplerOptions['goals']): readonly T[] {
  const measured = candidates
    .map((candidate) => ({ candidate, costs: costsOf(candidate, goals) }))
    .filter((one): one is { candidate: T; costs: readonly number[] } => one.costs !== null);
  // After sorting, whoever dominates comes first, so that comparing with the front alone is enough.
  const sorted = [...measured].sort((a, b) => compare(a.costs, b.costs));
  const front: typeof sorted = [];
  for (const one of sorted) {
    if (!front.some((other) => dominates(other.costs, one.costs))) front.push(one);
  }
  return front.map(({ candidate }) => candidate);
}

/** Smaller is better in each; null when one is missing. */
function costsOf({ values }: Candidate, goals: SamplerOptions['goals']): readonly number[] | null {
  const costs = goals.map((goal, index) => {
    const value = values[index] ?? Number.NaN;
    return goal === 'minimize' ? value : -value;
  });
  return costs.length > 0 && costs.every(Number.isFinite) ? costs : null;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((cost, index) => cost !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  return a.every((cost, index) => cost <= b[index]!) && a.some((cost, index) => cost < b[index]!);
}
