/** Independent draws from each parameter's distribution, as W&B's `method: random`, but repeatable. Never ends. */
import { type CompiledSpace, compileSpace } from '../compiled-space.js';
import { drawLimit, type Random, random } from '../rng.js';
import type { Answer, Ask, Proposal, SamplerDefinition } from '../sampler.js';
import type { SearchSpace } from '../space.js';
import type { Params } from '../value.js';
import { missLimit, noPoint, paramsAt } from './draw.js';
import { streams } from './streams.js';

export const randomSampler: SamplerDefinition = {
  name: 'random',
  version: 1,
  learnsFrom: 'nothing',
  create(space, { seed }) {
    const compiled = compileSpace(space);
    const numbers = random(seed);
    // The first proposal, drawn to see that there is one.
    draw({ space, compiled, numbers }, 0);
    return { ask: (request) => ask({ space, compiled, numbers }, request) };
  },
};

interface Source {
  readonly space: SearchSpace;
  readonly compiled: CompiledSpace;
  readonly numbers: Random;
}

function ask(source: Source, { cursor, count }: Ask): Answer {
  const proposals = Array.from(
    { length: count },
    (_, ahead): Proposal => ({ params: draw(source, cursor + ahead), why: 'drawn at random' }),
  );
  return { proposals, cursor: cursor + count, exhausted: false };
}

function draw({ space, compiled, numbers }: Source, index: number): Params {
  for (let attempt = 0; attempt <= missLimit; attempt += 1) {
    const params = paramsAt(compiled, (parameter) => {
      const position = attempt * compiled.parameters.length + parameter;
      return numbers.uniform(index, streams.random + Math.floor(position / drawLimit), position % drawLimit);
    });
    if (params !== undefined) return params;
  }
  throw noPoint(space);
}
