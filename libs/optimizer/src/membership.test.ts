import { describe, expect, it } from 'vitest';
import { misfit } from './membership.js';
import type { Domain, Parameter, SearchSpace } from './space.js';
import { Float } from './value.js';

const parameter = (name: string, domain: Domain, change: Partial<Parameter> = {}): Parameter => ({
  path: [name],
  key: JSON.stringify([name]),
  domain,
  when: [],
  ...change,
});
const space = (...parameters: readonly Parameter[]): SearchSpace => ({ parameters, constraints: [], zip: [] });

const optimizers = space(
  parameter('lr', { kind: 'uniform', min: 0, max: 1 }),
  parameter('layers', { kind: 'int_uniform', min: 1, max: 4 }),
  parameter('opt', { kind: 'categorical', values: ['sgd', 'adam'] }),
  parameter('momentum', { kind: 'uniform', min: 0, max: 1 }, { when: [{ key: '["opt"]', values: ['sgd'] }] }),
  parameter('seed', { kind: 'constant', value: 7 }),
);
const fine = { lr: 0.5, layers: 2, opt: 'adam', seed: 7 };

describe('params belong to a space', () => {
  it('when every parameter that exists has a value it may take', () => {
    expect(misfit(optimizers, fine)).toBeNull();
    expect(misfit(optimizers, { ...fine, opt: 'sgd', momentum: 0.9 })).toBeNull();
  });

  it('with whole floats in place of ints, and without constants', () => {
    expect(misfit(optimizers, { lr: 1, layers: new Float(2), opt: 'adam' })).toBeNull();
  });

  it.each([
    ['a name that the space has not', { ...fine, rl: 1 }, 'rl', 'no parameter "rl"'],
    ['a missing one', { lr: 0.5, opt: 'adam' }, 'layers', 'is missing'],
    ['one too large', { ...fine, lr: 2 }, 'lr', 'is 2, outside 0 … 1'],
    ['a fraction of a layer', { ...fine, layers: 2.5 }, 'layers', 'whole number'],
    ['text for a number', { ...fine, lr: 'fast' }, 'lr', 'finite number'],
    ['a value that is not listed', { ...fine, opt: 'rmsprop' }, 'opt', 'not one of its values'],
    ['another constant', { ...fine, seed: 8 }, 'seed', 'a constant'],
    ['one that does not exist here', { ...fine, momentum: 0.9 }, 'momentum', '"when"'],
    ['one that exists here and is missing', { ...fine, opt: 'sgd' }, 'momentum', 'is missing'],
  ])('but not with %s, and the answer names it', (_, params, path, words) => {
    const found = misfit(optimizers, params);
    expect(found?.path).toBe(path);
    expect(found?.message).toContain(words);
  });
});
