import type { TrialView } from '@sweep/api';
import { Invalid } from '@sweep/domain';
import { Float } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import { sortTrials } from './trial-reader.js';

const trial = (number: number, part: Partial<TrialView>): TrialView =>
  ({ number, params: {}, summary: {}, objective: null, ...part }) as TrialView;
const sorted = (sort: string, ...trials: TrialView[]): readonly number[] => sortTrials(trials, sort).map(({ number }) => number);

describe('trials sorted', () => {
  it('by a metric, the largest first with a minus; those without it come last either way', () => {
    const trials = [
      trial(1, { summary: { 'val/acc': 0.5 } }),
      trial(2, {}),
      trial(3, { summary: { 'val/acc': 0.9 } }),
      trial(4, { summary: { 'val/acc': 0.7 } }),
    ];
    expect(sorted('metrics.val/acc', ...trials)).toEqual([1, 4, 3, 2]);
    expect(sorted('-metrics.val/acc', ...trials)).toEqual([3, 4, 1, 2]);
  });

  it('by a parameter: as numbers, also floats that are whole, nested ones by path', () => {
    expect(
      sorted('params.bs', trial(1, { params: { bs: 128 } }), trial(2, { params: { bs: new Float(16) } }), trial(3, { params: { bs: 32 } })),
    ).toEqual([2, 3, 1]);
    expect(
      sorted('-params.opt.lr', trial(1, { params: { opt: { lr: 1 } } }), trial(2, { params: { 'opt.lr': 2 } }), trial(3, { params: {} })),
    ).toEqual([2, 1, 3]);
    expect(
      sorted(
        'params.kind',
        trial(1, { params: { kind: 'sgd' } }),
        trial(2, { params: { kind: 'adam' } }),
        trial(3, { params: { kind: 3 } }),
      ),
    ).toEqual([3, 2, 1]);
  });

  it('by the first of several objectives, equal ones by number', () => {
    expect(sorted('objective', trial(3, { objective: [1, 9] }), trial(2, { objective: [1, 0] }), trial(1, { objective: [2, 0] }))).toEqual([
      2, 3, 1,
    ]);
  });

  it('with NaN at the end', () => {
    expect(sorted('-metrics.a', trial(1, { summary: { a: Number.NaN } }), trial(2, { summary: { a: 1 } }))).toEqual([2, 1]);
  });

  it.each(['', 'loss', 'metrics', '__proto__', 'constructor'])('by "%s" is refused', (sort) => {
    expect(() => sortTrials([], sort)).toThrow(Invalid);
  });

  it('by an inherited name finds nothing', () => {
    expect(sorted('params.constructor', trial(2, {}), trial(1, {}))).toEqual([1, 2]);
  });
});
