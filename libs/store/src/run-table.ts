/** What tables of runs are made of, alike on both stores: names of columns, groups, and what numbers come to. Pure. */
import type { RunAggregate, RunGroup, RunKey } from './run-store.js';

export const mostGroups = 1_000;
/** Keys within keys are columns down to here. */
export const deepestKey = 4;

/** One name with one kind of value. `measured`: it has points. */
export interface FoundKey {
  readonly kind: 'config' | 'summary';
  readonly path: string;
  readonly type: 'number' | 'string' | 'boolean' | 'array' | 'object' | 'null' | 'measured';
  readonly runs: number;
}

const typeNames = {
  number: 'number',
  measured: 'number',
  string: 'text',
  boolean: 'boolean',
  array: 'list',
  object: 'object',
} as const;

/** By kind and name. The type is that of most runs; a metric is a number whatever its summary says. */
export function mergeKeys(found: readonly FoundKey[]): readonly RunKey[] {
  const counts = new Map<string, { readonly key: FoundKey; readonly byType: Map<FoundKey['type'], number> }>();
  for (const key of found) {
    if (key.type === 'null') continue;
    const name = `${key.kind} ${key.path}`;
    const known = counts.get(name) ?? { key, byType: new Map() };
    known.byType.set(key.type, (known.byType.get(key.type) ?? 0) + key.runs);
    counts.set(name, known);
  }
  const merged = [...counts.values()].map(({ key: { kind, path }, byType }) => {
    const measured = byType.get('measured') ?? 0;
    byType.delete('measured');
    const told = [...byType].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    const inSummary = told.reduce((sum, [, n]) => sum + n, 0);
    const type = measured > 0 ? 'number' : typeNames[told[0]![0] as keyof typeof typeNames];
    return { kind, path, type, runs: Math.max(measured, inSummary) };
  });
  return merged.sort((a, b) => (a.kind === b.kind ? (a.path < b.path ? -1 : 1) : a.kind < b.kind ? -1 : 1));
}

/** The most frequent first, then by their values as text. */
export function compareGroups(a: RunGroup, b: RunGroup): number {
  if (a.runs !== b.runs) return b.runs - a.runs;
  const [left, right] = [JSON.stringify(a.values), JSON.stringify(b.values)];
  return left < right ? -1 : Number(left > right);
}

export function aggregate(values: readonly unknown[]): RunAggregate {
  const numbers = values.filter((value) => typeof value === 'number');
  const n = numbers.length;
  if (n === 0) return { n, min: null, max: null, mean: null, deviation: null };
  const mean = numbers.reduce((sum, value) => sum + value, 0) / n;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const [min, max] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
  return { n, min, max, mean, deviation: n < 2 ? null : Math.sqrt(squares / (n - 1)) };
}
