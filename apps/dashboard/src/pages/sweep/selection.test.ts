import { describe, expect, it } from 'vitest';
import type { TrialPoint } from '../../data/trial-points.js';
import { pickedAfter, trialsOf } from './selection.js';

const trials = [1, 2, 17].map((number) => ({ id: `t${number}`, number }) as unknown as TrialPoint);

describe('the selection in the address', () => {
  it('names trials by number, in the order in which they were picked', () => {
    expect(trialsOf('17,2', trials).map(({ id }) => id)).toEqual(['t17', 't2']);
  });

  it.each(['', 'x', '99', '-1', '1.5', ',,', '__proto__'])('of %j selects nothing', (text) => expect(trialsOf(text, trials)).toEqual([]));

  it('holds a trial once', () => expect(trialsOf('2,2', trials)).toHaveLength(1));
});

describe('a pick', () => {
  it('replaces what was selected', () => expect(pickedAfter(['a', 'b'], 'c', false)).toEqual(['c']));
  it('with shift adds, and takes back', () => {
    expect(pickedAfter(['a'], 'b', true)).toEqual(['a', 'b']);
    expect(pickedAfter(['a', 'b'], 'a', true)).toEqual(['b']);
  });
  it('of nothing clears', () => expect(pickedAfter(['a'], null, true)).toEqual([]));
});
