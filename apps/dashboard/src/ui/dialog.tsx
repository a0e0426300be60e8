/** A question or a form in front of the page. Esc and a press beside it close it. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { messageOf } from '../data/errors.js';
import { Button } from './button.js';

export interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function Dialog({ title, open, onClose, wide = false, children }: DialogProps) {
  return (
    <ModalOverlay className="overlay" isOpen={open} onOpenChange={(now) => now || onClose()} isDismissable>
      <Modal className={wide ? 'modal modal-wide' : 'modal'}>
        <AriaDialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface FormDialogProps extends DialogProps {
  /** Word on the button that does it. */
  readonly action: string;
  /** What goes wrong stays in the dialog, in words. */
  readonly onSubmit: () => Promise<void>;
}

export function FormDialog({ action, onSubmit, children, ...dialog }: FormDialogProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit();
      dialog.onClose();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog {...dialog}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        {children}
        {problem === null ? null : (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <div className="row form-actions">
          <Button onPress={dialog.onClose}>Cancel</Button>
          <Button look="primary" type="submit" isDisabled={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
