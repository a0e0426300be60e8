/** The next point by a model: candidates, the arm that judges them, the search, and what to say about the choice. */
import { type Arm, judge } from '../../acquisition/acquisition.js';
import { pool, poolSize } from '../../acquisition/pool.js';
import { fullEffort, type Judge, search } from '../../acquisition/search.js';
import type { Cube, Vector } from '../../encoding/cube.js';
import type { Random } from '../../rng.js';
import { streams } from '../streams.js';
import type { Situation } from './bayes.js';
import type { Model } from './model.js';
import type { Tuning } from './tuning.js';
import { everyPoint } from './untried.js';
import { modelReason, type Reason } from './why.js';

interface Question {
  readonly cube: Cube;
  readonly random: Random;
  readonly tuning: Tuning;
  readonly maximize: boolean;
  readonly model: Model;
  readonly situation: Situation;
}

/** Spaces of at most this many combinations are judged whole. */
const small = 2_000;

export function nextPoint(question: Question): { readonly vector: Vector; readonly reason: Reason } | undefined {
  const { cube, model, situation } = question;
  const arm = armOf(question);
  const judged = judgeOf(question, arm);
  const candidates = candidatesOf(question);
  if (candidates.length === 0) return undefined;
  const found =
    cube.combinations <= small
      ? ranked(candidates, judged)
      : search(cube, candidates, judged, { ...fullEffort, starts: question.tuning.starts });
  for (const { vector } of found) {
    if (!cube.settle(vector, true) || situation.tried.has(cube.key(vector))) continue;
    const belief = model.surrogate.at(vector);
    return { vector, reason: modelReason({ cube, vector, arm, model, belief, results: situation.results, maximize: question.maximize }) };
  }
  return undefined;
}

function ranked(candidates: readonly Vector[], judged: Judge): { readonly vector: Vector }[] {
  const values = judged(candidates);
  return candidates.map((vector, index) => ({ vector, value: values[index]! })).sort((a, b) => b.value - a.value);
}

function armOf({ random, situation, tuning }: Question): Arm {
  const draw = random.uniform(situation.index, streams.arm, 0);
  if (draw < tuning.improve) return { kind: 'improve' };
  return draw < tuning.improve + tuning.bound ? { kind: 'bound', beta: tuning.beta } : { kind: 'explore' };
}

function candidatesOf({ cube, random, model, situation }: Question): Vector[] {
  const { tried, index } = situation;
  if (cube.combinations <= small) return [...everyPoint(cube)].filter((vector) => !tried.has(cube.key(vector)));
  const order = [...model.means.subarray(0, model.table.finished).keys()].sort((a, b) => model.means[a]! - model.means[b]!);
  const best = order.slice(0, 10).map((row) => model.table.vectors[row]!);
  return pool(cube, poolSize(cube), best, { random, index });
}

function judgeOf({ cube, model, situation }: Question, arm: Arm): Judge {
  const { surrogate, incumbent } = model;
  const finite = cube.combinations !== Number.POSITIVE_INFINITY;
  return (points, slopes) => {
    const values = new Float64Array(points.length);
    surrogate.each(points, slopes !== undefined, (index, { mean, variance }, slot) => {
      const { value, byMean, byDeviation } = judge(arm, mean, variance, incumbent);
      values[index] = finite && slopes === undefined && situation.tried.has(cube.key(points[index]!)) ? Number.NEGATIVE_INFINITY : value;
      const into = slopes?.[index];
      if (into === undefined) return;
      const perVariance = byDeviation / (2 * Math.max(1e-9, Math.sqrt(variance)));
      for (let d = 0; d < cube.numeric; d += 1) {
        into[d] = byMean * surrogate.meanSlope(d, slot) + perVariance * surrogate.varianceSlope(d, slot);
      }
    });
    return values;
  };
}
