/** Changes a live sweep. Only what was changed is sent, with the revision that was looked at, so that nobody's edit is lost. */
import type { SweepView } from '@sweep/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../data/client.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { say } from '../../ui/toast.js';
import { changeOf, type Draft, draftOf } from './edit-draft.js';

interface EditProps {
  readonly sweep: SweepView;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function EditDialog(props: EditProps) {
  // Made anew each time it opens: a draft begins with what is there.
  return props.open ? <OpenEditDialog {...props} /> : null;
}

function OpenEditDialog({ sweep: now, open, onClose }: EditProps) {
  const queries = useQueryClient();
  // Somebody else's edit meanwhile takes nothing of what was typed: the controller refuses a revision that holds no longer.
  const [sweep] = useState(now);
  const [draft, setDraft] = useState<Draft>(() => draftOf(sweep));
  const field = (name: keyof Draft) => ({ value: draft[name], onChange: (value: string) => setDraft({ ...draft, [name]: value }) });
  const submit = async (): Promise<void> => {
    const change = changeOf(sweep, draft);
    if (Object.keys(change).length === 0) return;
    const edited = await client.editSweep(sweep.id, change, sweep.revision);
    queries.setQueryData(['sweep', sweep.id, 'itself'], edited);
    say(`Revision ${edited.revision} holds from now on.`);
  };
  return (
    <FormDialog title={`Edit ${sweep.name || sweep.id}`} action="Save" wide open={open} onClose={onClose} onSubmit={submit}>
      <Field label="Name" {...field('name')} />
      <div className="fields">
        <Field label="Trials in all" type="number" hint="Empty: no limit of its own" {...field('runCap')} />
        <Field label="At once" type="number" hint="Empty: as many as there are slots" {...field('parallel')} />
        <Field label="Priority" type="number" hint="Higher goes first" {...field('priority')} />
      </div>
      <Field label="Sweep file" lines={16} {...field('config')} />
    </FormDialog>
  );
}
