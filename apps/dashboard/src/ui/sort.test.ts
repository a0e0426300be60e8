import { describe, expect, it } from 'vitest';
import { nextSort, sortOf } from './sort.js';

describe('presses on a header', () => {
  it('of words go up, down and back to no order', () => {
    expect(nextSort(null, 'name', false)).toBe('name');
    expect(nextSort('name', 'name', false)).toBe('-name');
    expect(nextSort('-name', 'name', false)).toBeNull();
  });

  it('of numbers begin with the largest', () => {
    expect(nextSort(null, 'acc', true)).toBe('-acc');
    expect(nextSort('-acc', 'acc', true)).toBe('acc');
    expect(nextSort('acc', 'acc', true)).toBeNull();
  });

  it('begin anew on another column', () => expect(nextSort('-acc', 'name', false)).toBe('name'));
});

describe('a sort', () => {
  it.each([
    ['-acc', 'acc', 'descending'],
    ['acc', 'acc', 'ascending'],
    [null, null, 'ascending'],
  ] as const)('%s says by what and which way', (sort, by, order) => expect(sortOf(sort)).toEqual({ by, order }));
});
