/** What a benchmark task is: a search space with a known landscape. Nothing here knows how an optimiser works. */
import type { Uniforms } from '../noise.js';
import type { Setting, TaskParameter } from './parameter.js';

/** T: tables of finished trainings; S: smooth functions; R: rough ones; M: mixed spaces; F: failures; L: learning curves. */
export const blocks = ['T', 'S', 'R', 'M', 'F', 'L'] as const;
export type Block = (typeof blocks)[number];

export interface Task {
  readonly name: string;
  readonly block: Block;
  readonly parameters: readonly TaskParameter[];
  readonly metric: string;
  readonly goal: 'minimize' | 'maximize';
  /** Lower is better, whatever the goal. NaN where a configuration can never have a result. */
  trueLoss(setting: Setting): number;
  /** One noisy loss; NaN for a training that ends without a usable number, 'crashed' for one that does not end well. */
  observe(setting: Setting, noise: Uniforms): number | 'crashed';
  /** Of the whole space; found on first use, since a run needs none of it. */
  landscape(): Landscape;
}

export interface Landscape {
  readonly best: number;
  readonly median: number;
  /** True losses of all configurations, or of many random ones, ascending. */
  readonly losses: Float64Array;
}

/** The landscape of these losses (ascending afterwards). NaN, where there is never a result, counts as worst. */
export function landscapeOf(losses: Float64Array, best = Number.NaN): Landscape {
  const known = losses.filter((loss) => !Number.isNaN(loss)).sort();
  const half = known.length >> 1;
  const median = known.length % 2 === 1 ? known[half]! : (known[half - 1]! + known[half]!) / 2;
  const sorted = new Float64Array(losses.length).fill(Number.POSITIVE_INFINITY);
  sorted.set(known);
  return { best: Number.isNaN(best) ? known[0]! : best, median, losses: sorted };
}

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
