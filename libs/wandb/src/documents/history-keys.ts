/**
 * What a run has logged so far: for every metric which kinds of values, how many, the last, and whether it only ever rose.
 *
 * Owns `Run.historyKeys`. Its document is also its stored form: read it, add lines, write it. Each line is to be added once; after lines
 * were replaced, begin anew. Values are kept as text.
 */
import { type Raw, type RawObject, readRawObject, stringOf, writeMembers } from '../json/raw.js';
import { isMedia, leaves } from './flatten.js';

/** Metrics beyond this number are not listed: a program that logs under ever new names must not grow a document without end. */
const mostKeys = 20_000;
/** Longer texts are not repeated as a last value. */
const longestValue = 1_000;

interface Seen {
  readonly counts: Map<string, number>;
  rising: boolean;
  /** JSON text; undefined for lists and media. */
  last: string | undefined;
}

export class HistoryKeys {
  private readonly seen = new Map<string, Seen>();
  private step: string | undefined;

  /** @param document what `document()` gave earlier; anything else counts as nothing. */
  constructor(document: string | null = null) {
    const stored = document === null ? undefined : readRawObject(document);
    const keys = stored?.members.get('keys');
    if (keys?.kind === 'object') for (const [name, entry] of keys.members) this.restore(name, entry);
    this.step = stored?.members.get('lastStep')?.text;
  }

  add(line: RawObject): void {
    for (const [name, value] of leaves(line)) this.addValue(name, value);
    const step = line.members.get('_step');
    if (step?.kind === 'number') this.step = step.text;
  }

  /** JSON, without bare NaN; null when nothing was logged. */
  document(): string | null {
    if (this.seen.size === 0) return null;
    const keys = writeMembers([...this.seen].map(([name, seen]) => [name, entryText(seen)] as const));
    return `{"sets":[],"keys":${keys},"lastStep":${this.step ?? 0}}`;
  }

  private addValue(name: string, value: Raw): void {
    const seen = this.seen.get(name) ?? { counts: new Map<string, number>(), rising: true, last: undefined };
    if (!this.seen.has(name)) {
      if (this.seen.size >= mostKeys) return;
      this.seen.set(name, seen);
    }
    const kind = kindOf(value);
    seen.counts.set(kind, (seen.counts.get(kind) ?? 0) + 1);
    seen.rising &&= value.kind === 'number' && (seen.last === undefined || Number(value.text) >= Number(seen.last));
    seen.last = lastText(value);
  }

  private restore(name: string, entry: Raw): void {
    if (entry.kind !== 'object') return;
    const list = entry.members.get('typeCounts');
    const counts = new Map<string, number>();
    for (const item of list?.kind === 'list' ? list.items : []) {
      const type = item.kind === 'object' ? item.members.get('type') : undefined;
      if (type?.kind === 'string' && item.kind === 'object') counts.set(stringOf(type), Number(item.members.get('count')?.text ?? 0));
    }
    this.seen.set(name, {
      counts,
      rising: entry.members.get('monotonic')?.text === 'true',
      last: entry.members.get('previousValue')?.text,
    });
  }
}

/** The step of the last line in a document of `HistoryKeys`; null where it says none. */
export function lastStepOf(document: string): number | null {
  // Its last member: reading all of it for one number would cost more than a whole request.
  const [, step] = /"lastStep":(-?[\d.eE+-]+)\}$/.exec(document) ?? [];
  return step === undefined ? null : Number(step);
}

function entryText({ counts, rising, last }: Seen): string {
  const types = [...counts].map(([type, count]) => `{"type":${JSON.stringify(type)},"count":${count}}`);
  const value = last === undefined ? '' : `,"previousValue":${last}`;
  return `{"typeCounts":[${types.join(',')}],"monotonic":${rising}${value}}`;
}

function kindOf(value: Raw): string {
  if (value.kind === 'null') return 'nil';
  if (!isMedia(value)) return value.kind;
  const type = value.members.get('_type');
  return type?.kind === 'string' ? stringOf(type) : 'map';
}

function lastText(value: Raw): string | undefined {
  if (value.kind === 'object' || value.kind === 'list' || value.text.length > longestValue) return undefined;
  return /^(?:NaN|-?Infinity)$/.test(value.text) ? `"${value.text}"` : value.text;
}
