import { expect, it } from 'vitest';
import { afterClick } from './selecting.js';

it('a click selects, on what is selected it deselects, on nothing it clears', () => {
  expect(afterClick(['a', 'b'], 'c', false)).toEqual(['c']);
  expect(afterClick(['c'], 'c', false)).toEqual([]);
  expect(afterClick(['a', 'b'], 'a', false)).toEqual(['a']);
  expect(afterClick(['a'], null, false)).toEqual([]);
});

it('with shift it adds and takes away, and nothing is lost by a miss', () => {
  expect(afterClick(['a'], 'b', true)).toEqual(['a', 'b']);
  expect(afterClick(['a', 'b'], 'a', true)).toEqual(['b']);
  expect(afterClick(['a'], null, true)).toEqual(['a']);
});
