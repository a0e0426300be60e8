/** A secret that was just made: shown once, to be copied. */
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.js';
import { Copyable } from '../../ui/copy.js';
import { Dialog } from '../../ui/dialog.js';

export interface SecretProps {
  readonly title: string;
  readonly secret: string | null;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

export function Secret({ title, secret, onClose, children }: SecretProps) {
  return (
    <Dialog title={title} open={secret !== null} onClose={onClose} wide>
      <div className="form">
        <p>Copy it now: it is shown this once, and stored only as a hash.</p>
        <Copyable label="the secret" text={secret ?? ''} />
        {children}
        <div className="row form-actions">
          <Button look="primary" onPress={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
