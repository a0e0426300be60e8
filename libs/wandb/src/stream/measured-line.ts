/** The numbers of a history line, for charts and objectives: name, value, step and time. What is no number stays in the line alone. */
import { leaves } from '../documents/flatten.js';
import { type Raw, type RawObject, stringOf } from '../json/raw.js';

export interface MeasuredLine {
  /** null for a line without `_step`, such as those of system metrics. */
  readonly step: number | null;
  /** Milliseconds since the epoch, by the program's clock; null where it did not say. */
  readonly time: number | null;
  /** NaN and the infinities are values; nested dicts by dotted names. */
  readonly values: readonly (readonly [name: string, value: number])[];
}

/** What the client adds to every line. */
const own: ReadonlySet<string> = new Set(['_step', '_timestamp', '_runtime', '_wandb']);

export function measuredLine(line: RawObject): MeasuredLine {
  const values: [string, number][] = [];
  for (const [name, raw] of leaves(line)) {
    const value = own.has(name) || name.startsWith('_wandb.') ? undefined : numberOf(raw);
    if (value !== undefined) values.push([name, value]);
  }
  const step = numberOf(line.members.get('_step'));
  const seconds = numberOf(line.members.get('_timestamp'));
  return {
    step: step !== undefined && Number.isFinite(step) ? step : null,
    time: seconds !== undefined && Number.isFinite(seconds) ? seconds * 1000 : null,
    values,
  };
}

/** Some clients write what JSON lacks as texts. */
function numberOf(raw: Raw | undefined): number | undefined {
  if (raw?.kind === 'number') return Number(raw.text);
  if (raw?.kind !== 'string' || raw.text.length > 11) return undefined;
  const text = stringOf(raw);
  return text === 'NaN' || text === 'Infinity' || text === '-Infinity' ? Number(text) : undefined;
}
