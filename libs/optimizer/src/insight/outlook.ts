/**
 * What more trials would bring: how much better the best value is expected to be after them, with an interval.
 *
 * The points that the search would take next are found one by one, each taken to come out at its mean; then results are drawn from
 * the model at all of them, and what the best draw improves is counted. The draws are independent given the points, so an outlook
 * does not foresee what the search would learn on the way: it errs on the low side.
 */
import { worth } from '../acquisition/acquisition.js';
import { pool, poolSize } from '../acquisition/pool.js';
import { cubeOf, type Vector } from '../encoding/cube.js';
import { rough } from '../gp/hypothesis.js';
import type { Belief } from '../gp/surrogate.js';
import { normalQuantile } from '../math/normal.js';
import { type Random, random } from '../rng.js';
import type { Observation, SamplerOptions } from '../sampler.js';
import { Historian } from '../samplers/bayes/history.js';
import { type Model, Modeller } from '../samplers/bayes/model.js';
import { unwarped } from '../samplers/bayes/why.js';
import { streams } from '../samplers/streams.js';
import type { SearchSpace } from '../space.js';

export interface Outlook {
  readonly trials: number;
  /** In the objective's units; positive is better, whatever the goal. */
  readonly improvement: number;
  /** Within which the improvement lies with 90 %. */
  readonly low: number;
  readonly high: number;
}

/** Fewer finished trials show no spread to improve on. */
export const fewestForOutlook = 3;

const draws = 400;

/** Null while there is too little to tell. The first objective's. */
export function outlook(space: SearchSpace, options: SamplerOptions, observations: readonly Observation[], trials = 20): Outlook | null {
  const cube = cubeOf(space);
  const numbers = random(options.seed);
  const { results, tried } = new Historian(cube, options).read(observations);
  if (cube.axes.length === 0 || results.all.filter(({ kind }) => kind === 'value').length < fewestForOutlook) return null;
  const model = new Modeller(cube, numbers, rough).model(results, [], { room: trials });
  if (model === undefined) return null;
  const order = [...Array(model.table.finished).keys()].sort((a, b) => model.means[a]! - model.means[b]!);
  const best = order.slice(0, 10).map((row) => model.table.vectors[row]!);
  const candidates = pool(cube, poolSize(cube), best, { random: numbers, index: results.length }).filter(
    (vector) => cube.settle(vector, true) && !tried.has(cube.key(vector)),
  );
  const incumbent = model.means[order[0]!]!;
  const beliefs = nextBeliefs(model, candidates, incumbent, trials);
  return summary(model, beliefs, incumbent, { numbers, trials });
}

/** What is believed at each of the points that would come next. */
function nextBeliefs(model: Model, candidates: readonly Vector[], incumbent: number, trials: number): Belief[] {
  const chosen: Belief[] = [];
  for (let trial = 0; trial < Math.min(trials, candidates.length); trial += 1) {
    let found: { readonly vector: Vector; readonly belief: Belief; readonly value: number } | undefined;
    model.surrogate.each(candidates, false, (index, belief) => {
      const value = worth({ kind: 'improve' }, belief.mean, belief.variance, incumbent);
      if (found === undefined || value > found.value) found = { vector: candidates[index]!, belief, value };
    });
    if (found === undefined) break;
    chosen.push(found.belief);
    model.surrogate.believe([found.vector]);
  }
  return chosen;
}

function summary(
  model: Model,
  beliefs: readonly Belief[],
  incumbent: number,
  by: { readonly numbers: Random; readonly trials: number },
): Outlook {
  const now = unwarped(model, incumbent);
  const gains = Float64Array.from({ length: draws }, (_, draw) => {
    let best = incumbent;
    for (const [at, { mean, variance }] of beliefs.entries()) {
      const share = Math.max(2 ** -53, by.numbers.uniform(draw, streams.outlook, at));
      best = Math.min(best, mean + Math.sqrt(variance) * normalQuantile(share));
    }
    return Math.max(0, now - unwarped(model, best));
  }).toSorted();
  const tidy = (x: number): number => Number(x.toPrecision(4));
  return {
    trials: by.trials,
    improvement: tidy(gains.reduce((sum, gain) => sum + gain / draws, 0)),
    low: tidy(gains[Math.floor(0.05 * draws)]!),
    high: tidy(gains[Math.ceil(0.95 * draws) - 1]!),
  };
}
