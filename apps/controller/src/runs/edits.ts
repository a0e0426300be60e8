/** What a person's edit makes of a run, and the edit that takes it back. Pure. */
import type { editRunsBody } from '@sweep/api';
import type { RunEdit, RunRecord } from '@sweep/store';
import type { z } from 'zod';

export type RunChange = z.infer<typeof editRunsBody>['changes'][number];
type Editable = Pick<RunRecord, 'id' | 'name' | 'notes' | 'group' | 'tags'>;

export function applyEdit(run: Editable, { addTags = [], removeTags = [], name, notes, group }: RunChange): RunEdit {
  const kept = run.tags.filter((tag) => !removeTags.includes(tag));
  const added = [...new Set(addTags)].filter((tag) => !run.tags.includes(tag));
  return {
    tags: [...kept, ...added],
    ...(name === undefined ? {} : { name }),
    ...(notes === undefined ? {} : { notes }),
    ...(group === undefined ? {} : { group }),
  };
}

/** Null: nothing changed. Takes back what this edit did, and nothing that was so before it. */
export function undoOf(run: Editable, change: RunChange): RunChange | null {
  const after: Editable = { ...run, ...applyEdit(run, change) } as Editable;
  const removeTags = after.tags.filter((tag) => !run.tags.includes(tag));
  const addTags = run.tags.filter((tag) => !after.tags.includes(tag));
  const undo = {
    ...(addTags.length === 0 ? {} : { addTags }),
    ...(removeTags.length === 0 ? {} : { removeTags }),
    ...(after.name === run.name ? {} : { name: run.name }),
    ...(after.notes === run.notes ? {} : { notes: run.notes }),
    ...(after.group === run.group ? {} : { group: run.group }),
  };
  return Object.keys(undo).length === 0 ? null : { id: run.id, ...undo };
}
