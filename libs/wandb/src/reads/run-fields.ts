/** What the names in filters and orders of runs mean: columns, values of the config, values of the summary. */
import { Invalid } from '@sweep/domain';
import type { Raw, RawObject } from '../json/raw.js';

export const runColumns = [
  'name',
  'displayName',
  'state',
  'sweep',
  'tags',
  'username',
  'group',
  'jobType',
  'createdAt',
  'heartbeatAt',
  'updatedAt',
  'description',
  'notes',
] as const;
export type RunColumn = (typeof runColumns)[number];

export type RunField =
  | { readonly kind: 'column'; readonly column: RunColumn }
  /** A dotted path: dots may part nested dicts or belong to a key. `valueAt` resolves it. */
  | { readonly kind: 'config' | 'summary'; readonly path: string }
  /** No run has it. */
  | { readonly kind: 'unknown'; readonly name: string };

const aliases: Readonly<Record<string, RunColumn>> = {
  display_name: 'displayName',
  user: 'username',
  'user.username': 'username',
  group_name: 'group',
  job_type: 'jobType',
  created_at: 'createdAt',
  heartbeat_at: 'heartbeatAt',
  updated_at: 'updatedAt',
};

export function runField(name: string): RunField {
  if (name.startsWith('config.')) return { kind: 'config', path: name.slice('config.'.length).replace(/\.value$/, '') };
  if (name.startsWith('summary_metrics.')) return { kind: 'summary', path: name.slice('summary_metrics.'.length) };
  if (name.startsWith('summary.')) return { kind: 'summary', path: name.slice('summary.'.length) };
  const column = runColumns.find((known) => known === name) ?? (Object.hasOwn(aliases, name) ? aliases[name] : undefined);
  return column === undefined ? { kind: 'unknown', name } : { kind: 'column', column };
}

/**
 * The value at a dotted path, the longest literal key first: `val.loss` is the key of that name, else `loss` inside `val`.
 * Config documents are to be unwrapped before.
 */
export function valueAt(document: RawObject, path: string): Raw | undefined {
  const whole = document.members.get(path);
  if (whole !== undefined) return whole;
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const outer = document.members.get(path.slice(0, dot));
    const found = outer?.kind === 'object' ? valueAt(outer, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface RunOrder {
  readonly field: RunField;
  readonly descending: boolean;
}

/** `+created_at`, `-summary_metrics.loss`, several parted by commas. Oldest first where nothing is asked. */
export function parseRunOrder(text: string | null | undefined): readonly RunOrder[] {
  const parts = (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length > 8) throw new Invalid('runs can be ordered by at most 8 names');
  if (parts.length === 0) return [{ field: { kind: 'column', column: 'createdAt' }, descending: false }];
  return parts.map((part) => ({ field: runField(part.replace(/^[+-]/, '')), descending: part.startsWith('-') }));
}
