/** Which columns the table of runs shows, of all that runs have. */
import type { RunKeyView } from '@sweep/api';
import { useState } from 'react';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { plainNames } from './run-columns.js';

export interface ColumnPickerProps {
  readonly keys: readonly RunKeyView[];
  readonly shown: readonly string[];
  /** Null: the usual ones. */
  readonly onChange: (names: readonly string[] | null) => void;
}

/** More than that nobody reads: a search finds the others. */
const mostListed = 200;

export function ColumnPicker({ keys, shown, onChange }: ColumnPickerProps) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const all = [...plainNames, ...keys.map(({ name }) => name)];
  const found = all.filter((name) => name.toLowerCase().includes(search.toLowerCase()));
  const toggle = (name: string): void => onChange(shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name]);
  return (
    <>
      <Button onPress={() => setOpen(true)}>Columns</Button>
      <Dialog title="Columns" open={open} onClose={() => setOpen(false)}>
        <div className="form">
          <Field
            label="Search columns"
            hideLabel
            type="search"
            placeholder="Search columns"
            value={search}
            onChange={setSearch}
            autoFocus
          />
          <ul className="run-column-list" aria-label="Columns">
            {found.slice(0, mostListed).map((name) => (
              <li key={name}>
                <label className="row">
                  <input type="checkbox" checked={shown.includes(name)} onChange={() => toggle(name)} />
                  {name}
                </label>
              </li>
            ))}
          </ul>
          {found.length > mostListed ? <p className="muted">{found.length - mostListed} more: search for them.</p> : null}
          <div className="row form-actions">
            <Button onPress={() => onChange(null)}>The usual ones</Button>
            <Button look="primary" onPress={() => setOpen(false)}>
              Done
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
