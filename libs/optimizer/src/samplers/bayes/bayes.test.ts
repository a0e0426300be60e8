import { describe, expect, it } from 'vitest';
import {
  completed,
  failed,
  finiteSpace,
  ints,
  keyOf,
  mixedSpace,
  type Outcome,
  parameter,
  play,
  space,
  values,
} from '../../../testing/index.js';
import { stringifyJson } from '../../json-write.js';
import { misfit } from '../../membership.js';
import { random } from '../../rng.js';
import { type Observation, type SamplerOptions, SpaceError, thoroughness } from '../../sampler.js';
import type { Domain, SearchSpace } from '../../space.js';
import { numeric, type Params } from '../../value.js';
import { bayesSampler as definition } from './bayes.js';

const text = (params: Params): string => stringifyJson(params, { nonFinite: 'text' });
const at = (params: Params, key: string): number => numeric(params[key])!;
const numbers = random(99n);
/** Anything that depends on the params alone. */
const share = (params: Params, draw = 0): number => {
  let hash = 7;
  for (const character of text(params)) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return numbers.uniform(hash, 5, draw);
};
const sweet: SearchSpace = space([
  parameter('kind', values('a', 'b', 'c')),
  parameter('rate', { kind: 'log_uniform_values', min: 1e-4, max: 1 }),
  parameter('x', { kind: 'uniform', min: 0, max: 1 }),
]);

/** Some of everything that can become of a trial. */
function eventful(params: Params, number: number): Outcome {
  const luck = share(params, 1);
  if (luck < 0.1) return failed('config');
  if (luck < 0.15) return failed('infra');
  const value = share(params);
  const curve = [1, 2, 3, 4].map((step) => [step, value + 1 / step] as const);
  if (luck < 0.3) return { state: 'pruned', values: [value + 0.5], curve: curve.slice(0, 2) };
  if (luck < 0.35) return { state: 'cancelled', values: [null] };
  return { state: 'completed', values: [value], curve, limits: number % 5 === 0 ? [null] : [share(params, 2)] };
}

const fast = { starts: 2 };

describe('what does not matter to the proposals', () => {
  const mixedLoss = (params: Params): number =>
    at(params, 'lr') * 3 + at(params, 'dropout') + Math.log10(at(params, 'decay')) / 10 + (params['optimizer'] === 'adam' ? 0 : 0.3);
  const points = (where: SearchSpace, outcome: (params: Params) => Outcome, options: Partial<SamplerOptions> = {}): readonly Params[] =>
    play({ definition, space: where, options: { ...options, tuning: fast }, trials: 40, workers: 3, outcome }).proposals.map(
      ({ params }) => params,
    );

  it.each([
    ['a larger unit', 1000, 0],
    ['an odd unit', 0.07, 0],
    ['an offset', 1, 12.5],
    ['both', 3.7, -41],
  ])('is %s', (_, a, b) => {
    const search = (unit: number, offset: number): readonly Params[] =>
      points(mixedSpace, (params) => {
        const luck = share(params, 1);
        if (luck < 0.1) return failed();
        const value = (more: number): number => unit * (mixedLoss(params) + more) + offset;
        const curve = [
          [1, value(0.4)],
          [2, value(0.1)],
        ] as const;
        return luck < 0.3 ? { state: 'pruned', values: [value(0.4)], curve: curve.slice(0, 1) } : { ...completed(value(0)), curve };
      });
    expect(search(a, b)).toEqual(search(1, 0));
  });

  it('is whether a loss is minimised or its negative maximised', () => {
    const down = points(mixedSpace, (params) => completed(mixedLoss(params)));
    const up = points(mixedSpace, (params) => completed(5 - 2 * mixedLoss(params)), { goals: ['maximize'] });
    expect(up).toEqual(down);
  });

  it('is what the parameters are called, and their order', () => {
    const domains: readonly (readonly [string, Domain])[] = [
      ['kind', values('a', 'b', 'c')],
      ['rate', { kind: 'log_uniform_values', min: 1e-4, max: 1 }],
      ['size', ints(1, 40)],
      ['x', { kind: 'uniform', min: 0, max: 1 }],
    ];
    const when = { key: 'kind', values: ['b', 'c'] };
    const spaceOf = (name: (old: string) => string, order: readonly number[]): SearchSpace =>
      space(
        order.map((index) => {
          const [old, domain] = domains[index]!;
          return parameter(name(old), domain, old === 'size' ? [{ ...when, key: keyOf(name(when.key)) }] : []);
        }),
      );
    const search = (name: (old: string) => string, order: readonly number[]): unknown[] =>
      points(spaceOf(name, order), (params) =>
        completed(
          (at(params, name('x')) - 0.3) ** 2 +
            (params[name('kind')] === 'b' ? at(params, name('size')) / 40 : 0.5) +
            at(params, name('rate')),
        ),
      ).map((params) => domains.map(([old]) => params[name(old)]));
    const plain = search((old) => old, [0, 1, 2, 3]);
    expect(search((old) => old, [3, 1, 0, 2])).toEqual(plain);
    expect(search((old) => ({ kind: 'zeta', rate: 'alpha', size: 'mid', x: 'beta' })[old]!, [1, 3, 2, 0])).toEqual(plain);
  });

  it('is what the process remembers', () => {
    const options = { goals: ['minimize'], limits: [{ keep: 'below', bound: 0.8 }], tuning: fast } as const;
    const search = (renew?: number) =>
      play({
        definition,
        space: mixedSpace,
        options,
        trials: 60,
        workers: 4,
        outcome: eventful,
        ...(renew === undefined ? {} : { renew }),
      });
    const warm = search();
    expect(warm.proposals.filter(({ detail }) => detail!.arm !== 'design').length).toBeGreaterThan(30);
    expect(search(1)).toEqual(warm);
  }, 120_000);

  it('is what was asked of the instance about another log', () => {
    const { observations } = play({ definition, space: sweet, trials: 20, outcome: eventful });
    const open = () => definition.create(sweet, { seed: 1n, goals: ['minimize'] });
    const used = open();
    const others = observations.map(
      (one): Observation => ({ ...one, state: 'completed', values: [share(one.params, 9)], curve: [[1, 3]] }),
    );
    const ask = { cursor: 20, count: 3, observations };
    used.ask({ cursor: 20, count: 2, observations: others });
    used.ask({ cursor: 12, count: 1, observations: observations.slice(0, 12) });
    expect(used.ask(ask)).toEqual(open().ask(ask));
    used.recommend!(others);
    expect(used.ask(ask)).toEqual(open().ask(ask));
    const slower = observations.map((one) =>
      one.curve === undefined ? one : { ...one, curve: one.curve.map(([step, value]) => [step, 2 * value * step] as const) },
    );
    expect(used.ask({ ...ask, observations: slower })).toEqual(open().ask({ ...ask, observations: slower }));
  });
});

describe('proposals', () => {
  it('stay inside the space, its conditions and its constraints', () => {
    const { proposals } = play({ definition, space: mixedSpace, options: { tuning: fast }, trials: 80, workers: 5, outcome: eventful });
    expect(proposals).toHaveLength(80);
    expect(proposals.map(({ params }) => misfit(mixedSpace, params)).filter((found) => found !== null)).toEqual([]);
  });

  it('never repeat, with 32 workers', () => {
    const where = space([parameter('a', ints(1, 12)), parameter('b', ints(1, 15)), parameter('c', values(...'abcdefghijkl'))]);
    const outcome = (params: Params): Outcome =>
      completed(Math.abs(at(params, 'a') - 5) + Math.abs(at(params, 'b') - 9) + (params['c'] === 'd' ? 0 : 1));
    const { proposals } = play({ definition, space: where, options: { tuning: fast }, trials: 200, workers: 32, outcome });
    expect(new Set(proposals.map(({ params }) => text(params))).size).toBe(200);
  });

  it('take every point of a small space once, and then say that there are no more', () => {
    const grid = space([parameter('a', ints(1, 5)), parameter('b', values('x', 'y', 'z')), parameter('c', values(1, 2, 4, 8))]);
    const { proposals, exhausted } = play({
      definition,
      space: grid,
      trials: 100,
      workers: 4,
      outcome: (params) => completed(share(params)),
    });
    expect(new Set(proposals.map(({ params }) => text(params))).size).toBe(60);
    expect([proposals.length, exhausted]).toEqual([60, true]);
  });

  it('take every allowed point of a space with conditions and constraints once', () => {
    const chosen = new Set(['beta', 'layers', 'optimizer', 'width']);
    const where = space(
      finiteSpace.parameters.filter(({ path }) => chosen.has(path.at(-1)!)),
      { constraints: ['model.layers * model.width <= 1024'] },
    );
    const outcome = (params: Params): Outcome => (share(params, 1) < 0.2 ? failed('config') : completed(share(params)));
    const { proposals, exhausted } = play({ definition, space: where, trials: 100, workers: 3, options: { tuning: fast }, outcome });
    expect(exhausted).toBe(true);
    expect(new Set(proposals.map(({ params }) => text(params))).size).toBe(proposals.length);
    // Adam with two betas or sgd, and the 4 · 3 − 2 shapes of at most 1,024.
    expect(proposals).toHaveLength(3 * 10);
  });

  it('are the only point of a space that has one, and then no more', () => {
    const where = space([parameter('a', { kind: 'constant', value: 'x' })]);
    const { proposals, exhausted } = play({ definition, space: where, trials: 3, outcome: () => completed(1) });
    expect([proposals.map(({ params }) => params), exhausted]).toEqual([[{ a: 'x' }], true]);
  });

  it('asked for together are those asked for one by one, and no two are the same', () => {
    const { observations } = play({ definition, space: sweet, trials: 25, workers: 3, outcome: eventful });
    const sampler = definition.create(sweet, { seed: 1n, goals: ['minimize'] });
    const together = sampler.ask({ cursor: 25, count: 8, observations }).proposals;
    const single = [...observations];
    for (const [ahead, expected] of together.entries()) {
      const [proposal] = sampler.ask({ cursor: 25 + ahead, count: 1, observations: single }).proposals;
      expect(proposal).toEqual(expected);
      single.push({ number: 26 + ahead, params: proposal!.params, state: 'live', values: [] });
    }
    expect(new Set(together.map(({ params }) => text(params))).size).toBe(8);
  });

  it('of any thoroughness are allowed and new, are the same when asked again, and say how thorough they are', () => {
    const { observations } = play({ definition, space: mixedSpace, trials: 30, workers: 3, outcome: eventful });
    const tried = new Set(observations.map(({ params }) => text(params)));
    for (const wanted of thoroughness) {
      const ask = () =>
        definition.create(mixedSpace, { seed: 1n, goals: ['minimize'] }).ask({ cursor: 30, count: 5, observations, thoroughness: wanted })
          .proposals;
      const proposals = ask();
      expect(ask()).toEqual(proposals);
      expect(proposals.map(({ params }) => misfit(mixedSpace, params)).filter((found) => found !== null)).toEqual([]);
      expect(new Set([...tried, ...proposals.map(({ params }) => text(params))]).size).toBe(tried.size + 5);
      expect(new Set(proposals.map(({ detail }) => detail!.thoroughness ?? 'full'))).toEqual(new Set([wanted]));
    }
  });

  it('explore now and then where sixteen run at once, and not for that where fifteen do', () => {
    const arms = (workers: number): readonly string[] =>
      play({
        definition,
        space: sweet,
        workers,
        trials: 70,
        // Of this belief nothing else explores.
        options: { tuning: { ...fast, hypotheses: ['B'], exactBelow: 2 } },
        outcome: (params) => completed((at(params, 'x') - 0.3) ** 2 + at(params, 'rate')),
      }).proposals.map(({ detail }) => detail!.arm);
    const crowded = arms(16).filter((arm) => arm === 'explore').length;
    expect(crowded).toBeGreaterThan(1);
    expect(crowded).toBeLessThan(20);
    expect(arms(15)).not.toContain('explore');
  });

  it('refuse a space without a point', () => {
    const where = space([parameter('a', ints(1, 9))], { constraints: ['a > 9'] });
    expect(() => definition.create(where, { seed: 1n, goals: ['minimize'] })).toThrow(SpaceError);
  });

  it('find the corner of a continuous space that few points are in', () => {
    const where = space([parameter('x', { kind: 'uniform', min: 0, max: 1 }), parameter('y', { kind: 'uniform', min: 0, max: 1 })], {
      constraints: ['x + y < 0.01'],
    });
    const { proposals, exhausted } = play({
      definition,
      space: where,
      options: { tuning: fast },
      trials: 12,
      outcome: (params) => completed(share(params)),
    });
    expect([proposals.length, exhausted]).toEqual([12, false]);
  });
});

describe('failures', () => {
  const plane = space([parameter('x', { kind: 'uniform', min: 0, max: 1 }), parameter('y', { kind: 'uniform', min: 0, max: 1 })]);
  const well = (params: Params, x: number, y: number): number => Math.exp(-10 * ((at(params, 'x') - x) ** 2 + (at(params, 'y') - y) ** 2));
  const wells = (params: Params): number => -well(params, 0.8, 0.6) - 0.7 * well(params, 0.2, 0.3);
  const right = (params: Params): boolean => at(params, 'x') > 0.6;
  /** How many of the last 30 of 50 go into the deeper well. */
  const lured = (fails: (params: Params) => boolean, blame: 'config' | 'infra' = 'config', seed = 1n): number =>
    play({
      definition,
      space: plane,
      trials: 50,
      options: { seed, tuning: fast },
      outcome: (params) => (fails(params) ? failed(blame) : completed(wells(params))),
    })
      .proposals.slice(20)
      .filter(({ params }) => right(params)).length;

  it('that the point is to blame for keep the search away', () => {
    expect(lured(() => false)).toBeGreaterThan(20);
    expect(lured(right)).toBeLessThan(10);
  });

  it('of the machine do not', () => {
    // The very trials that keep the search away when the point is to blame.
    for (const seed of [1n, 2n, 3n, 4n, 5n]) expect(lured(right, 'infra', seed)).toBeGreaterThan(20);
    const { observations } = play({ definition, space: plane, trials: 20, outcome: (params) => completed(wells(params)) });
    const sampler = definition.create(plane, { seed: 1n, goals: ['minimize'] });
    const crashed = [0.5, 0.55, 0.6].map((x, index): Observation => ({ number: 21 + index, params: { x, y: 0.5 }, ...failed('infra') }));
    const ask = { cursor: 23, count: 1 };
    expect(sampler.ask({ ...ask, observations: [...observations, ...crashed] })).toEqual(sampler.ask({ ...ask, observations }));
  });

  it('everywhere leave the search to look everywhere', () => {
    const { proposals } = play({ definition, space: plane, trials: 30, outcome: () => failed() });
    const quarters = new Set(proposals.map(({ params }) => `${at(params, 'x') > 0.5} ${at(params, 'y') > 0.5}`));
    expect(quarters.size).toBe(4);
  });
});
