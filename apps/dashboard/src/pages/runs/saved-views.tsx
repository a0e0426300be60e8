/** Views of the table that somebody saved: everybody may open them. */
import type { SavedView } from '@sweep/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../data/client.js';
import { viewsQuery } from '../../data/run-table-queries.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { type Action, ActionMenu } from '../../ui/menu.js';
import type { Params } from '../../ui/params.js';
import { attempt, say } from '../../ui/toast.js';

/** What of the address makes a view. */
export const viewParams = ['where', 'sort', 'columns', 'group'] as const;

export interface SavedViewsProps {
  readonly project: string;
  readonly params: Params;
  readonly onOpen: (params: Params) => void;
}

export function SavedViews({ project, params, onOpen }: SavedViewsProps) {
  const [saving, setSaving] = useState(false);
  const [name, setName] = useState('');
  const { data } = useQuery(viewsQuery(project));
  const queries = useQueryClient();
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: ['views', project] });
  const views = data?.items ?? [];
  const state = Object.fromEntries(viewParams.map((key) => [key, params[key] ?? '']));

  const save = async (): Promise<void> => {
    const made = await client.createView({ project, page: 'runs', name: name.trim(), state });
    await again();
    setName('');
    say(`Saved the view "${made.name}".`, async () => {
      await client.removeView(made.id);
      await again();
    });
  };
  const forget = async (view: SavedView): Promise<void> => {
    await client.removeView(view.id);
    await again();
    say(`Forgot the view "${view.name}".`, async () => {
      await client.createView({ project, page: 'runs', name: view.name, state: view.state });
      await again();
    });
  };
  const actions: readonly Action[] = [
    ...views.map((view) => ({ id: view.id, label: view.name, hint: `by ${view.by}`, run: () => onOpen(paramsOf(view)) })),
    { id: 'save', label: 'Save this view …', run: () => setSaving(true) },
    ...views.map((view) => ({
      id: `forget ${view.id}`,
      label: `Forget "${view.name}"`,
      danger: true,
      run: () => void attempt(() => forget(view)),
    })),
  ];
  return (
    <>
      <ActionMenu label="Views" actions={actions} />
      <FormDialog title="Save this view" action="Save" open={saving} onClose={() => setSaving(false)} onSubmit={save}>
        <Field label="Name" value={name} onChange={setName} hint="Filter, order, columns and grouping are kept." autoFocus />
      </FormDialog>
    </>
  );
}

/** What this version does not know of a view is left out. */
function paramsOf({ state }: SavedView): Params {
  return Object.fromEntries(viewParams.map((key) => [key, typeof state[key] === 'string' && state[key] !== '' ? state[key] : undefined]));
}
