/**
 * Scrambled Sobol points through each parameter's distribution: covers the space more evenly than independent draws. Never ends.
 *
 * The cursor is the index in the sequence; points that constraints refuse are passed over.
 */
import { type CompiledSpace, compileSpace } from '../compiled-space.js';
import { scramble, sobolDimensions, sobolWord } from '../math/sobol.js';
import { type Random, random } from '../rng.js';
import type { Answer, Ask, Proposal, SamplerDefinition } from '../sampler.js';
import type { SearchSpace } from '../space.js';
import type { Params } from '../value.js';
import { missLimit, noPoint, paramsAt } from './draw.js';
import { streams } from './streams.js';

export const sobolSampler: SamplerDefinition = {
  name: 'sobol',
  version: 1,
  learnsFrom: 'nothing',
  create(space, { seed }) {
    const source = prepare(space, random(seed));
    next(source, 0);
    return { ask: (request) => ask(source, request) };
  },
};

interface Source {
  readonly space: SearchSpace;
  readonly compiled: CompiledSpace;
  readonly numbers: Random;
  /** For each parameter its dimension; -1 for constants, which need none. */
  readonly dimensions: readonly number[];
  readonly seeds: readonly number[];
}

function prepare(space: SearchSpace, numbers: Random): Source {
  const compiled = compileSpace(space);
  let count = 0;
  const dimensions = compiled.parameters.map(({ domain }) => {
    if (domain.kind === 'constant') return -1;
    count += 1;
    return count - 1;
  });
  const seeds = Array.from({ length: Math.min(count, sobolDimensions) }, (_, dimension) => numbers.word(0, streams.scramble, dimension));
  return { space, compiled, numbers, dimensions, seeds };
}

function ask(source: Source, { cursor, count }: Ask): Answer {
  const proposals: Proposal[] = [];
  let index = cursor;
  while (proposals.length < count) {
    const found = next(source, index);
    proposals.push({ params: found.params, why: `point ${found.index + 1} of a scrambled Sobol sequence` });
    index = found.index + 1;
  }
  return { proposals, cursor: index, exhausted: false };
}

/** The first allowed point from this index on. */
function next(source: Source, from: number): { readonly index: number; readonly params: Params } {
  for (let index = from; index <= from + missLimit; index += 1) {
    const params = paramsAt(source.compiled, (parameter) => shareAt(source, index, source.dimensions[parameter]!));
    if (params !== undefined) return { index, params };
  }
  throw noPoint(source.space);
}

/** In the middle of its cell of 2^-32. */
function shareAt({ numbers, seeds }: Source, index: number, dimension: number): number {
  const seed = seeds[dimension];
  if (seed === undefined) return numbers.uniform(index, streams.beyondSobol, dimension);
  return (scramble(sobolWord(index, dimension), seed) + 0.5) / 2 ** 32;
}
