import { expect, it } from 'vitest';
import { beginningOf, documentIn } from './run-queries.js';

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
