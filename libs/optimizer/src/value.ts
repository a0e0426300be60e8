/**
 * The values that a parameter can take, with the one distinction JavaScript lacks: 16 and 16.0.
 *
 * A training program sees `--bs=16` or `--bs=16.0`, so the difference must survive parsing, sampling, storage and the wire.
 * Owns the value type, its JSON text form and its identity. Rendering for a command line is sweep-file's.
 */

/**
 * A float whose value is a whole number (`16.0`).
 *
 * Every other float is a plain `number`; a plain `number` that is whole and finite is an int. Ints beyond 2^53 are `bigint`.
 */
export class Float {
  constructor(readonly value: number) {}

  /** Loses the distinction on purpose: only `stringify` keeps it. */
  toJSON(): number {
    return this.value;
  }
}

export type ParamValue = null | boolean | number | bigint | string | Float | readonly ParamValue[] | { readonly [key: string]: ParamValue };

/** A concrete assignment: top-level name to value; nested parameters are nested objects. */
export type Params = { readonly [name: string]: ParamValue };
