/** What holds for the answer to any history, however odd. */
import { type Proposal, type Sampler, type SamplerDefinition, SpaceError, stringifyJson } from '@sweep/optimizer';
import fc from 'fast-check';
import { complaints } from '../inside.js';
import { anyRecipe, observationsOf, type Recipe } from './histories.js';

/** A property that fails with what was wrong: the sampler throws, proposes what is no point, says what is no number, or forgets. */
export function soundAnswers(definition: SamplerDefinition): fc.IProperty<[Recipe]> {
  return fc.property(anyRecipe, (recipe) => {
    const found = wrongAnswer(definition, recipe);
    if (found.length > 0) throw new Error(found.join('; '));
  });
}

function wrongAnswer(definition: SamplerDefinition, recipe: Recipe): string[] {
  const sampler = opened(definition, recipe);
  const observations = observationsOf(recipe);
  if (sampler === null || observations === null) return [];
  const request = { cursor: observations.length, count: recipe.count, observations };
  // What an instance has seen before must not matter.
  const warm = sampler.ask({ ...request, cursor: 0, count: 1, observations: observations.slice(0, recipe.ended >> 1) });
  const answer = sampler.ask(request);
  const again = opened(definition, recipe)!.ask(request);
  const recommended = sampler.recommend?.(observations) ?? null;
  return [
    ...[...warm.proposals, ...answer.proposals].flatMap((proposal) => wrongProposal(recipe, proposal)),
    ...(answer.proposals.length === recipe.count || answer.exhausted ? [] : ['fewer proposals than asked for']),
    ...(textOf(answer) === textOf(again) ? [] : ['another answer from a new instance']),
    ...(recommended === null || observations.some(({ number }) => number === recommended) ? [] : ['recommends what never ran']),
  ];
}

/** Null where the space has no point. */
function opened(definition: SamplerDefinition, { space, options }: Recipe): Sampler | null {
  try {
    return definition.create(space, options);
  } catch (error) {
    if (error instanceof SpaceError) return null;
    throw error;
  }
}

const textOf = (value: unknown): string => stringifyJson(value, { nonFinite: 'text' });

function wrongProposal({ space }: Recipe, { params, why, detail }: Proposal): string[] {
  const numbers = Object.values(detail ?? {}).filter((value) => typeof value === 'number');
  return [
    ...complaints(space, params).map((complaint) => `${textOf(params)}: ${complaint}`),
    ...(numbers.every(Number.isFinite) ? [] : [`detail with a number that is none: ${textOf(detail)}`]),
    ...(why === '' ? ['a proposal without a reason'] : []),
  ];
}
