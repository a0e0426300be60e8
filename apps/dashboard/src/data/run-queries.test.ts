import { expect, it } from 'vitest';
import { documentIn } from './run-queries.js';

it('a document of Python is read, with its bare words as texts', () => {
  expect(documentIn('{"a": NaN, "b": [-Infinity, 1], "c": "NaN, \\"Infinity\\"", "NaN": Infinity}')).toEqual({
    a: 'NaN',
    b: ['-Infinity', 1],
    c: 'NaN, "Infinity"',
    NaN: 'Infinity',
  });
  expect(() => documentIn('{')).toThrow();
});
