/**
 * Histories of a sweep as they should never be, by recipe: a few words and a seed, from which every result follows.
 *
 * So a history that breaks something is short to write down, and shrinks to one that is shorter still.
 */
import { type Observation, type Params, random, type SamplerOptions, type SearchSpace, SpaceError, samplers } from '@sweep/optimizer';
import fc from 'fast-check';
import { anySpace } from './spaces.js';

const levels = ['constant', 'two levels', 'plain', 'heavy tail', 'huge', 'last digits', 'junk'] as const;
const ends = ['completed', 'failed', 'lost', 'pruned', 'all kinds'] as const;
const curves = ['none', 'plain', 'junk', 'long'] as const;

export interface Recipe {
  readonly space: SearchSpace;
  readonly seed: number;
  readonly ended: number;
  readonly live: number;
  readonly values: (typeof levels)[number];
  readonly ends: (typeof ends)[number];
  readonly curves: (typeof curves)[number];
  /** Of ten trials so many repeat the params of an earlier one. */
  readonly repeats: number;
  /** Of ten trials so many have params of another space. */
  readonly strangers: number;
  readonly options: SamplerOptions;
  readonly count: number;
}

const limit = fc.record({
  keep: fc.constantFrom('below' as const, 'above' as const),
  bound: fc.constantFrom(0, 0.5, -1e300, 1e300, Number.POSITIVE_INFINITY, 5e-324),
});

const options = fc.record({
  seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  goals: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(['minimize'] as const, ['maximize'] as const) },
    { weight: 2, arbitrary: fc.constantFrom(['minimize', 'maximize'] as const, ['minimize', 'minimize'] as const) },
    { weight: 1, arbitrary: fc.constantFrom(['minimize', 'maximize', 'maximize'] as const) },
  ),
  limits: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(limit, { minLength: 1, maxLength: 2 }) }),
  tuning: fc.constantFrom({ starts: 1 }, { starts: 2 }, { starts: 1, improve: 0, bound: 1 }, { starts: 1, improve: 0, bound: 0 }),
});

/** Few are long: one of 700 is more than one model holds, one of 4,100 is thinned. */
const length = fc.oneof(
  { weight: 300, arbitrary: fc.integer({ min: 0, max: 14 }) },
  { weight: 150, arbitrary: fc.integer({ min: 15, max: 40 }) },
  { weight: 20, arbitrary: fc.integer({ min: 41, max: 110 }) },
  { weight: 2, arbitrary: fc.integer({ min: 601, max: 700 }) },
  { weight: 1, arbitrary: fc.integer({ min: 4_001, max: 4_100 }) },
);

export const anyRecipe: fc.Arbitrary<Recipe> = fc.record({
  space: anySpace,
  seed: fc.nat(),
  ended: length,
  live: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.nat(40) }),
  values: fc.constantFrom(...levels),
  ends: fc.constantFrom(...ends),
  curves: fc.constantFrom(...curves),
  repeats: fc.constantFrom(0, 0, 3, 9, 10),
  strangers: fc.constantFrom(0, 0, 0, 2, 10),
  options,
  count: fc.integer({ min: 1, max: 3 }),
});

/** Null where no point can be drawn. */
export function observationsOf(recipe: Recipe): readonly Observation[] | null {
  const { ended, seed } = recipe;
  const dice = diceOf(seed);
  const points = drawn(recipe);
  if (points === null) return null;
  const all: Params[] = [];
  for (const own of points) {
    const earlier = all[Math.floor(dice() * all.length)];
    if (earlier !== undefined && dice() * 10 < recipe.repeats) all.push(dice() < 0.5 ? earlier : structuredClone(earlier));
    else all.push(dice() * 10 < recipe.strangers ? { ...own, p00: 'elsewhere', p99: 1 } : own);
  }
  return all.map((params, index): Observation => {
    const number = index - 2;
    return index < ended ? { number, params, ...endOf(recipe, dice) } : { number, params, state: 'live', values: [] };
  });
}

function drawn({ space, seed, ended, live }: Recipe): readonly Params[] | null {
  try {
    const sampler = samplers.get('random')!.create(space, { seed: BigInt(seed), goals: ['minimize'] });
    return sampler.ask({ cursor: 0, count: ended + live, observations: [] }).proposals.map(({ params }) => params);
  } catch (error) {
    if (error instanceof SpaceError) return null;
    throw error;
  }
}

type Dice = () => number;

function diceOf(seed: number): Dice {
  const numbers = random(BigInt(seed));
  let throws = 0;
  return () => numbers.uniform(throws++, 0, 0);
}

const pick = <T>(list: readonly T[], dice: Dice): T => list[Math.floor(dice() * list.length)]!;

function endOf(recipe: Recipe, dice: Dice): Omit<Observation, 'number' | 'params'> {
  const kind =
    recipe.ends === 'all kinds' ? pick(['completed', 'completed', 'failed', 'lost', 'pruned', 'cancelled'] as const, dice) : recipe.ends;
  const values = recipe.options.goals.map(() => resultOf(recipe.values, dice));
  const limits = recipe.options.limits!.map(() => (dice() < 0.2 ? null : resultOf(recipe.values, dice)));
  const told = { curve: curveOf(recipe, dice), ...(dice() < 0.8 ? { limits } : {}) };
  if (kind === 'failed') return { state: 'failed', values: dice() < 0.5 ? [] : values, blame: 'config', ...told };
  if (kind === 'lost') return { state: 'failed', values: [], blame: 'infra', ...told };
  return { state: kind, values, ...told };
}

const junk = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e300,
  -1e300,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  0,
  -0,
  5e-324,
  1,
  1 + Number.EPSILON,
  null,
];

function resultOf(style: Recipe['values'], dice: Dice): number | null {
  switch (style) {
    case 'constant':
      return 3.5;
    case 'two levels':
      return dice() < 0.5 ? 0 : 1;
    case 'plain':
      return dice();
    case 'heavy tail':
      return 10 ** (300 * dice() ** 8);
    case 'huge':
      return (dice() - 0.5) * 2e300;
    case 'last digits':
      return 1 + Math.floor(dice() * 8) * Number.EPSILON;
    case 'junk':
      return pick(junk, dice);
  }
}

function curveOf(recipe: Recipe, dice: Dice): readonly (readonly [number, number])[] {
  const length = recipe.curves === 'none' ? 0 : recipe.curves === 'long' ? 60 : Math.floor(dice() * 6);
  const style = recipe.curves === 'junk' ? 'junk' : recipe.values;
  return Array.from({ length }, (_, step) => [recipe.curves === 'junk' ? step >> 1 : step, resultOf(style, dice) ?? 0] as const);
}
