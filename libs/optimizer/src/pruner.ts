/**
 * The seam of every stopping rule: curves in, verdicts out. Pure.
 *
 * Values are those of the objective as logged; a pruner is told the goal and must respect it.
 */

export interface TrialCurve {
  readonly number: number;
  /** Only running trials can be stopped; the others are peers to compare with. */
  readonly running: boolean;
  /** Same length as `values`, in the order logged. */
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface Verdict {
  readonly number: number;
  readonly stop: boolean;
  /** e.g. `rung 9: 0.41 is worse than the threshold 0.38 of 5 trials`. Stored also when the answer is to go on. */
  readonly reason: string;
}

export interface Pruner {
  /** One verdict for each running curve, in their order. */
  decide(curves: readonly TrialCurve[]): readonly Verdict[];
  /** Iterations (number of logged values) or steps at which it decides; [] when it has no rungs. At most `count`. */
  rungs(count: number): readonly number[];
}

export type PrunerOptions = { readonly [option: string]: number | boolean | string };

export interface PrunerDefinition {
  readonly name: string;
  /** Options as data, so that the file's JSON Schema, validation and help come from here alone. */
  readonly options: readonly PrunerOption[];
  /** @throws OptionError naming the option when the options do not fit together. */
  create(options: PrunerOptions, goal: 'minimize' | 'maximize'): Pruner;
}

export interface PrunerOption {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'boolean' | 'text';
  readonly default?: number | boolean | string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly describe: string;
}

export class OptionError extends Error {
  override readonly name = 'OptionError';
  constructor(
    readonly option: string,
    message: string,
  ) {
    super(message);
  }
}
