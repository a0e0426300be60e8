import type { SweepView } from '@sweep/api';
import { describe, expect, it } from 'vitest';
import { changeOf, draftOf } from './edit-draft.js';

const sweep = { name: 'digits', runCap: 60, parallel: null, priority: 0, config: 'method: bayes\n' } as unknown as SweepView;

describe('an edit', () => {
  it('sends nothing that was not changed', () => expect(changeOf(sweep, draftOf(sweep))).toEqual({}));

  it('sends what was changed, and null for a limit that was taken away', () => {
    expect(changeOf(sweep, { ...draftOf(sweep), runCap: '', parallel: '4', priority: '-1' })).toEqual({
      runCap: null,
      parallel: 4,
      priority: -1,
    });
  });

  it('with what is no number is not sent: as JSON it would take the limit away', () => {
    expect(() => changeOf(sweep, { ...draftOf(sweep), runCap: 'many' })).toThrow('many is no number');
  });
});
