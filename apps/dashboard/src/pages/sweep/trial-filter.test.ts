import type { TrialView } from '@sweep/api';
import { describe, expect, it } from 'vitest';
import { filterTrials, sortTrials } from './trial-filter.js';

const trial = (number: number, more: object = {}): TrialView =>
  ({
    id: `t${number}`,
    number,
    state: 'completed',
    reason: null,
    objective: null,
    params: {},
    summary: {},
    durationSeconds: 1,
    ...more,
  }) as unknown as TrialView;
const trials = [
  trial(1, { params: { lr: 0.1, net: { width: 64 }, optimizer: 'adam' }, objective: 0.5, summary: { loss: 0.5, 'val/acc': 0.9 } }),
  trial(2, { params: { lr: 0.01, net: { width: 32 }, optimizer: 'sgd' }, objective: 'NaN', summary: { loss: 'NaN' } }),
  trial(3, { state: 'failed', params: { lr: 0.001, net: { width: 64 }, optimizer: 'adamw' } }),
  trial(4, { params: { lr: 1, net: { width: 128 }, optimizer: 'adam' }, objective: 'Infinity', summary: { loss: 'Infinity' } }),
];
const found = (where: string): unknown => {
  const answer = filterTrials(trials, where);
  return answer.ok ? answer.trials.map(({ number }) => number) : answer.message;
};

describe('a filter', () => {
  it.each([
    ['', [1, 2, 3, 4]],
    ['lr < 0.05', [2, 3]],
    ['params.lr >= 0.1 and state = completed', [1, 4]],
    ['net.width = 64 or number = 2', [1, 2, 3]],
    ['optimizer ~ "^adam"', [1, 3, 4]],
    ['optimizer in (adam, sgd) and not lr = 1', [1, 2]],
    ['metrics.loss = NaN', [2]],
    ['metrics.loss > 1', [4]],
    ['objective = null', [3]],
    ['`val/acc` > 0.5', [1]],
    ['state != failed', [1, 2, 4]],
  ])('%s', (where, numbers) => expect(found(where)).toEqual(numbers));

  it.each([
    ['lr <', /at character/],
    ['learning_rate < 1', /no trial has "learning_rate"/],
    ['optimizer ~ "("', /regular expression/i],
    ['__proto__ = 1', /no trial has "__proto__"/],
  ])('that is wrong says how: %s', (where, message) => expect(found(where)).toMatch(message));

  it('of a sweep without trials refuses no name', () => expect(filterTrials([], 'anything = 1')).toEqual({ ok: true, trials: [] }));
});

describe('an order', () => {
  const sorted = (sort: string | null): readonly number[] => sortTrials(trials, sort).map(({ number }) => number);

  it('puts what has no value last, whichever way', () => {
    expect(sorted('objective')).toEqual([1, 4, 2, 3]);
    expect(sorted('-objective')).toEqual([4, 1, 2, 3]);
  });

  it.each([
    [null, [1, 2, 3, 4]],
    ['-number', [4, 3, 2, 1]],
    ['params.lr', [3, 2, 1, 4]],
    ['params.optimizer', [1, 4, 3, 2]],
    ['metrics.`val/acc`', [1, 2, 3, 4]],
  ])('by %s', (sort, numbers) => expect(sorted(sort)).toEqual(numbers));
});
