import { describe, expect, it } from 'vitest';
import { evenly } from './line-layer.js';

const ten = Uint32Array.from({ length: 10 }, (_, i) => 9 - i);

describe('lines that are drawn at once', () => {
  it('are all while there is time for them', () => {
    expect(evenly(ten, 10)).toBe(ten);
    expect(evenly(ten, 1e9)).toBe(ten);
  });

  it('are chosen evenly in their order, the one on top among them', () => {
    expect([...evenly(ten, 5)]).toEqual([8, 6, 4, 2, 0]);
    expect([...evenly(ten, 4)]).toEqual([9, 6, 3, 0]);
    expect([...evenly(ten, 0)]).toEqual([0]);
  });

  it('of none are none', () => expect(evenly(new Uint32Array(0), 5)).toHaveLength(0));
});
