/**
 * The search space: which parameters exist, which values each may take, and which combinations are allowed.
 *
 * A space is plain data. It is made by sweep-file from text, or by a caller of this library by hand.
 */

import type { Expression } from './constraint.js';
import type { ParamValue } from './value.js';

export interface SearchSpace {
  /** In W&B's order: names sorted as plain strings at each level of nesting, parents' order first. */
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  /** Groups of parameter keys (see `Parameter.key`) that advance together in a grid. */
  readonly zip: readonly (readonly string[])[];
}

export interface Parameter {
  /** `['optimizer', 'lr']` for a nested parameter, `['model.lr']` for a flat one that has a dot in its name. */
  readonly path: readonly string[];
  /** Unique within the space: the path as JSON text, so that `a.b` and `a` → `b` stay apart. */
  readonly key: string;
  readonly domain: Domain;
  /** All must hold for the parameter to exist; empty = always. Refers to other parameters by key. */
  readonly when: readonly Condition[];
  readonly prior?: Prior;
}

export interface Condition {
  readonly key: string;
  /** The named parameter must have one of these values (identity of `sameValue`). */
  readonly values: readonly ParamValue[];
}

export interface Prior {
  readonly around: ParamValue;
  readonly confidence: 'low' | 'medium' | 'high';
}

export interface Constraint {
  /** As written, for messages. */
  readonly text: string;
  readonly expression: Expression;
}

/** Distributions of the sweep file (sweep-file grammar, "Parameters"); bounds as the file gives them. */
export type Domain =
  | { readonly kind: 'constant'; readonly value: ParamValue }
  | { readonly kind: 'categorical'; readonly values: readonly ParamValue[]; readonly probabilities?: readonly number[] }
  | { readonly kind: 'int_uniform'; readonly min: number; readonly max: number }
  | {
      readonly kind: 'uniform' | 'log_uniform' | 'log_uniform_values' | 'inv_log_uniform' | 'inv_log_uniform_values';
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'q_uniform' | 'q_log_uniform' | 'q_log_uniform_values'; readonly min: number; readonly max: number; readonly q: Step }
  | { readonly kind: 'normal' | 'log_normal'; readonly mu: number; readonly sigma: number }
  | { readonly kind: 'q_normal' | 'q_log_normal'; readonly mu: number; readonly sigma: number; readonly q: Step }
  | { readonly kind: 'beta'; readonly a: number; readonly b: number }
  | { readonly kind: 'q_beta'; readonly a: number; readonly b: number; readonly q: Step };

/** A quantum. Values are ints if it was written as an int, else floats. */
export interface Step {
  readonly size: number;
  readonly int: boolean;
}
