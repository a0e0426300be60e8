import { expect, it } from 'vitest';
import { beginningOf, documentIn, earlierIncrements } from './file-queries.js';

it('a document of Python is read, with its bare words as texts', () => {
  expect(documentIn('{"a": NaN, "b": [-Infinity, 1], "c": "NaN, \\"Infinity\\"", "NaN": Infinity}')).toEqual({
    a: 'NaN',
    b: ['-Infinity', 1],
    c: 'NaN, "Infinity"',
    NaN: 'Infinity',
  });
  expect(() => documentIn('{')).toThrow();
});

it('of a text without an end the beginning is read', async () => {
  let cancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('añb\n')),
    cancel: () => {
      cancelled = true;
    },
  });
  expect(await beginningOf(new Response(endless), 10)).toBe('añb\nañb\nañ');
  expect(cancelled).toBe(true);
  expect(await beginningOf(new Response('short'), 10)).toBe('short');
  expect(await beginningOf(new Response(null), 10)).toBe('');
});

it('a table that is logged by and by is what was logged of it so far, in order', () => {
  const paths = [
    '10-5.seen.table.json',
    '2-3.seen.table.json',
    '0-1.seen.table.json',
    '1-2.other.table.json',
    '3-4.seen.table.json',
    'seen',
  ];
  expect(earlierIncrements(paths, '3-4.seen.table.json')).toEqual(['0-1.seen.table.json', '2-3.seen.table.json']);
  expect(earlierIncrements(paths, '0-1.seen.table.json')).toEqual([]);
  expect(earlierIncrements(paths, 'seen.table.json')).toEqual([]);
});
