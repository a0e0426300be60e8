import { describe, expect, it } from 'vitest';
import { keyOf, parameter, space, values } from '../../testing/index.js';
import type { Observation } from '../sampler.js';
import { randomSampler } from '../samplers/random.js';
import { numeric, type Params } from '../value.js';
import { effects } from './importance.js';
import { outlook } from './outlook.js';

const where = space([
  parameter('idle', { kind: 'uniform', min: 0, max: 1 }),
  parameter('kind', values('a', 'b', 'c')),
  parameter('strong', { kind: 'uniform', min: 0, max: 1 }),
  parameter('weak', { kind: 'log_uniform_values', min: 1e-4, max: 1 }),
]);

function lossOf(params: Params): number {
  const [strong, weak] = [numeric(params['strong'])!, numeric(params['weak'])!];
  return 10 * (strong - 0.3) ** 2 + 0.1 * Math.log10(weak) + (params['kind'] === 'c' ? 1 : 0);
}

function history(count: number, goal: 'minimize' | 'maximize' = 'minimize'): Observation[] {
  const { proposals } = randomSampler.create(where, { seed: 3n, goals: ['minimize'] }).ask({ cursor: 0, count, observations: [] });
  return proposals.map(({ params }, index) => ({
    number: index + 1,
    params,
    state: 'completed',
    values: [goal === 'minimize' ? lossOf(params) : -lossOf(params)],
  }));
}

describe('importance by the model', () => {
  const found = effects(where, { seed: 1n, goals: ['minimize'] }, history(80));

  it('ranks parameters by what they change', () => {
    expect(found.map(({ key }) => key)).toEqual([keyOf('strong'), keyOf('kind'), keyOf('weak'), keyOf('idle')]);
    expect(found[0]!.share).toBeGreaterThan(0.5);
    expect(found[3]!.share).toBeLessThan(0.05);
  });

  it('gives shares of a whole, each inside its interval', () => {
    expect(found.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    for (const { share, low, high } of found) expect(low <= share && share <= high && low >= 0 && high <= 1).toBe(true);
  });

  it('narrows the intervals with more results', () => {
    const width = (count: number): number => {
      const [first] = effects(where, { seed: 1n, goals: ['minimize'] }, history(count));
      return first!.high - first!.low;
    };
    expect(width(150)).toBeLessThan(width(15));
  });

  it('does not depend on the sign of the goal', () => {
    const turned = effects(where, { seed: 1n, goals: ['maximize'] }, history(80, 'maximize'));
    expect(turned.map(({ key, share }) => [key, share.toFixed(6)])).toEqual(found.map(({ key, share }) => [key, share.toFixed(6)]));
  });

  it('says nothing from a handful of results, nor about a space without choice', () => {
    expect(effects(where, { seed: 1n, goals: ['minimize'] }, history(7))).toEqual([]);
    const still = space([parameter('a', { kind: 'constant', value: 1 })]);
    expect(effects(still, { seed: 1n, goals: ['minimize'] }, history(20))).toEqual([]);
  });
});

describe('what more trials would bring', () => {
  it('is less, the longer the search has gone on', () => {
    const [early, late] = [10, 150].map((count) => outlook(where, { seed: 1n, goals: ['minimize'] }, history(count))!);
    expect(early!.improvement).toBeGreaterThan(late!.improvement);
  });

  it('is an amount for the better inside its interval, whatever the goal', () => {
    for (const goal of ['minimize', 'maximize'] as const) {
      const { improvement, low, high, trials } = outlook(where, { seed: 1n, goals: [goal] }, history(20, goal))!;
      expect(trials).toBe(20);
      expect(low >= 0 && low <= improvement && improvement <= high).toBe(true);
    }
  });

  it('is unknown from two results', () => {
    expect(outlook(where, { seed: 1n, goals: ['minimize'] }, history(2))).toBeNull();
  });
});
