/** A condition picked instead of typed; it becomes a part of the expression, which stays the one truth. */
import { useState } from 'react';
import { Button } from '../../ui/button.js';
import { type Choice, Picker } from '../../ui/choice.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { comparisons, condition, type Sign } from './conditions.js';

const words: Readonly<Record<Sign, string>> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
  '~': 'matches',
};

export function FilterBuilder({ names, onAdd }: { readonly names: readonly string[]; readonly onAdd: (text: string) => void }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('state');
  const [sign, setSign] = useState<Sign>('=');
  const [value, setValue] = useState('');
  const choices: readonly Choice[] = names.map((one) => ({ id: one, label: one }));
  return (
    <>
      <Button onPress={() => setOpen(true)}>Add filter</Button>
      <FormDialog
        title="Add a filter"
        action="Add"
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={async () => {
          onAdd(condition(name, sign, value));
          setValue('');
        }}
      >
        <Picker label="Runs whose" choices={choices} value={name} onChange={setName} />
        <Picker
          label="value"
          choices={comparisons.map((one) => ({ id: one, label: words[one] }))}
          value={sign}
          onChange={(id) => setSign(id as Sign)}
        />
        <Field label="this" value={value} onChange={setValue} hint="A number, a text, true, false or null." />
      </FormDialog>
    </>
  );
}
