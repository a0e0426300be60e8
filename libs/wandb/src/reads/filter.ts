/**
 * Filters of listings, written as MongoDB queries in JSON text -> a tree of comparisons.
 *
 * Owns the grammar and its limits. Which names mean what is run-fields'; turning the tree into SQL is the store's.
 */
import { Invalid } from '@sweep/domain';
import { type Raw, type RawObject, readRaw, stringOf } from '../json/raw.js';

/** Integers that a double cannot hold are bigints. */
export type FilterValue = string | number | bigint | boolean | null;
export type Comparison = 'eq' | 'gt' | 'gte' | 'lt' | 'lte';

export type Filter<Field> =
  | { readonly op: 'and' | 'or'; readonly of: readonly Filter<Field>[] }
  | { readonly op: 'not'; readonly of: Filter<Field> }
  /** A missing value counts as null; of a list (tags), any item may hold. */
  | { readonly op: Comparison; readonly field: Field; readonly value: FilterValue }
  | { readonly op: 'in'; readonly field: Field; readonly values: readonly FilterValue[] }
  | { readonly op: 'exists'; readonly field: Field }
  /** A Python or JavaScript pattern, found anywhere: run it only with an engine that takes linear time. */
  | { readonly op: 'regex'; readonly field: Field; readonly pattern: string };

const most = { depth: 20, comparisons: 1_000, values: 10_000 } as const;

/** Everything for null, "" and {}. @throws Invalid when the text is no filter. */
export function parseFilter<Field>(text: string | null | undefined, fieldOf: (name: string) => Field): Filter<Field> {
  if (text === null || text === undefined || text === '') return { op: 'and', of: [] };
  const given = readRaw(text);
  if (given?.kind === 'null') return { op: 'and', of: [] };
  if (given?.kind !== 'object') throw new Invalid('a filter is a JSON object such as {"state": "finished"}');
  return new Parser(fieldOf).query(given, 0);
}

const comparisons: Readonly<Record<string, Comparison>> = { $eq: 'eq', $gt: 'gt', $gte: 'gte', $lt: 'lt', $lte: 'lte' };

class Parser<Field> {
  private comparisons = 0;

  constructor(private readonly fieldOf: (name: string) => Field) {}

  query(given: RawObject, depth: number): Filter<Field> {
    if (depth > most.depth) throw new Invalid(`the filter nests more than ${most.depth} levels`);
    return all(
      [...given.members].map(([name, value]) => (name.startsWith('$') ? this.logical(name, value, depth) : this.field(name, value))),
    );
  }

  private logical(name: string, value: Raw, depth: number): Filter<Field> {
    if (name === '$not' && value.kind === 'object') return { op: 'not', of: this.query(value, depth + 1) };
    if (name !== '$and' && name !== '$or' && name !== '$nor') throw unknownOperator(name);
    if (value.kind !== 'list') throw new Invalid(`${name} takes a list of filters`);
    const of = value.items.map((item) => {
      if (item.kind !== 'object') throw new Invalid(`${name} takes a list of filters, each a JSON object`);
      return this.query(item, depth + 1);
    });
    if (name === '$nor') return { op: 'not', of: { op: 'or', of } };
    return { op: name === '$and' ? 'and' : 'or', of };
  }

  private field(name: string, value: Raw): Filter<Field> {
    const field = this.fieldOf(name);
    if (value.kind !== 'object') return this.count({ op: 'eq', field, value: scalar(value, name) });
    return all([...value.members].map(([operator, operand]) => this.operation(operator, operand, { name, field })));
  }

  private operation(operator: string, operand: Raw, at: { readonly name: string; readonly field: Field }): Filter<Field> {
    const { field, name } = at;
    const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
    if (comparison !== undefined) return this.count({ op: comparison, field, value: scalar(operand, name) });
    switch (operator) {
      case '$ne':
        return { op: 'not', of: this.count({ op: 'eq', field, value: scalar(operand, name) }) };
      case '$in':
        return this.count({ op: 'in', field, values: list(operand, name) });
      case '$nin':
        return { op: 'not', of: this.count({ op: 'in', field, values: list(operand, name) }) };
      case '$exists':
        return operand.text === 'false' || operand.text === '0'
          ? { op: 'not', of: this.count({ op: 'exists', field }) }
          : this.count({ op: 'exists', field });
      case '$regex':
        if (operand.kind !== 'string') throw new Invalid(`$regex of "${name}" takes a text`);
        return this.count({ op: 'regex', field, pattern: stringOf(operand) });
      case '$not':
        return { op: 'not', of: this.field(name, operand) };
      default:
        throw unknownOperator(operator);
    }
  }

  private count(filter: Filter<Field>): Filter<Field> {
    this.comparisons += 1;
    if (this.comparisons > most.comparisons) throw new Invalid(`the filter holds more than ${most.comparisons} comparisons; use $in`);
    return filter;
  }
}

const all = <Field>(of: readonly Filter<Field>[]): Filter<Field> => (of.length === 1 && of[0] !== undefined ? of[0] : { op: 'and', of });

function list(operand: Raw, name: string): readonly FilterValue[] {
  if (operand.kind !== 'list') throw new Invalid(`$in and $nin of "${name}" take a list`);
  if (operand.items.length > most.values) throw new Invalid(`$in of "${name}" lists more than ${most.values} values`);
  return operand.items.map((item) => scalar(item, name));
}

function scalar(value: Raw, name: string): FilterValue {
  switch (value.kind) {
    case 'string':
      return stringOf(value);
    case 'boolean':
      return value.text === 'true';
    case 'null':
      return null;
    case 'number':
      return number(value.text);
    case 'object':
    case 'list':
      throw new Invalid(`"${name.slice(0, 100)}" is compared with a ${value.kind}; compare with a text, a number, true, false or null`);
  }
}

function number(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d{16,400}$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

function unknownOperator(name: string): Invalid {
  const known = [...Object.keys(comparisons), '$ne', '$in', '$nin', '$exists', '$regex', '$and', '$or', '$nor', '$not'];
  return new Invalid(`the filter uses ${name.slice(0, 40)}, which is not known; there are ${known.join(' ')}`);
}
