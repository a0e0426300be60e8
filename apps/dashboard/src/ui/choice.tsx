/** One of several: a native list where they are few, a combobox with search where they are many. */
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface ChoiceProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

const few = 12;

export function Picker(props: ChoiceProps) {
  return props.choices.length > few ? <Combobox {...props} /> : <Select {...props} />;
}

function Select({ label, choices, value, onChange }: ChoiceProps) {
  return (
    <label className="choice">
      <span className="muted">{label}</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {choices.map(({ id, label: text }) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Combobox({ label, choices, value, onChange }: ChoiceProps) {
  return (
    <ComboBox className="choice" selectedKey={value} onSelectionChange={(key) => key !== null && onChange(String(key))} menuTrigger="focus">
      <Label className="muted">{label}</Label>
      <span className="combobox">
        <Input className="input" />
        <Button className="combobox-open" aria-label={`Show all: ${label}`}>
          ▾
        </Button>
      </span>
      <Popover className="popover">
        <ListBox className="menu">
          {choices.map(({ id, label: text }) => (
            <ListBoxItem key={id} id={id} textValue={text} className="menu-item">
              {text}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
