import { describe, expect, it } from 'vitest';
import { finiteSpace, ints, keyOf, mixedSpace, parameter, space, values } from '../../testing/index.js';
import { type SamplerDefinition, SpaceError } from '../sampler.js';
import type { SearchSpace } from '../space.js';
import type { Params } from '../value.js';
import { randomSampler } from './random.js';
import { sobolSampler } from './sobol.js';

function draw(definition: SamplerDefinition, where: SearchSpace, count: number, seed = 1n): Params[] {
  const answer = definition.create(where, { seed, goals: ['minimize'] }).ask({ cursor: 0, count, observations: [] });
  return answer.proposals.map(({ params }) => params);
}

const unit = (count: number): SearchSpace =>
  space(Array.from({ length: count }, (_, index) => parameter(`p${index}`, { kind: 'uniform', min: 0, max: 1 })));

describe.each([randomSampler, sobolSampler])('$name', (definition) => {
  it('depends on the seed', () => {
    expect(draw(definition, mixedSpace, 5, 1n)).not.toEqual(draw(definition, mixedSpace, 5, 2n));
  });

  it('follows the distribution', () => {
    const where = space([
      parameter('a', { kind: 'categorical', values: ['x', 'y'], probabilities: [0.9, 0.1] }),
      parameter('b', values(1, 2)),
    ]);
    const drawn = draw(definition, where, 2000);
    expect(Math.abs(drawn.filter(({ a }) => a === 'x').length - 1800)).toBeLessThan(60);
    expect(Math.abs(drawn.filter(({ b }) => b === 1).length - 1000)).toBeLessThan(100);
    expect(Math.abs(drawn.filter(({ a, b }) => a === 'x' && b === 1).length - 900)).toBeLessThan(100);
  });

  it('finds the allowed points of a space that has few', () => {
    const where = space([parameter('a', ints(1, 1000)), parameter('b', ints(1, 2))], { constraints: ['a * b == 500'] });
    expect(new Set(draw(definition, where, 20).map(({ a, b }) => `${a} ${b}`))).toEqual(new Set(['500 1', '250 2']));
  });

  it('refuses a space without a point, and says which constraint is to blame', () => {
    const where = space([parameter('a', ints(1, 9))], { constraints: ['a > 9'] });
    expect(() => draw(definition, where, 1)).toThrow(SpaceError);
    expect(() => draw(definition, where, 1)).toThrow('no point satisfies "a > 9"');
  });

  it('refuses a condition on a parameter that there is not', () => {
    const where = space([parameter('a', ints(1, 9), [{ key: keyOf('b'), values: [1] }])]);
    expect(() => draw(definition, where, 1)).toThrow(SpaceError);
  });

  it('writes floats with 12 digits at most, within the bounds', () => {
    const where = space([parameter('a', { kind: 'uniform', min: 1 / 3, max: 1 / 3 + 1e-13 })]);
    for (const { a } of draw(definition, where, 50)) expect((a as number) >= 1 / 3 && (a as number) <= 1 / 3 + 1e-13).toBe(true);
    for (const { p0 } of draw(definition, unit(1), 50)) expect(String(p0).replace(/^0\.0*|e.*$/g, '').length).toBeLessThanOrEqual(13);
  });

  it('never ends, though the space does', () => {
    expect(draw(definition, finiteSpace, 500)).toHaveLength(500);
  });

  it('has a constant space as one point again and again', () => {
    expect(draw(definition, space([parameter('a', { kind: 'constant', value: [1] })]), 2)).toEqual([{ a: [1] }, { a: [1] }]);
  });

  it('reaches 100 dimensions', () => {
    const [first, second] = draw(definition, unit(100), 2);
    expect(new Set(Object.values(first!)).size).toBe(100);
    expect(Object.values(second!).every((value, index) => value !== Object.values(first!)[index])).toBe(true);
  });
});

describe('sobol', () => {
  it('puts one of its first 64 points in each of 64 squares', () => {
    for (const seed of [1n, 2n, 2n ** 63n]) {
      const cells = draw(sobolSampler, unit(2), 64, seed).map(
        ({ p0, p1 }) => `${Math.floor((p0 as number) * 8)} ${Math.floor((p1 as number) * 8)}`,
      );
      expect(new Set(cells).size).toBe(64);
    }
  });
});

describe('random', () => {
  it('does not change a parameter when a constraint is added that refuses nothing', () => {
    const constrained = { ...unit(3), constraints: space(unit(3).parameters, { constraints: ['p0 < 2'] }).constraints };
    expect(draw(randomSampler, constrained, 20)).toEqual(draw(randomSampler, unit(3), 20));
  });
});
