/** What is done to the runs that are selected. Everything that can be taken back is done at once and can be undone. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../data/client.js';
import { Button } from '../../ui/button.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { attempt, say } from '../../ui/toast.js';

export interface BulkBarProps {
  readonly ids: readonly string[];
  readonly total: number;
  readonly onClear: () => void;
  readonly onAll: () => Promise<void>;
}

const mostCompared = 50;
const counted = (n: number): string => (n === 1 ? '1 run' : `${n} runs`);
const tagsIn = (text: string): string[] =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

export function BulkBar({ ids, total, onClear, onAll }: BulkBarProps) {
  const [tagging, setTagging] = useState(false);
  const [add, setAdd] = useState('');
  const [remove, setRemove] = useState('');
  const queries = useQueryClient();
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: ['runs'] });
  const undone = (work: () => Promise<unknown>) => async (): Promise<void> => {
    await work();
    await again();
  };

  const tag = async (): Promise<void> => {
    const change = { addTags: tagsIn(add), removeTags: tagsIn(remove) };
    const { changed, undo } = await client.editRuns({ changes: ids.map((id) => ({ id, ...change })) });
    await again();
    say(`Tagged ${counted(changed)}.`, undo === null ? null : undone(() => client.editRuns(undo)));
  };
  const drop = async (): Promise<void> => {
    const { done, refused } = await client.deleteRuns(ids);
    await again();
    onClear();
    const others = refused.length === 0 ? '' : ` ${counted(refused.length)} stayed: ${refused[0]!.reason}.`;
    say(`Deleted ${counted(done.length)}.${others}`, done.length === 0 ? null : undone(() => client.restoreRuns(done)));
  };
  const stop = async (): Promise<void> => {
    const { done, refused } = await client.stopRuns(ids);
    await again();
    say(
      `Asked ${counted(done.length)} to stop.${refused.length === 0 ? '' : ` ${refused.length} did not need to: ${refused[0]!.reason}.`}`,
    );
  };
  return (
    <section className="row run-bulk" aria-label="Selected runs">
      <strong>{counted(ids.length)} selected</strong>
      {ids.length < total ? (
        <Button look="quiet" onPress={() => void attempt(onAll)}>
          Select all {total}
        </Button>
      ) : null}
      <Button onPress={() => setTagging(true)}>Tag</Button>
      <Link className="button" to="/compare" search={{ runs: ids.slice(0, mostCompared).join(',') } as never}>
        Compare
      </Link>
      <Button onPress={() => void attempt(stop)}>Stop</Button>
      <Button look="danger" onPress={() => void attempt(drop)}>
        Delete
      </Button>
      <Button look="quiet" onPress={onClear}>
        Clear
      </Button>
      <FormDialog title={`Tag ${counted(ids.length)}`} action="Tag" open={tagging} onClose={() => setTagging(false)} onSubmit={tag}>
        <Field label="Add tags" value={add} onChange={setAdd} hint="Separated by commas" autoFocus />
        <Field label="Remove tags" value={remove} onChange={setRemove} />
      </FormDialog>
    </section>
  );
}
