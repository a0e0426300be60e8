import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Key } from './changes.js';
import { pace } from './pace.js';

let sent: (readonly Key[])[];
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
});
afterEach(() => vi.useRealTimers());

describe('a pace', () => {
  it('hands on the first at once and what follows together, each key once', () => {
    const paced = pace(1_000, (keys) => sent.push(keys));
    paced.add([['sweeps']]);
    expect(sent).toEqual([[['sweeps']]]);
    for (let i = 0; i < 100; i++) paced.add([['sweeps'], ['sweep', 'a']]);
    expect(sent).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(sent.slice(1)).toEqual([[['sweeps'], ['sweep', 'a']]]);
  });

  it('rests when nothing comes, and is quick again afterwards', () => {
    const paced = pace(1_000, (keys) => sent.push(keys));
    paced.add([['a']]);
    vi.advanceTimersByTime(5_000);
    expect(vi.getTimerCount()).toBe(0);
    paced.add([['b']]);
    expect(sent).toEqual([[['a']], [['b']]]);
  });

  it('does nothing for no keys', () => {
    pace(1_000, (keys) => sent.push(keys)).add([]);
    expect(sent).toEqual([]);
  });
});
