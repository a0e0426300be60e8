/** The next point by a model: candidates, the arm that judges them, the search, and what to say about the choice. */
import type { Arm } from '../../acquisition/acquisition.js';
import { pool, poolSize } from '../../acquisition/pool.js';
import { fullEffort, type Judge, search } from '../../acquisition/search.js';
import { excludes, promise, sumOf, type Term } from '../../acquisition/terms.js';
import { type Cube, distance, type Vector } from '../../encoding/cube.js';
import type { Random } from '../../rng.js';
import { streams } from '../streams.js';
import type { Situation } from './bayes.js';
import type { Result } from './history.js';
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
  /** The chance that a point works, where that is known to differ. */
  readonly feasible: Term | undefined;
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

function armOf(question: Question): Arm {
  const { random, situation, tuning } = question;
  if (tuning.stall && stalled(question)) return { kind: 'bound', beta: 4 };
  const draw = random.uniform(situation.index, streams.arm, 0);
  if (draw < tuning.improve) return { kind: 'improve' };
  return draw < tuning.improve + tuning.bound ? { kind: 'bound', beta: tuning.beta } : { kind: 'explore' };
}

/**
 * Whether the last results lie close together and none was better than those before: then the model may have taken structure for
 * noise. Looking far away ends this by itself.
 */
function stalled({ cube, model, situation }: Question): boolean {
  const recent = Math.max(8, cube.axes.length);
  const finished = situation.results.filter(({ kind }) => kind === 'value');
  if (finished.length < 2 * recent) return false;
  const rows = new Map(model.table.keys.map((key, row) => [key, row]));
  const best = (results: readonly Result[]): number => Math.min(...results.map(({ key }) => model.means[rows.get(key)!]!));
  const last = finished.slice(-recent);
  if (best(finished.slice(0, -recent)) - best(last) > 0.01) return false;
  return spreadOf(cube, last) < 0.1 * Math.sqrt(cube.axes.length);
}

/** Mean distance of two of them. */
function spreadOf(cube: Cube, results: readonly Result[]): number {
  let sum = 0;
  for (const [index, a] of results.entries()) for (const b of results.slice(index + 1)) sum += distance(cube, a.vector, b.vector);
  return sum / ((results.length * (results.length - 1)) / 2);
}

function candidatesOf({ cube, random, model, situation }: Question): Vector[] {
  const { tried, index } = situation;
  if (cube.combinations <= small) return [...everyPoint(cube)].filter((vector) => !tried.has(cube.key(vector)));
  const order = [...model.means.subarray(0, model.table.finished).keys()].sort((a, b) => model.means[a]! - model.means[b]!);
  const best = order.slice(0, 10).map((row) => model.table.vectors[row]!);
  return pool(cube, poolSize(cube), best, { random, index, region: model.region });
}

function judgeOf({ cube, model, situation, feasible }: Question, arm: Arm): Judge {
  const terms = [promise(model.surrogate, arm, model.incumbent), ...(feasible === undefined ? [] : [feasible])];
  return sumOf(terms, excludes(cube, situation.tried));
}
