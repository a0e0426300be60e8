import { describe, expect, it } from 'vitest';
import { samplesFor } from './sweep-data-view.js';

describe('points of each curve of an answer', () => {
  it.each([
    [300, 0, 300],
    [300, 1_000, 300],
    [300, 10_000, 100],
    [10_000, 400, 2_500],
    [300, 10_000_000, 8],
    [5, 10_000_000, 5],
  ])('are %d wanted of %d curves: %d', (wanted, curves, given) => expect(samplesFor(wanted, curves)).toBe(given));
});
