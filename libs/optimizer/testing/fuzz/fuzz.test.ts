import { samplers } from '@sweep/optimizer';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { soundAnswers } from './asking.js';

describe('after any history', { timeout: 120_000 }, () => {
  // `npm run fuzz` looks at as many as wanted.
  it('bayes proposes points of the space, the same from a new instance, and says only numbers', () => {
    fc.assert(soundAnswers(samplers.get('bayes')!), { numRuns: 400 });
  });
});
