/**
 * Bayesian optimisation: a model of the results so far says where to look next.
 *
 * The cursor counts proposals; a proposal depends on the space, the seed, the cursor and the log that is passed, and on nothing else.
 */
import { type Cube, cubeOf, type Vector } from '../../encoding/cube.js';
import { type Random, random } from '../../rng.js';
import type { Answer, Ask, Observation, Proposal, Sampler, SamplerDefinition } from '../../sampler.js';
import { noPoint } from '../draw.js';
import { designPoint, designSize } from './design.js';
import { feasibility } from './feasibility.js';
import { Historian, type Point, type Result } from './history.js';
import { type Modeller, modellers } from './model.js';
import { nextPoint } from './next-point.js';
import { Room } from './room.js';
import { type Tuning, usual } from './tuning.js';
import { untried } from './untried.js';
import { designReason, type Reason } from './why.js';

export const bayesSampler: SamplerDefinition = {
  name: 'bayes',
  version: 1,
  learnsFrom: 'all',
  create(space, { seed, goals, tuning }) {
    const cube = cubeOf(space);
    const numbers = random(seed);
    const [goal] = goals;
    const historian = new Historian(cube, goal ?? 'minimize');
    if (untried(cube, numbers, new Set()) === undefined) throw noPoint(space);
    return new Bayes({ cube, random: numbers, historian, tuning: { ...usual, ...tuning }, maximize: goal === 'maximize' });
  },
};

/** Both hypotheses look around the best point and everywhere by turns. */
const isLocal = (index: number): boolean => index % 4 >= 2;

/** The log as it stands when one proposal is made. */
export interface Situation {
  readonly index: number;
  readonly results: readonly Result[];
  readonly pending: readonly Point[];
  readonly tried: ReadonlySet<string>;
}

interface Parts {
  readonly cube: Cube;
  readonly random: Random;
  readonly historian: Historian;
  readonly tuning: Tuning;
  readonly maximize: boolean;
}

class Bayes implements Sampler {
  readonly #models: readonly Modeller[];
  readonly #labels: Room;

  constructor(private readonly parts: Parts) {
    this.#models = modellers(parts.cube, parts.random, parts.tuning);
    this.#labels = new Room(parts.cube);
  }

  ask({ cursor, count, observations }: Ask): Answer {
    const { cube, historian } = this.parts;
    const { results, pending, tried } = historian.read(observations);
    const underway = [...pending];
    const taken = new Set(tried);
    const proposals: Proposal[] = [];
    while (proposals.length < count) {
      const found = this.#propose({ index: cursor + proposals.length, results, pending: underway, tried: taken });
      if (found === undefined) return { proposals, cursor: cursor + proposals.length, exhausted: true };
      const key = cube.key(found.vector);
      underway.push({ vector: found.vector, key });
      taken.add(key);
      proposals.push({ params: cube.params(found.vector), ...found.reason });
    }
    return { proposals, cursor: cursor + count, exhausted: false };
  }

  recommend(observations: readonly Observation[]): number | null {
    const { cube, historian } = this.parts;
    const { results } = historian.read(observations);
    const model = this.#models[0]!.model(results, [], false);
    if (model === undefined) return null;
    const key = cube.key(model.table.vectors[model.means.indexOf(model.incumbent)]!);
    return results.find((result) => result.kind === 'value' && result.key === key)?.number ?? null;
  }

  /** Undefined when every point has been tried. */
  #propose(situation: Situation): { readonly vector: Vector; readonly reason: Reason } | undefined {
    const { cube, random, tuning } = this.parts;
    const { index, results, tried } = situation;
    const size = tuning.design ?? designSize(cube);
    const known = results.filter(({ kind }) => kind !== 'failed').length;
    if (index >= size && known >= Math.max(3, size / 2)) {
      const model = this.#models[index % this.#models.length]!.model(results, situation.pending, isLocal(index));
      const feasible = feasibility(cube, this.#labels.open, results, situation.pending);
      const found = model === undefined ? undefined : nextPoint({ ...this.parts, model, feasible, situation });
      if (found !== undefined) return found;
    }
    const planned = designPoint(cube, random, index);
    const free = cube.settle(planned, true) && !tried.has(cube.key(planned));
    const vector = free ? planned : untried(cube, random, tried, index);
    if (vector === undefined) return undefined;
    return { vector, reason: designReason(cube, vector, results, 'a point of the first, even design: too little is known for a model') };
  }
}
