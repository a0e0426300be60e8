import type { UnobservedTrial } from '@sweep/store';
import { describe, expect, it } from 'vitest';
import { fromFirstChange, waitingTail } from './waiting-tail.js';

/** `waits`: queued and never leased. */
const live = (...trials: readonly (readonly [number: number, kind: 'waits' | 'runs'])[]): readonly UnobservedTrial[] =>
  trials.map(([number, kind]) => ({ number, params: '{}', state: 'live', values: [], renewable: kind === 'waits' ? number - 1 : null }));

const numbers = (trials: readonly UnobservedTrial[]): readonly number[] => trials.map(({ number }) => number);

describe('what may be chosen again', () => {
  it('is all that waits behind the first', () => {
    expect(numbers(waitingTail(live([4, 'runs'], [5, 'waits'], [6, 'waits'], [7, 'waits']), 7))).toEqual([6, 7]);
  });

  it('is nothing when at most one waits', () => {
    expect(waitingTail(live([4, 'runs'], [5, 'waits']), 5)).toEqual([]);
    expect(waitingTail(live([4, 'runs']), 4)).toEqual([]);
    expect(waitingTail([], 9)).toEqual([]);
  });

  it('is nothing that stands before a trial which was taken, has ended, or was put there by somebody', () => {
    expect(waitingTail(live([5, 'waits'], [6, 'waits'], [7, 'runs']), 7)).toEqual([]);
    expect(waitingTail(live([5, 'waits'], [6, 'waits']), 7)).toEqual([]);
  });

  it('is all behind such a trial when an earlier one waits', () => {
    expect(numbers(waitingTail(live([5, 'waits'], [6, 'runs'], [7, 'waits'], [8, 'waits']), 8))).toEqual([7, 8]);
  });
});

describe('what is stored of those that were chosen again', () => {
  const chosen = (...params: readonly string[]) => params.map((text, index) => ({ number: 6 + index, params: text }));
  const before = chosen('{"x":1}', '{"x":2}', '{"x":3}');

  it('is nothing when all came out as they were', () => {
    expect(fromFirstChange(before, before)).toEqual([]);
  });

  it('is the first that changed and all behind it, also those that came out as they were: they saw others under way', () => {
    const after = chosen('{"x":1}', '{"x":9}', '{"x":3}');
    expect(fromFirstChange(before, after)).toEqual(after.slice(1));
  });
});
