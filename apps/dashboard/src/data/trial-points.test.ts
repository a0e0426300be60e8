import type { SweepPointsView } from '@sweep/api';
import { describe, expect, it } from 'vitest';
import { fits, withPoints } from './trial-points.js';

const view = (numbers: readonly number[], more: Partial<SweepPointsView> = {}): SweepPointsView => ({
  now: '2026-03-05T12:00:00Z',
  objectives: [{ name: 'loss', goal: 'minimize' }],
  ids: numbers.map((number) => `t${number}`),
  numbers: [...numbers],
  states: numbers.map(() => 'running'),
  values: [numbers.map(() => null)],
  kept: numbers.map(() => true),
  startedAt: numbers.map(() => 5),
  endedAt: numbers.map(() => null),
  params: { lr: numbers.map((number) => number / 10), 'opt.name': numbers.map(() => null) },
  ...more,
});

describe('trials in columns', () => {
  it('become one record a trial, by number, without params that it does not have', () => {
    const { trials } = withPoints(null, view([2, 1], { values: [['NaN', 0.5]] }));
    expect(trials).toEqual([
      { id: 't1', number: 1, state: 'running', params: { lr: 0.1 }, objective: 0.5, startedAt: 5, endedAt: null },
      { id: 't2', number: 2, state: 'running', params: { lr: 0.2 }, objective: 'NaN', startedAt: 5, endedAt: null },
    ]);
  });

  it('have a list of results when there are several objectives', () => {
    const { trials } = withPoints(null, view([1], { values: [[1], [null]] }));
    expect(trials[0]!.objective).toEqual([1, null]);
  });

  it('take in what has changed and what is new, and leave the rest as it was', () => {
    const before = withPoints(null, view([1, 2]));
    const after = withPoints(before, view([3, 2], { states: ['queued', 'completed'], values: [[null, 7]] }));
    expect(after.trials.map(({ number, state, objective }) => [number, state, objective])).toEqual([
      [1, 'running', null],
      [2, 'completed', 7],
      [3, 'queued', null],
    ]);
    expect(after.trials[0]).toBe(before.trials[0]);
  });

  it('are the same list when the answer says nothing new', () => {
    const before = withPoints(null, view([1, 2]));
    expect(withPoints(before, view([2], { now: '2026-03-05T12:00:09Z' }))).toEqual({ ...before, now: '2026-03-05T12:00:09Z' });
    expect(withPoints(before, view([2])).trials).toBe(before.trials);
  });

  it('do not fit when another space is searched', () => {
    const before = withPoints(null, view([1]));
    expect(fits(before, view([2]))).toBe(true);
    expect(fits(before, view([2], { params: { lr: [1] } }))).toBe(false);
  });
});
