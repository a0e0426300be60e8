/** Grouping and naming of what runs hold, for the twin. Pure. */
import { paramsToText, searchableText } from '../params-text.js';
import { aggregate, compareGroups, deepestKey, type FoundKey, mergeKeys, mostGroups } from '../run-table.js';
import type { RunField, RunGroup, RunKey, RunRecord } from '../store.js';

export function groupRecords(
  records: readonly RunRecord[],
  by: readonly RunField[],
  columns: readonly RunField[],
  read: (record: RunRecord, field: RunField) => unknown,
): readonly RunGroup[] {
  const groups = new Map<string, { readonly values: readonly unknown[]; readonly records: RunRecord[] }>();
  for (const record of records) {
    const values = by.map((field) => read(record, field) ?? null);
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, records: [] };
    group.records.push(record);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ values, records: members }) => ({
      values,
      runs: members.length,
      states: countWords(members.map(({ trialState, state }) => trialState ?? state ?? '')),
      columns: columns.map((field) => aggregate(members.map((record) => read(record, field)))),
    }))
    .sort(compareGroups)
    .slice(0, mostGroups);
}

function countWords(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

export function keysOf(records: readonly RunRecord[], measured: (record: RunRecord) => readonly string[]): readonly RunKey[] {
  const found: FoundKey[] = records.flatMap((record) => [
    ...leavesOf('config', JSON.parse(searchableText(paramsToText(record.config))), '', 1),
    ...leavesOf('summary', JSON.parse(searchableText(record.summary ?? '{}')), '', 1),
    ...measured(record).map((path) => ({ kind: 'summary', path, type: 'measured', runs: 1 }) as const),
  ]);
  return mergeKeys(found);
}

function leavesOf(kind: 'config' | 'summary', document: object, prefix: string, depth: number): readonly FoundKey[] {
  return Object.entries(document).flatMap(([key, value]: [string, unknown]) => {
    const path = `${prefix}${key}`;
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '_type');
    if (nested && depth < deepestKey) return leavesOf(kind, value, `${path}.`, depth + 1);
    return [{ kind, path, type: jsonType(value), runs: 1 }];
  });
}

function jsonType(value: unknown): FoundKey['type'] {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return 'number';
  return typeof value as FoundKey['type'];
}
