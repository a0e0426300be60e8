/** A button that opens a list of things to do. */
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { Button, type ButtonProps } from './button.js';

export interface Action {
  readonly id: string;
  readonly label: string;
  /** What it will do, in a few words. */
  readonly hint?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly run: () => void;
}

export function ActionMenu({
  label,
  actions,
  look,
}: {
  readonly label: string;
  readonly actions: readonly Action[];
  readonly look?: ButtonProps['look'];
}) {
  return (
    <MenuTrigger>
      <Button {...(look === undefined ? {} : { look })}>{label} ▾</Button>
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="menu" aria-label={label}>
          {actions.map(({ id, label: text, hint, danger, disabled, run }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={text}
              className={danger ? 'menu-item menu-item-danger' : 'menu-item'}
              isDisabled={disabled ?? false}
              onAction={run}
            >
              <span>{text}</span>
              {hint === undefined ? null : <span className="menu-hint">{hint}</span>}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
