/** What a person has typed into the edit form, and what of it is a change. Pure. */
import type { SweepView } from '@sweep/api';

export interface Draft {
  readonly name: string;
  readonly runCap: string;
  readonly parallel: string;
  readonly priority: string;
  readonly config: string;
}

const textOf = (value: number | null): string => (value === null ? '' : String(value));

export function draftOf({ name, runCap, parallel, priority, config }: SweepView): Draft {
  return { name, runCap: textOf(runCap), parallel: textOf(parallel), priority: String(priority), config };
}

export interface Change {
  name?: string;
  runCap?: number | null;
  parallel?: number | null;
  priority?: number;
  config?: string;
}

/** Which numbers are wrong is for the controller to say: it knows the limits. */
export function changeOf(sweep: SweepView, draft: Draft): Change {
  const before = draftOf(sweep);
  const changed = (name: keyof Draft): boolean => draft[name] !== before[name];
  return {
    ...(changed('name') ? { name: draft.name } : {}),
    ...(changed('runCap') ? { runCap: numberOrNull(draft.runCap) } : {}),
    ...(changed('parallel') ? { parallel: numberOrNull(draft.parallel) } : {}),
    ...(changed('priority') ? { priority: numberIn(draft.priority) } : {}),
    ...(changed('config') ? { config: draft.config } : {}),
  };
}

const numberOrNull = (text: string): number | null => (text.trim() === '' ? null : numberIn(text));

/** @throws Error for NaN, which JSON would send as null: no limit */
function numberIn(text: string): number {
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error(`${text} is no number`);
  return value;
}
