import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readParams, writeParams } from './params.js';

describe('what is kept in the address', () => {
  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'grapheme' })), (params) => {
        fc.pre(!('__proto__' in params && Object.keys(params).length === 0));
        expect(readParams(writeParams(params))).toEqual({ ...params });
      }),
    );
  });

  it('reads like words', () =>
    expect(writeParams({ tab: 'trials', trial: '17', sort: '-objective' })).toBe('?tab=trials&trial=17&sort=-objective'));
  it('leaves out what is not chosen', () => expect(writeParams({ tab: undefined, where: '' })).toBe(''));
});
