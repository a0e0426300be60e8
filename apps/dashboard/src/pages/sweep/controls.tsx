/** What may be done with a sweep. What can be taken back is done at once; what cannot is asked about. */
import type { SweepView } from '@sweep/api';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../data/client.js';
import type { TrialPoint } from '../../data/trial-points.js';
import { sweepAddress } from '../../shell/addresses.js';
import { Button } from '../../ui/button.js';
import { FormDialog } from '../../ui/dialog.js';
import { ActionMenu } from '../../ui/menu.js';
import { attempt, say } from '../../ui/toast.js';
import { EditDialog } from './edit-dialog.js';
import { EnqueueDialog } from './enqueue-dialog.js';

type Open = 'edit' | 'enqueue' | 'cancel' | 'delete' | null;

const live = new Set(['pending', 'running']);

export function Controls({ sweep, trials }: { readonly sweep: SweepView; readonly trials: readonly TrialPoint[] }) {
  const [open, setOpen] = useState<Open>(null);
  const navigate = useNavigate();
  const { id, state, counts } = sweep;
  const ended = ['completed', 'cancelled', 'failed'].includes(state);

  const pause = async (): Promise<void> => {
    await client.commandSweep(id, 'pause');
    say('Paused: no new trials; running ones go on.', () => client.commandSweep(id, 'resume'));
  };
  const retry = async (): Promise<void> => {
    const { total } = await client.retrySweep(id, { failed: true });
    say(total === 1 ? 'The failed trial is queued again.' : `${total} failed trials are queued again.`);
  };
  const clone = async (): Promise<void> => {
    const made = await client.cloneSweep(id, {});
    await navigate({ to: sweepAddress(made.path) });
    // Only what has ended can be removed, and its trials may run already.
    say(`Cloned as ${made.id}.`, async () => {
      await client.commandSweep(made.id, 'cancel');
      await navigate({ to: sweepAddress(sweep.path) });
      say(`The clone ${made.id} is cancelled.`);
    });
  };
  const command = (verb: 'resume' | 'stop') => () => void attempt(() => client.commandSweep(id, verb));
  return (
    <>
      <div className="row">
        {live.has(state) ? <Button onPress={() => void attempt(pause)}>Pause</Button> : null}
        {state === 'paused' ? (
          <Button look="primary" onPress={command('resume')}>
            Resume
          </Button>
        ) : null}
        {counts.failed > 0 ? <Button onPress={() => void attempt(retry)}>Retry failed</Button> : null}
        <Button onPress={() => setOpen('edit')}>Edit</Button>
        <ActionMenu
          label="More"
          actions={[
            {
              id: 'enqueue',
              label: 'Enqueue trials',
              hint: 'Params of your choice, next in line',
              disabled: ended,
              run: () => setOpen('enqueue'),
            },
            {
              id: 'resume',
              label: 'Resume',
              hint: 'Goes on where it ended',
              disabled: !ended,
              run: command('resume'),
            },
            { id: 'clone', label: 'Clone', hint: 'The same file, a new sweep', run: () => void attempt(clone) },
            {
              id: 'stop',
              label: 'Stop',
              hint: 'No new trials; running ones finish',
              disabled: ended || state === 'stopping',
              run: command('stop'),
            },
            {
              id: 'cancel',
              label: 'Cancel',
              hint: 'Running trials are terminated',
              danger: true,
              disabled: ended,
              run: () => setOpen('cancel'),
            },
            { id: 'delete', label: 'Delete', hint: 'Kept for 30 days', danger: true, disabled: !ended, run: () => setOpen('delete') },
          ]}
        />
      </div>
      <Dialogs sweep={sweep} trials={trials} open={open} onClose={() => setOpen(null)} />
    </>
  );
}

interface DialogsProps {
  readonly sweep: SweepView;
  readonly trials: readonly TrialPoint[];
  readonly open: Open;
  readonly onClose: () => void;
}

function Dialogs({ sweep, trials, open, onClose }: DialogsProps) {
  const navigate = useNavigate();
  const { id, counts } = sweep;
  return (
    <>
      <EditDialog sweep={sweep} open={open === 'edit'} onClose={onClose} />
      <EnqueueDialog sweep={sweep} trials={trials} open={open === 'enqueue'} onClose={onClose} />
      <FormDialog
        title="Cancel this sweep?"
        action="Cancel the sweep"
        open={open === 'cancel'}
        onClose={onClose}
        onSubmit={async () => void (await client.commandSweep(id, 'cancel'))}
      >
        <p>
          {counts.running + counts.stopping} running and {counts.queued} waiting trials end now, without a result. What they have logged is
          kept.
        </p>
      </FormDialog>
      <FormDialog
        title="Delete this sweep?"
        action="Delete the sweep"
        open={open === 'delete'}
        onClose={onClose}
        onSubmit={async () => {
          await client.removeSweep(id);
          await navigate({ to: '/' });
        }}
      >
        <p>
          {sweep.name || id} and its {trials.length} trials disappear from every list.
        </p>
      </FormDialog>
    </>
  );
}
