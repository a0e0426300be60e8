/** Labelled inputs. */
import type { ReactNode } from 'react';
import { Input, Label, Text, TextArea, TextField } from 'react-aria-components';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly problem?: string | null;
  readonly placeholder?: string;
  readonly type?: 'text' | 'password' | 'number' | 'search';
  readonly autoFocus?: boolean;
  /** Lines of a larger one. */
  readonly lines?: number;
  readonly hideLabel?: boolean;
}

export function Field({
  label,
  value,
  onChange,
  hint,
  problem = null,
  placeholder,
  type = 'text',
  autoFocus,
  lines,
  hideLabel,
}: FieldProps) {
  const shown = placeholder === undefined ? {} : { placeholder };
  return (
    <TextField
      className="field"
      validationBehavior="aria"
      value={value}
      onChange={onChange}
      isInvalid={problem !== null}
      {...(autoFocus ? { autoFocus } : {})}
    >
      <Label className={hideLabel ? 'visually-hidden' : 'field-label'}>{label}</Label>
      {lines === undefined ? (
        <Input className="input" type={type} autoComplete="off" spellCheck={false} {...shown} />
      ) : (
        <TextArea className="input mono" rows={lines} spellCheck={false} {...shown} />
      )}
      {hint === undefined ? null : (
        <Text slot="description" className="muted">
          {hint}
        </Text>
      )}
      {problem === null ? null : (
        <Text slot="errorMessage" className="problem">
          {problem}
        </Text>
      )}
    </TextField>
  );
}
