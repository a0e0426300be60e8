/**
 * Bayesian optimisation: a model of the results so far says where to look next.
 *
 * The cursor counts proposals; a proposal depends on the space, the seed, the cursor and the log that is passed, and on nothing else.
 */
import type { Hint, Term } from '../../acquisition/terms.js';
import { type Cube, cubeOf, type Vector } from '../../encoding/cube.js';
import { rough } from '../../gp/hypothesis.js';
import { type Random, random } from '../../rng.js';
import type { Answer, Ask, Observation, Proposal, Sampler, SamplerDefinition } from '../../sampler.js';
import { noPoint } from '../draw.js';
import { type Aim, aimFor } from './aim.js';
import { designPoint, designSize } from './design.js';
import { feasibility, labels } from './feasibility.js';
import { hintsOf, hintTerm } from './hints.js';
import { Historian, type Situation, Tried } from './history.js';
import { limitTerm, within } from './limits.js';
import { nextPoint } from './next-point.js';
import { SideModel } from './side-model.js';
import { type Tuning, usual } from './tuning.js';
import { untried } from './untried.js';
import { designReason, type Reason } from './why.js';

export const bayesSampler: SamplerDefinition = {
  name: 'bayes',
  version: 2,
  learnsFrom: 'all',
  create(space, options) {
    const cube = cubeOf(space);
    const numbers = random(options.seed);
    if (untried(cube, numbers, new Tried()) === undefined) throw noPoint(space);
    const tuning = { ...usual, ...options.tuning };
    return new Bayes({
      cube,
      random: numbers,
      tuning,
      historian: new Historian(cube, options),
      hints: hintsOf(space, cube),
      objectives: options.goals.length,
      limits: options.limits?.length ?? 0,
      maximize: options.goals[0] === 'maximize',
    });
  },
};

interface Parts {
  readonly cube: Cube;
  readonly random: Random;
  readonly historian: Historian;
  readonly tuning: Tuning;
  readonly hints: readonly Hint[];
  readonly objectives: number;
  readonly limits: number;
  readonly maximize: boolean;
}

/** Why a point comes from the even sequence and not from a model. */
const even = {
  first: 'a point of the first, even design: too little is known for a model',
  few: 'the next point of an even design: too few trials have worked for a model',
  stuck: 'the next point of an even design: a model found none that is new',
} as const;

class Bayes implements Sampler {
  readonly #aim: (situation: Situation) => Aim | undefined;
  readonly #labels: SideModel;
  readonly #limits: readonly SideModel[];

  constructor(private readonly parts: Parts) {
    this.#aim = aimFor(parts);
    this.#labels = new SideModel(parts.cube, labels);
    this.#limits = Array.from({ length: parts.limits }, () => new SideModel(parts.cube, rough));
  }

  ask({ cursor, count, observations, thoroughness = 'full' }: Ask): Answer {
    const { cube, historian } = this.parts;
    const { results, pending, tried } = historian.read(observations);
    const underway = [...pending];
    const proposals: Proposal[] = [];
    while (proposals.length < count) {
      const found = this.#propose({ index: cursor + proposals.length, results, pending: underway, tried, thoroughness });
      if (found === undefined) return { proposals, cursor: cursor + proposals.length, exhausted: true };
      const key = cube.key(found.vector);
      underway.push({ vector: found.vector, key });
      tried.add(key);
      proposals.push({ params: cube.params(found.vector), ...found.reason });
    }
    return { proposals, cursor: cursor + count, exhausted: false };
  }

  recommend(observations: readonly Observation[]): number | null {
    const { cube, historian, objectives } = this.parts;
    const { results } = historian.read(observations);
    // Of several objectives no single trial is best.
    const best =
      objectives === 1 ? this.#aim({ index: 0, results, pending: [], tried: new Tried(), thoroughness: 'full' })?.best[0] : undefined;
    if (best === undefined) return null;
    const key = cube.key(best);
    return results.all.find((result) => result.kind === 'value' && result.key === key && within(result))?.number ?? null;
  }

  /** Undefined when every point has been tried. */
  #propose(situation: Situation): { readonly vector: Vector; readonly reason: Reason } | undefined {
    const { cube, random, tuning } = this.parts;
    const { index, results, tried } = situation;
    const size = tuning.design ?? designSize(cube);
    const enough = results.length - results.failed >= Math.max(3, size / 2);
    if (index >= size && enough) {
      const aim = this.#aim(situation);
      const found = aim === undefined ? undefined : nextPoint({ ...this.parts, aim, situation, chances: this.#chances(situation) });
      if (found !== undefined) return found;
    }
    const planned = designPoint(cube, random, index);
    const free = cube.settle(planned, true) && !tried.has(cube.key(planned));
    const vector = free ? planned : untried(cube, random, tried, index);
    if (vector === undefined) return undefined;
    return { vector, reason: designReason(cube, vector, situation, index < size ? even.first : enough ? even.stuck : even.few) };
  }

  /** That it works, that it keeps within the limits, that a person thinks it good. */
  #chances(situation: Situation): readonly Term[] {
    const { hints } = this.parts;
    return [
      feasibility(this.#labels, situation),
      ...this.#limits.map((model, limit) => limitTerm(model, limit, situation)),
      hintTerm(hints, situation.results.length),
    ].filter((term) => term !== undefined);
  }
}
