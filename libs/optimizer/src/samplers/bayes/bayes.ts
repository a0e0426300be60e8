/**
 * Bayesian optimisation: a model of the results so far says where to look next.
 *
 * The cursor counts proposals; a proposal depends on the space, the seed, the cursor and the log that is passed, and on nothing else.
 */
import { type Cube, cubeOf, type Vector } from '../../encoding/cube.js';
import { type Random, random } from '../../rng.js';
import type { Answer, Ask, Proposal, Sampler, SamplerDefinition } from '../../sampler.js';
import { noPoint } from '../draw.js';
import { designPoint, designSize } from './design.js';
import { Historian, type Point, type Result } from './history.js';
import { type Modeller, modellers } from './model.js';
import { nextPoint } from './next-point.js';
import { untried } from './untried.js';

export const bayesSampler: SamplerDefinition = {
  name: 'bayes',
  version: 1,
  learnsFrom: 'all',
  create(space, { seed, goals }) {
    const cube = cubeOf(space);
    const numbers = random(seed);
    const [goal] = goals;
    return new Bayes(cube, numbers, new Historian(cube, goal ?? 'minimize'), () => noPoint(space));
  },
};

/** The log as it stands when one proposal is made. */
export interface Situation {
  readonly index: number;
  readonly results: readonly Result[];
  readonly pending: readonly Point[];
  readonly tried: ReadonlySet<string>;
}

class Bayes implements Sampler {
  readonly #models: readonly [Modeller, Modeller];

  constructor(
    private readonly cube: Cube,
    private readonly random: Random,
    private readonly historian: Historian,
    empty: () => Error,
  ) {
    this.#models = modellers(cube, random);
    if (untried(cube, random, new Set()) === undefined) throw empty();
  }

  ask({ cursor, count, observations }: Ask): Answer {
    const { results, pending, tried } = this.historian.read(observations);
    const underway = [...pending];
    const taken = new Set(tried);
    const proposals: Proposal[] = [];
    while (proposals.length < count) {
      const found = this.#propose({ index: cursor + proposals.length, results, pending: underway, tried: taken });
      if (found === undefined) return { proposals, cursor: cursor + proposals.length, exhausted: true };
      const key = this.cube.key(found.vector);
      underway.push({ vector: found.vector, key });
      taken.add(key);
      proposals.push({ params: this.cube.params(found.vector), why: found.why });
    }
    return { proposals, cursor: cursor + count, exhausted: false };
  }

  /** Undefined when every point has been tried. */
  #propose(situation: Situation): { readonly vector: Vector; readonly why: string } | undefined {
    const { cube } = this;
    const { index, results, tried } = situation;
    const size = designSize(cube);
    const known = results.filter(({ kind }) => kind !== 'failed').length;
    if (index >= size && known >= Math.max(3, size / 2)) {
      const model = this.#models[index % 2 === 0 ? 0 : 1].model(results, situation.pending);
      const found = model === undefined ? undefined : nextPoint({ cube, random: this.random, model, situation });
      if (found !== undefined) return found;
    }
    const planned = designPoint(cube, this.random, index);
    if (cube.settle(planned, true) && !tried.has(cube.key(planned))) return { vector: planned, why: 'a point of the first, even design' };
    const other = untried(cube, this.random, tried, index);
    return other === undefined
      ? undefined
      : { vector: other, why: 'a point of its own, since the planned one was tried already or is not allowed' };
  }
}
