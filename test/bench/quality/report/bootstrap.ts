/**
 * Means and differences of means with a 95 % interval, by resampling (Efron and Tibshirani, "An introduction to the bootstrap", 1993).
 *
 * Seeds are resampled within tasks: what would other seeds on these tasks give? Two-level resamples the tasks as well: what would other
 * tasks of this kind give? Both are repeatable.
 */
import { random } from '@sweep/optimizer';
import { mean, quantile } from '../quantile.js';
import type { Samples } from './scores.js';

export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2000;

/** Of the samples' level; minus that of the others on the same tasks, if there are others. Undefined where no task is common. */
export function estimate(of: Samples, minus?: Samples, levels: 'seeds' | 'tasks and seeds' = 'seeds'): Estimate | undefined {
  const common = [...of.keys()].filter((task) => minus === undefined || minus.has(task));
  if (common.length === 0) return undefined;
  const numbers = random(20_260_101n);
  const differences = common.map((task, index) => {
    const [a, b] = [of.get(task)!, minus?.get(task)];
    const gain = resampledMeans(a, numbers, 2 * index);
    if (b === undefined) return gain;
    const other = resampledMeans(b, numbers, 2 * index + 1);
    return gain.map((value, round) => value - other[round]!);
  });
  const taskAt = (place: number, round: number): number =>
    levels === 'seeds' ? place : Math.floor(numbers.uniform(round, tasksStream, place) * common.length);
  const rounds = Float64Array.from({ length: resamples }, (_, round) =>
    mean(differences.map((_, place) => differences[taskAt(place, round)]![round]!)),
  ).sort();
  const exact = mean(common.map((task) => mean(of.get(task)!) - (minus === undefined ? 0 : mean(minus.get(task)!))));
  return { mean: exact, low: quantile(rounds, 0.025), high: quantile(rounds, 0.975) };
}

const tasksStream = 4000;

function resampledMeans(values: readonly number[], numbers: ReturnType<typeof random>, stream: number): Float64Array {
  return Float64Array.from({ length: resamples }, (_, round) => {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw += 1) sum += values[Math.floor(numbers.uniform(round, stream, draw) * values.length)]!;
    return sum / values.length;
  });
}
