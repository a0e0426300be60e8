import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arranged, listIn, listText } from './columns.js';

const columns = ['number', 'state', 'lr', 'loss'].map((id) => ({ id }));
const ids = (hidden: readonly string[], pinned: readonly string[]): unknown => {
  const answer = arranged(columns, { hidden, pinned });
  return [answer.columns.map(({ id }) => id), answer.pinned];
};

describe('the columns shown', () => {
  it('are all, the first one pinned', () => expect(ids([], [])).toEqual([['number', 'state', 'lr', 'loss'], 1]));
  it('have the pinned ones at the left, in the order in which they were pinned', () => {
    expect(ids([], ['loss', 'state'])).toEqual([['number', 'loss', 'state', 'lr'], 3]);
  });
  it('leave out the hidden ones, pinned or not; never the first', () => {
    expect(ids(['number', 'loss'], ['loss', 'gone'])).toEqual([['number', 'state', 'lr'], 1]);
  });
  it('of an empty table are none', () => expect(arranged([], { hidden: [], pinned: [] })).toEqual({ columns: [], pinned: 0 }));
});

describe('a list in the address', () => {
  it('comes back as it was, whatever the names', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' })), (names) => {
        expect(listIn(listText(names))).toEqual(names);
      }),
    );
  });
  it('that was written by hand is read as it stands', () => expect(listIn('50%,a')).toEqual(['50%', 'a']));
});
