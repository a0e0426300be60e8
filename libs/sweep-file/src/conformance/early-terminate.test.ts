/** W&B sweep files, cases C123-C140: early termination, from the text to the verdicts. */
import { pruners, type TrialCurve } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import { accepted, any, outcome, random, specOf, testedElsewhere } from '../../testing/conformance.js';
import { preview } from '../index.js';

const text = (block: string, goal = 'minimize'): string => random(any, `metric: {name: l, goal: ${goal}}\nearly_terminate: ${block}`);
const host = { environment: () => undefined, platform: 'linux', argsJsonFile: () => '' };
const bands = (block: string): readonly number[] => preview(specOf(text(block)), 0, 0n, host).rungs;

function stopped(block: string, histories: readonly (readonly number[])[], goal: 'minimize' | 'maximize' = 'minimize'): readonly number[] {
  const { earlyTerminate } = specOf(text(block, goal));
  if (earlyTerminate === null) throw new Error('no early termination');
  const curves = histories.map(
    (values, index): TrialCurve => ({ number: index + 1, running: true, steps: values.map((_, step) => step), values }),
  );
  const verdicts = pruners.get(earlyTerminate.type)?.create(earlyTerminate.options, goal).decide(curves) ?? [];
  return verdicts.filter(({ stop }) => stop).map(({ number }) => number);
}

describe('bands', () => {
  it('C123 min_iter', () => expect(bands('{type: hyperband, min_iter: 3}').slice(0, 3)).toEqual([3, 9, 27]));
  it('C124 an eta that is no int', () => expect(bands('{type: hyperband, min_iter: 30, eta: 1.5}').slice(0, 4)).toEqual([30, 45, 67, 101]));
  it('C125 max_iter and s', () => expect(bands('{type: hyperband, max_iter: 27, s: 2}')).toEqual([3, 9]));
  it('C126 floors', () => expect(bands('{type: hyperband, max_iter: 10, s: 2}')).toEqual([1, 3]));
  it('C127 another eta', () => expect(bands('{type: hyperband, max_iter: 5, s: 2, eta: 2}')).toEqual([1, 2]));
  it('C128 no band at all is a finding', () => expect(outcome(text('{type: hyperband, max_iter: 2, s: 2}'))).toEqual(accepted('E-ET')));
  it('the endless form shows eight', () => expect(bands('{type: hyperband, min_iter: 3}')).toHaveLength(8));
});

describe('findings', () => {
  it.each([
    '{min_iter: 3}',
    '{type: envelope}',
    '{type: hyperband}',
    '{type: hyperband, max_iter: 27}',
    '{type: hyperband, s: 2}',
    '{type: hyperband, min_iter: 0}',
    '{type: hyperband, min_iter: 3, eta: 1}',
    '{type: hyperband, min_iter: 3, extra: 1}',
    'hyperband',
    '',
  ])('C129 %s', (block) => {
    expect(outcome(text(block))).toEqual(accepted('E-ET'));
    expect(specOf(text(block)).earlyTerminate).toBeNull();
  });
  it('C129 median is a type of ours', () => expect(outcome(text('{type: median}'))).toEqual(accepted()));
  it('C130 whole numbers', () => {
    expect(outcome(text('{type: hyperband, min_iter: 1.5}'))).toEqual(accepted('E-ET'));
    expect(outcome(text('{type: hyperband, max_iter: 27, s: 2.0}'))).toEqual(accepted());
  });
  it('C131 both forms', () => {
    expect(bands('{type: hyperband, max_iter: 27, s: 2, min_iter: 5}')).toEqual([3, 9]);
    expect(outcome(text('{type: hyperband, max_iter: 27, min_iter: 5}'))).toEqual(accepted('E-ET'));
  });
  it('C132 no metric is no finding', () =>
    expect(outcome(random(any, 'early_terminate: {type: hyperband, min_iter: 3}'))).toEqual(accepted()));
});

describe('verdicts', () => {
  const two = '{type: hyperband, min_iter: 1, eta: 2}';
  it('C133 one trial alone goes on', () => expect(stopped(two, [[9]])).toEqual([]));
  it('C134 a tie goes on', () => expect(stopped(two, [[5], [5]])).toEqual([]));
  it('C135 two trials', () => {
    expect(stopped(two, [[5], [6]])).toEqual([]);
    expect(stopped('{type: hyperband, min_iter: 1, eta: 3}', [[5], [6]])).toEqual([2]);
  });
  it('C136 four trials', () => {
    expect(stopped(two, [[5], [6], [7], [8]])).toEqual([4]);
    expect(stopped(two, [[5], [6], [7], [8]], 'maximize')).toEqual([1]);
  });
  it('C137 strict looks at the band, not at the best', () => {
    const histories = [
      [1, 1],
      [2, 2],
      [3, 3],
      [9, 9, 0],
    ];
    expect(stopped('{type: hyperband, min_iter: 2, eta: 2}', histories)).toEqual([4]);
    expect(stopped('{type: hyperband, min_iter: 2, eta: 2, strict: false}', histories)).toEqual([]);
  });
  testedElsewhere('tested in libs/optimizer', 'C138 which states count', 'C139 values that are no numbers', 'C140 five trials');
});
