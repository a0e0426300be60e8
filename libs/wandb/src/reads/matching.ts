/** Whether a filter holds for one thing, given its values. The meaning that stores must give to filters too. */
import { unreachable } from '@sweep/domain';
import type { Comparison, Filter, FilterValue } from './filter.js';

export interface Matching<Field> {
  /** undefined where there is no such value; a list for fields such as tags. */
  readonly read: (field: Field) => FilterValue | readonly FilterValue[] | undefined;
  /** Whether the pattern is found in the text. */
  readonly search: (pattern: string, text: string) => boolean;
}

export function matches<Field>(filter: Filter<Field>, matching: Matching<Field>): boolean {
  switch (filter.op) {
    case 'and':
      return filter.of.every((part) => matches(part, matching));
    case 'or':
      return filter.of.some((part) => matches(part, matching));
    case 'not':
      return !matches(filter.of, matching);
    case 'exists':
      return matching.read(filter.field) !== undefined;
    case 'in':
      return filter.values.some((value) => anyOf(matching.read(filter.field), (own) => isEqual(own, value)));
    case 'regex':
      return anyOf(matching.read(filter.field), (own) => typeof own === 'string' && matching.search(filter.pattern, own));
    default:
      return anyOf(matching.read(filter.field), (own) => compares(filter.op, own, filter.value));
  }
}

/** A missing value counts as null. */
function anyOf(value: FilterValue | readonly FilterValue[] | undefined, holds: (value: FilterValue) => boolean): boolean {
  return typeof value === 'object' && value !== null ? value.some(holds) : holds(value ?? null);
}

const isNumeric = (value: FilterValue): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

// biome-ignore lint/suspicious/noDoubleEquals: a bigint equals the double of the same value only so.
const isEqual = (a: FilterValue, b: FilterValue): boolean => (isNumeric(a) && isNumeric(b) ? a == b : a === b);

/** Values of different kinds are neither more nor less. */
function compares(op: Comparison, own: FilterValue, value: FilterValue): boolean {
  if (op === 'eq') return isEqual(own, value);
  const comparable = (isNumeric(own) && isNumeric(value)) || (typeof own === 'string' && typeof value === 'string');
  if (!comparable) return false;
  switch (op) {
    case 'gt':
      return own > value;
    case 'gte':
      return own >= value;
    case 'lt':
      return own < value;
    case 'lte':
      return own <= value;
    default:
      return unreachable(op);
  }
}
