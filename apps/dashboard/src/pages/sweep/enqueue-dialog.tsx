/** Trials of params that a person chooses: the best ones to begin with, changed as they like. */
import type { SweepView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../data/client.js';
import { trialQuery } from '../../data/sweep-queries.js';
import type { TrialPoint } from '../../data/trial-points.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { say } from '../../ui/toast.js';

interface EnqueueProps {
  readonly sweep: SweepView;
  readonly trials: readonly TrialPoint[];
  readonly open: boolean;
  readonly onClose: () => void;
}

export function EnqueueDialog({ sweep, trials, open, onClose }: EnqueueProps) {
  const [first] = trials;
  const example = useQuery({ ...trialQuery(sweep.id, first?.id ?? ''), enabled: open && sweep.best === null && first !== undefined });
  if (!open || example.isLoading) return null;
  return <OpenEnqueueDialog sweep={sweep} beginning={sweep.best?.params ?? example.data?.params ?? {}} onClose={onClose} />;
}

interface OpenProps {
  readonly sweep: SweepView;
  readonly beginning: Readonly<Record<string, unknown>>;
  readonly onClose: () => void;
}

function OpenEnqueueDialog({ sweep, beginning, onClose }: OpenProps) {
  const [text, setText] = useState(() => JSON.stringify(beginning, null, 2));
  const submit = async (): Promise<void> => {
    const { total } = await client.enqueueTrials(sweep.id, pointsOf(text));
    say(total === 1 ? 'The trial is next in line.' : `${total} trials are next in line.`);
  };
  return (
    <FormDialog title="Enqueue trials" action="Enqueue" open onClose={onClose} onSubmit={submit}>
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
