import { runId } from '@sweep/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, type RunChange, undoOf } from './edits.js';

const run = { id: runId('aaaaaaaa'), name: 'a', notes: null, group: 'g', tags: ['x', 'y'] };

describe('an edit of a run', () => {
  it('adds tags once, behind those that are there, and removes others', () => {
    expect(applyEdit(run, { id: run.id, addTags: ['z', 'x', 'z'], removeTags: ['y', 'q'] })).toEqual({ tags: ['x', 'z'] });
  });

  it('clears what is set to null, and leaves alone what is not given', () => {
    expect(applyEdit(run, { id: run.id, group: null, name: 'b' })).toEqual({ tags: ['x', 'y'], group: null, name: 'b' });
  });

  it('that changes nothing has nothing to take back', () => {
    expect(undoOf(run, { id: run.id, addTags: ['x'], removeTags: ['q'], name: 'a', group: 'g' })).toBeNull();
  });

  it('is taken back by its undo, but for the order of tags', () => {
    const tag = fc.constantFrom('x', 'y', 'z', 'w');
    const text = fc.option(fc.constantFrom('a', 'b'), { nil: null });
    const change = fc.record(
      {
        addTags: fc.array(tag),
        removeTags: fc.array(tag),
        name: fc.constantFrom('a', 'b'),
        notes: text,
        group: text,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(change, (given) => {
        const edit: RunChange = { id: run.id, ...given };
        const after = { ...run, ...applyEdit(run, edit) };
        const undo = undoOf(run, edit);
        const back = undo === null ? after : { ...after, ...applyEdit(after as typeof run, undo) };
        expect({ ...back, tags: [...back.tags!].sort() }).toEqual({ ...run, tags: [...run.tags].sort() });
      }),
    );
  });
});
