/** Which columns a table shows, and which stay at the left. */
import { useState } from 'react';
import { Button } from './button.js';
import { listText } from './columns.js';
import { Dialog } from './dialog.js';
import type { Params } from './params.js';

export interface ColumnChooserProps {
  readonly columns: readonly { readonly id: string; readonly title: string }[];
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
  /** `hide` and `pin` of the address. */
  readonly onChange: (change: Params) => void;
}

export function ColumnChooser({ columns, hidden, pinned, onChange }: ColumnChooserProps) {
  const [open, setOpen] = useState(false);
  const toggle = (list: readonly string[], id: string): string =>
    listText(list.includes(id) ? list.filter((one) => one !== id) : [...list, id]);
  return (
    <>
      <Button onPress={() => setOpen(true)}>Columns</Button>
      <Dialog title="Columns" open={open} onClose={() => setOpen(false)}>
        <table className="chooser">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Shown</th>
              <th scope="col">Pinned</th>
            </tr>
          </thead>
          <tbody>
            {columns.slice(1).map(({ id, title }) => (
              <tr key={id}>
                <th scope="row">{title}</th>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Show ${title}`}
                    checked={!hidden.includes(id)}
                    onChange={() => onChange({ hide: toggle(hidden, id) })}
                  />
                </td>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Pin ${title}`}
                    checked={pinned.includes(id)}
                    onChange={() => onChange({ pin: toggle(pinned, id) })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="row form-actions">
          <Button onPress={() => onChange({ hide: undefined, pin: undefined })}>Show all</Button>
          <Button look="primary" onPress={() => setOpen(false)}>
            Done
          </Button>
        </div>
      </Dialog>
    </>
  );
}
