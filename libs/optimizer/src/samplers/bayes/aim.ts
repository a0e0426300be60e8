/** What a search is after: a better value, more of the plane between two objectives, or a mixture of many, within the limits. */
import type { Arm } from '../../acquisition/acquisition.js';
import { type Pair, paretoFront, referenceOf, winning } from '../../acquisition/hypervolume.js';
import { promise, type Term } from '../../acquisition/terms.js';
import type { Cube, Vector } from '../../encoding/cube.js';
import { exact, rough } from '../../gp/hypothesis.js';
import { halfRank, standardized } from '../../gp/warp.js';
import { log } from '../../math/elementary.js';
import type { Random } from '../../rng.js';
import { streams } from '../streams.js';
import type { Situation } from './history.js';
import { within } from './limits.js';
import { type Model, Modeller } from './model.js';
import { kinds, type Results, revalued } from './results.js';
import type { Tuning } from './tuning.js';

export interface Aim {
  /** The one that speaks for the choice. */
  readonly model: Model;
  /** What the arm makes of a candidate; undefined while no trial has kept within the limits, when that alone counts. */
  term(arm: Arm): Term | undefined;
  /** The best points so far, the very best first. */
  readonly best: readonly Vector[];
}

export interface AimParts {
  readonly cube: Cube;
  readonly random: Random;
  readonly objectives: number;
  readonly tuning: Tuning;
}

/** By the number of objectives. Undefined as long as no model can be made. */
export function aimFor(parts: AimParts): (situation: Situation) => Aim | undefined {
  if (parts.objectives === 1) return single(parts);
  return parts.objectives === 2 ? pair(parts) : many(parts);
}

/** Both hypotheses look around the best point and everywhere by turns. */
const isLocal = (index: number): boolean => index % 4 >= 2;

const mostParents = 10;

/** Those that take turns; one of a kind, however often its turn comes. */
function modellers({ cube, random, tuning }: AimParts): readonly Modeller[] {
  const made = { A: new Modeller(cube, random, rough), B: new Modeller(cube, random, exact) };
  return tuning.hypotheses.map((name) => made[name]);
}

function single(parts: AimParts): (situation: Situation) => Aim | undefined {
  const models = modellers(parts);
  const sure = models.find(({ hypothesis }) => hypothesis === exact);
  return ({ index, results, pending, thoroughness }) => {
    const cheap = thoroughness !== 'full';
    const turn = models[index % models.length]!;
    const wish = { local: isLocal(index), cheap };
    // Where results have no noise at all, who expects some is asked every fourth time.
    const certain =
      turn !== sure && index % 4 === 2 ? sure?.model(results, pending, { ...wish, noiseBelow: parts.tuning.noiseless }) : undefined;
    const model = certain ?? turn.model(results, pending, wish);
    return model === undefined ? undefined : aimOf(model, results);
  };
}

function aimOf(model: Model, results: Results): Aim {
  const rows = fineRows(model, results);
  const incumbent = Math.min(...rows.map((row) => model.means[row]!));
  const ranked = rows.sort((a, b) => model.means[a]! - model.means[b]!);
  return {
    model,
    term: (arm) => (rows.length === 0 ? undefined : promise(model.surrogate, arm, incumbent)),
    best: ranked.slice(0, mostParents).map((row) => model.table.vectors[row]!),
  };
}

/** Finished trials that kept within the limits. */
function fineRows({ table }: Model, { all }: Results): number[] {
  const rows = [...Array(table.finished).keys()];
  if (all[0]?.excesses.length === 0) return rows;
  const fine = new Set(all.filter(within).map(({ key }) => key));
  return rows.filter((row) => fine.has(table.keys[row]!));
}

function pair(parts: AimParts): (situation: Situation) => Aim | undefined {
  const models = [modellers(parts), modellers(parts)] as const;
  return ({ index, results, pending, thoroughness }) => {
    const cheap = thoroughness !== 'full';
    const made = models.map((turns, objective) => turns[index % turns.length]!.model(seenBy(results, objective), pending, { cheap }));
    const [first, second] = made;
    if (first === undefined || second === undefined) return undefined;
    const points = frontPoints(first, second, results);
    const front = paretoFront(points.map(({ pair: at }) => at));
    const surrogates = [first.surrogate, second.surrogate] as const;
    return {
      model: first,
      term: () => (front.length === 0 ? undefined : winning(surrogates, front, referenceOf(front))),
      best: points.filter(({ pair: at }) => front.includes(at)).map(({ vector }) => vector),
    };
  };
}

/** What both models believe at the trials that kept within the limits: noise would make a front of lucky draws. */
function frontPoints(first: Model, second: Model, results: Results): { readonly vector: Vector; readonly pair: Pair }[] {
  const rows = fineRows(first, results);
  const vectors = rows.map((row) => first.table.vectors[row]!);
  const means = [first, second].map(({ surrogate }) => {
    const seen = new Float64Array(vectors.length);
    surrogate.each(vectors, false, (at, { mean }) => {
      seen[at] = mean;
    });
    return seen;
  });
  return vectors.map((vector, at) => ({ vector, pair: [means[0]![at]!, means[1]![at]!] }));
}

function seenBy(results: Results, objective: number): Results {
  return objective === 0 ? results : revalued(results, ({ values }) => values[objective]!);
}

/** Knowles, "ParEGO" (2006): another mixture of the objectives with every proposal, the worst of them counting most. */
function many(parts: AimParts): (situation: Situation) => Aim | undefined {
  const model = new Modeller(parts.cube, parts.random, rough);
  return ({ index, results, pending, thoroughness }) => {
    const mixed = mixtureOf(results, weightsOf(parts, index));
    const made = model.model(mixed, pending, { cheap: thoroughness !== 'full' });
    return made === undefined ? undefined : aimOf(made, mixed);
  };
}

/** Evenly over the simplex. */
function weightsOf({ random, objectives }: AimParts, index: number): readonly number[] {
  const draws = Array.from({ length: objectives }, (_, at) => -log(Math.max(2 ** -53, random.uniform(index, streams.weights, at))));
  const total = draws.reduce((sum, draw) => sum + draw, 0);
  return draws.map((draw) => draw / total);
}

function mixtureOf(results: Results, weights: readonly number[]): Results {
  const valued = results.all.filter((_, index) => results.kinds[index] !== kinds.failed);
  const scaled = weights.map((_, objective) => unitScaled(Float64Array.from(valued, ({ values }) => values[objective]!)));
  const mixed = new Map(
    valued.map((result, at) => {
      const parts = weights.map((weight, objective) => weight * scaled[objective]![at]!);
      return [result, Math.max(...parts) + 0.05 * parts.reduce((sum, part) => sum + part, 0)];
    }),
  );
  return revalued(results, (result) => mixed.get(result) ?? Number.NaN);
}

function unitScaled(values: Float64Array): Float64Array {
  const warped = standardized(halfRank(values));
  const [low, high] = [Math.min(...warped), Math.max(...warped)];
  return warped.map((value) => (high > low ? (value - low) / (high - low) : 0));
}
