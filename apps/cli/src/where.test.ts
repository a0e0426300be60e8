import type { TrialView } from '@sweep/api';
import { type ParamValue, parseJson } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import { UsageError } from './exit.js';
import { parseSort, parseWhere, trialNames } from './where.js';

const trial = (number: number, change: object = {}): TrialView =>
  ({
    id: `t${number}`,
    number,
    state: 'completed',
    reason: null,
    params: {},
    objective: null,
    summary: {},
    attempts: 1,
    agent: null,
    durationSeconds: null,
    ...change,
  }) as unknown as TrialView;

const matches = (expression: string, item: TrialView): boolean => parseWhere(expression, trialNames)(item);

describe('--where', () => {
  const item = trial(3, {
    params: parseJson('{"lr":0.001,"opt":"adam","bs":16.0,"model":{"depth":4},"a.b":1}'),
    summary: parseJson('{"loss":0.25,"val/acc":0.9,"bad":"NaN"}'),
    objective: 0.25,
  });

  it.each([
    ['params.lr < 0.01 and metrics.loss < 0.3', true],
    ['params.lr < 0.01 and metrics.loss < 0.2', false],
    ['state == "completed"', true],
    ["params.opt == 'sgd' or number == 3", true],
    ['params.model.depth >= 4', true],
    ['params.a.b == 1', true],
    ['params.bs == 16', true],
    ['`metrics.val/acc` > 0.5', true],
    ['objective * 4 == 1', true],
    ['not (number > 5)', true],
  ])('%s', (expression, holds) => expect(matches(expression, item)).toBe(holds));

  it('does not match what lacks a name that is needed', () => {
    expect(matches('params.momentum > 0', item)).toBe(false);
    expect(matches('metrics.bad > 0', item)).toBe(false);
  });

  it('matches by the other side of an `or`', () => expect(matches('params.momentum > 0 or number == 3', item)).toBe(true));

  it('is refused with the place and the names that there are', () => {
    expect(() => parseWhere('params.lr <', trialNames)).toThrow(UsageError);
    expect(() => parseWhere('param.lr < 1', trialNames)).toThrow(/params\.NAME/);
    expect(() => parseWhere('number > 1 and __proto__ == 1', trialNames)).toThrow(UsageError);
    expect(() => parseWhere('constructor == 1', trialNames)).toThrow(UsageError);
  });
});

describe('--sort', () => {
  const numbers = (sort: string, objectives: readonly unknown[]): number[] =>
    objectives
      .map((objective, index) => trial(index, { objective: objective as ParamValue }))
      .sort(parseSort(sort, trialNames))
      .map(({ number }) => number);

  it('is smallest first', () => expect(numbers('objective', [3, 1, 2])).toEqual([1, 2, 0]));
  it('is largest first with a minus', () => expect(numbers('-objective', [3, 1, 2])).toEqual([0, 2, 1]));
  it('puts what has no value last, both ways', () => {
    expect(numbers('objective', [null, 1, 'NaN', 0])).toEqual([3, 1, 0, 2]);
    expect(numbers('-objective', [null, 1, 'NaN', 0])).toEqual([1, 3, 0, 2]);
  });
  it('refuses unknown names', () => expect(() => parseSort('-speed', trialNames)).toThrow(UsageError));
});
