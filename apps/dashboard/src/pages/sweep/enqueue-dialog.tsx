/** Trials of params that a person chooses: the best ones to begin with, changed as they like. */
import type { SweepView, TrialView } from '@sweep/api';
import { useState } from 'react';
import { client } from '../../data/client.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { say } from '../../ui/toast.js';

interface EnqueueProps {
  readonly sweep: SweepView;
  readonly trials: readonly TrialView[];
  readonly open: boolean;
  readonly onClose: () => void;
}

export function EnqueueDialog(props: EnqueueProps) {
  return props.open ? <OpenEnqueueDialog {...props} /> : null;
}

function OpenEnqueueDialog({ sweep, trials, open, onClose }: EnqueueProps) {
  const beginning = sweep.best?.params ?? trials[0]?.params ?? {};
  const [text, setText] = useState(() => JSON.stringify(beginning, null, 2));
  const submit = async (): Promise<void> => {
    const { total } = await client.enqueueTrials(sweep.id, pointsOf(text));
    say(total === 1 ? 'The trial is next in line.' : `${total} trials are next in line.`);
  };
  return (
    <FormDialog title="Enqueue trials" action="Enqueue" open={open} onClose={onClose} onSubmit={submit}>
      <Field
        label="Params"
        hint={
          sweep.best === null
            ? 'An object of params as JSON, or a list of them.'
            : 'Those of the best trial to begin with. A list of objects makes several trials.'
        }
        lines={14}
        value={text}
        onChange={setText}
      />
    </FormDialog>
  );
}

function pointsOf(text: string): readonly Record<string, unknown>[] {
  const value: unknown = JSON.parse(text);
  return (Array.isArray(value) ? value : [value]) as readonly Record<string, unknown>[];
}
