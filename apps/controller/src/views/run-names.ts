/**
 * Names that people filter and sort runs and trials by, and what they mean. Pure: the language is that of `@sweep/api`, the search
 * is the store's.
 */
import { type Comparison, type Expression, parseExpression } from '@sweep/api';
import { Invalid } from '@sweep/domain';
import type { FilterValue, RunColumn, RunField, RunFilter, RunOrder } from '@sweep/store';

const columns: Readonly<Record<string, RunColumn>> = {
  id: 'id',
  name: 'displayName',
  number: 'number',
  state: 'ownState',
  objective: 'objective',
  duration: 'duration',
  durationSeconds: 'duration',
  sweep: 'sweep',
  tags: 'tags',
  user: 'username',
  group: 'group',
  jobType: 'jobType',
  notes: 'notes',
  created: 'createdAt',
  createdAt: 'createdAt',
  updated: 'updatedAt',
  updatedAt: 'updatedAt',
};

/** A column, `config.NAME` or `params.NAME`, `summary.NAME` or `metrics.NAME`; any other is looked for in the config, then the summary. */
export function fieldNamed(name: string): RunField {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column !== undefined) return { kind: 'column', column };
  const [, room, path] = /^(config|params|summary|metrics)\.(.+)$/s.exec(name) ?? [];
  if (room === undefined || path === undefined) return { kind: 'either', path: name };
  return { kind: room === 'config' || room === 'params' ? 'config' : 'summary', path };
}

/** @throws Invalid with the place of what is wrong */
export function filterIn(text: string): RunFilter {
  const parsed = parseExpression(text);
  if (parsed.ok) return filterOf(parsed.expression);
  const { message, offset } = parsed;
  const before = text.slice(0, offset).split('\n');
  const place = { line: before.length, column: before.at(-1)!.length + 1 };
  throw new Invalid(`where: ${message}, at character ${offset + 1}`, [{ path: 'where', message, ...place }]);
}

function filterOf(expression: Expression): RunFilter {
  switch (expression.op) {
    case 'and':
    case 'or':
      return { op: expression.op, of: expression.of.map(filterOf) };
    case 'not':
      return { op: 'not', of: filterOf(expression.of) };
    default:
      return comparisonOf(expression);
  }
}

function comparisonOf(comparison: Comparison): RunFilter {
  const field = fieldNamed(comparison.name);
  if (comparison.op === 'regex') return { op: 'regex', field, pattern: comparison.pattern };
  // Ids and names that look like numbers are texts all the same.
  const value = (given: FilterValue): FilterValue => (isText(field) && given !== null ? String(given) : given);
  if (comparison.op === 'in') return { op: 'in', field, values: comparison.values.map(value) };
  return { op: comparison.op, field, value: value(comparison.value) };
}

const numbers: readonly RunColumn[] = ['number', 'objective', 'duration'];
const isText = (field: RunField): boolean => field.kind === 'column' && !numbers.includes(field.column);

/** `-summary.loss`: the largest first. */
export function ordersIn(names: readonly string[]): readonly RunOrder[] {
  return names.map((name) => {
    const descending = name.startsWith('-');
    return { field: fieldNamed(descending ? name.slice(1) : name), descending };
  });
}

export const allOf = (...filters: readonly (RunFilter | null)[]): RunFilter | null => {
  const given = filters.filter((filter) => filter !== null);
  return given.length === 0 ? null : { op: 'and', of: given };
};

/** The cursor of a list that is sorted by anything counts what came before. @throws Invalid */
export function placeIn(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new Invalid('the cursor is not one that this server gave', [{ path: 'cursor', message: 'unknown cursor' }]);
}
