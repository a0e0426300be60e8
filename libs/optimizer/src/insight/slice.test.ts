import { describe, expect, it } from 'vitest';
import { keyOf, parameter, space, values } from '../../testing/index.js';
import type { Observation } from '../sampler.js';
import { randomSampler } from '../samplers/random.js';
import { numeric, type Params } from '../value.js';
import { slice } from './slice.js';

const where = space([
  parameter('kind', values('a', 'b', 'c')),
  parameter('strong', { kind: 'uniform', min: 0, max: 1 }),
  parameter('rate', { kind: 'log_uniform_values', min: 1e-4, max: 1 }),
]);
const lossOf = (params: Params): number => 10 * (numeric(params['strong'])! - 0.3) ** 2 + (params['kind'] === 'c' ? 3 : 0);

function history(count: number, sign = 1): Observation[] {
  const { proposals } = randomSampler.create(where, { seed: 3n, goals: ['minimize'] }).ask({ cursor: 0, count, observations: [] });
  return proposals.map(({ params }, index) => ({ number: index + 1, params, state: 'completed', values: [sign * lossOf(params)] }));
}
const options = { seed: 1n, goals: ['minimize'] } as const;
const along = (x: string, y: string | null = null, points = 21) => ({ x: keyOf(x), y: y === null ? null : keyOf(y), points });

describe('a slice of the model', () => {
  it('follows the objective, inside its band, with its best value where the objective has it', () => {
    const found = slice(where, options, history(60), along('strong'))!;
    const best = found.mean.indexOf(Math.min(...found.mean));
    expect(Math.abs(numeric(found.x[best])! - 0.3)).toBeLessThan(0.1);
    expect(found.mean[20]! - found.mean[best]!).toBeGreaterThan(2);
    for (const [index, mean] of found.mean.entries()) {
      expect(found.low[index]!).toBeLessThanOrEqual(mean);
      expect(found.high[index]!).toBeGreaterThanOrEqual(mean);
    }
    expect(found.through['kind']).not.toBe('c');
  });

  it('has the levels of a category, and turns with the goal', () => {
    const found = slice(where, { seed: 1n, goals: ['maximize'] }, history(60, -1), along('kind'))!;
    expect(found.x).toEqual(['a', 'b', 'c']);
    expect(found.mean[2]!).toBeLessThan(found.mean[0]! - 1);
    expect(found.y).toBeNull();
  });

  it('covers two parameters row by row', () => {
    const found = slice(where, options, history(60), along('strong', 'kind', 11))!;
    expect([found.x.length, found.y]).toEqual([11, ['a', 'b', 'c']]);
    expect(found.mean).toHaveLength(33);
    expect(found.mean[22 + 5]! - found.mean[5]!).toBeGreaterThan(1);
  });

  it('spreads values as their distribution does', () => {
    const { x } = slice(where, options, history(30), along('rate', null, 5))!;
    expect(x.map((value) => Math.round(Math.log10(numeric(value)!) * 10) / 10)).toEqual([-3.6, -2.8, -2, -1.2, -0.4]);
  });

  it('is none from a handful of results, nor along what does not vary', () => {
    expect(slice(where, options, history(5), along('strong'))).toBeNull();
    expect(slice(where, options, history(30), along('nothing'))).toBeNull();
    expect(slice(where, options, history(30), along('strong', 'nothing'))).toBeNull();
  });
});
