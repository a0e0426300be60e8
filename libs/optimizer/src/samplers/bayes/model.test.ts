import { describe, expect, it } from 'vitest';
import { parameter, space } from '../../../testing/index.js';
import { cubeOf } from '../../encoding/cube.js';
import { exact, rough } from '../../gp/hypothesis.js';
import { random } from '../../rng.js';
import type { Observation } from '../../sampler.js';
import { Historian } from './history.js';
import { Modeller } from './model.js';

const numbers = random(1n);
const cube = cubeOf(space(['a', 'b'].map((name) => parameter(name, { kind: 'uniform', min: 0, max: 1 }))));

/** The first ones failed. */
function after(count: number, failures: number): Observation[] {
  return Array.from({ length: count }, (_, index) => {
    const [a, b] = [numbers.uniform(index, 0, 0), numbers.uniform(index, 0, 1)];
    return index < failures
      ? { number: index + 1, params: { a, b }, state: 'failed', values: [null], blame: 'config' }
      : { number: index + 1, params: { a, b }, state: 'completed', values: [(a - 0.3) ** 2 + b] };
  });
}

/** How many rows of failed trials a model holds. */
function failuresIn(hypothesis: typeof rough, observations: readonly Observation[]): number {
  const { results } = new Historian(cube, { goals: ['minimize'] }).read(observations);
  const { table } = new Modeller(cube, numbers, hypothesis).model(results, [], { cheap: true })!;
  const keys = new Set(results.all.filter(({ kind }) => kind === 'failed').map(({ key }) => key));
  return table.keys.filter((key) => keys.has(key)).length;
}

describe('failures in the rows of a model', () => {
  it('stay where noise is expected, and leave the other belief once they can be told from the rest', () => {
    expect(failuresIn(rough, after(40, 3))).toBe(3);
    expect(failuresIn(exact, after(40, 2))).toBe(2);
    expect(failuresIn(exact, after(40, 3))).toBe(0);
  });
});
