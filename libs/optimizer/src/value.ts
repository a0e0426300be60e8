/**
 * The values that a parameter can take, with the one distinction JavaScript lacks: 16 and 16.0.
 *
 * A training program sees `--bs=16` or `--bs=16.0`, so the difference must survive parsing, sampling, storage and the wire.
 * Owns the value type and its identity. Its JSON text form is json-read and json-write; rendering for a command line is sweep-file's.
 */

/**
 * A float whose value is a whole number (`16.0`).
 *
 * Every other float is a plain `number`; a plain `number` that is whole and finite is an int. Ints beyond 2^53 are `bigint`.
 */
export class Float {
  constructor(readonly value: number) {}

  /** Loses the distinction on purpose: only `stringifyJson` keeps it. */
  toJSON(): number {
    return this.value;
  }
}

export type ParamValue = null | boolean | number | bigint | string | Float | readonly ParamValue[] | { readonly [key: string]: ParamValue };

/** A concrete assignment: top-level name to value; nested parameters are nested objects. */
export type Params = { readonly [name: string]: ParamValue };

/** The float `x` as a value: wrapped if it would otherwise read as an int. */
export function float(x: number): ParamValue {
  return Number.isInteger(x) ? new Float(x) : x;
}

/** The int `x` (a whole double) as a value: beyond 2^53 a bigint, and never -0, which ints do not have. */
export function int(x: number): number | bigint {
  return Number.isSafeInteger(x) ? x + 0 : BigInt(x);
}

export function isInt(value: ParamValue): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** The number behind an int or float, perhaps rounded to a double; undefined for everything else, booleans included. */
export function numeric(value: ParamValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Float ? value.value : undefined;
}

export function isList(value: ParamValue): value is readonly ParamValue[] {
  return Array.isArray(value);
}

export function isDict(value: ParamValue): value is { readonly [key: string]: ParamValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);
}

/**
 * Whether two values are the same grid point.
 *
 * W&B's identity: whole floats equal ints, NaN equals NaN, the order of a dict's keys does not matter; true, 1 and "1" differ.
 */
export function sameValue(a: ParamValue, b: ParamValue): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return valueKey(a) === valueKey(b);
}

/** A text that is equal for two values exactly if `sameValue` holds. */
export function valueKey(value: ParamValue): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'number':
      return numberKey(value);
    default:
      return nestedKey(value);
  }
}

function nestedKey(value: Exclude<ParamValue, string | boolean | bigint | number | null>): string {
  if (value instanceof Float) return numberKey(value.value);
  if (isList(value)) return `[${value.map(valueKey).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${valueKey(member)}`).join(',')}}`;
}

function numberKey(value: number): string {
  // Through bigint, so that 1e21 the float and the int of the same value get the same digits; this also turns -0 into 0.
  if (Number.isInteger(value)) return Number.isSafeInteger(value) ? (value + 0).toString() : BigInt(value).toString();
  return value.toString();
}
