import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf } from './csv.js';

const line = (...cells: readonly unknown[]): string => csvOf([], [cells]).slice(2);

describe('a cell', () => {
  it.each(['=1+1', '+cmd|calc', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x")'])(
    'that would be a formula is a text: %j',
    (text) => {
      expect(line(text)).toMatch(/^"'/);
    },
  );

  it.each([
    [-1.5, '-1.5'],
    ['-Infinity', '-Infinity'],
    ['adam', 'adam'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    [null, ''],
    [[1, 2], '"[1,2]"'],
  ])('%j reads %s', (value, text) => expect(line(value)).toBe(`${text}\r\n`));

  it('never begins with a sign of a formula, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const written = line(text).replace(/^"/, '');
        expect(/^[=+@\t]/.test(written) && Number.isNaN(Number(text))).toBe(false);
      }),
    );
  });
});
