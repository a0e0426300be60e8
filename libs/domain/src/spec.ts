/**
 * What a sweep asks for, after its file has been read: the meaning, not the text.
 *
 * Made by sweep-file alone. The text is what is stored; a spec is parsed from it where it is needed.
 */
import type { PrunerOptions, SearchSpace } from '@sweep/optimizer';

export type Method = 'grid' | 'random' | 'bayes' | 'custom';
export type Goal = 'minimize' | 'maximize';

export interface Objective {
  readonly name: string;
  readonly goal: Goal;
  readonly target: number | null;
  /** Which value of a trial counts. */
  readonly value: 'last' | 'best';
  readonly impute?: 'latest' | 'best' | 'worst';
  readonly imputeWhileRunning?: 'latest' | 'best' | 'worst';
}

/** A measured quantity that a good trial keeps within a bound; it need not be an objective. */
export interface MetricLimit {
  readonly name: string;
  /** With `value`, which value of a trial counts: as with an objective of that name, if there is one. */
  readonly goal: Goal;
  readonly value: 'last' | 'best';
  readonly keep: 'below' | 'above';
  /** Itself within. */
  readonly bound: number;
}

export interface SweepSpec {
  readonly name: string | null;
  readonly description: string | null;
  readonly project: string | null;
  readonly entity: string | null;
  readonly program: string | null;
  readonly method: Method;
  readonly space: SearchSpace;
  /** Empty when the file names no metric; more than one for a multi-objective sweep. */
  readonly objectives: readonly Objective[];
  readonly limits: readonly MetricLimit[];
  readonly earlyTerminate: { readonly type: string; readonly options: PrunerOptions } | null;
  /** The command's elements as text, macros unexpanded; the default command when the file has none. */
  readonly command: readonly string[];
  /** W&B's limit: counts every trial but those that died without a logged value. */
  readonly runCap: number | null;
  readonly budget: { readonly trials: number | null; readonly timeMs: number | null; readonly failures: number | null };
  readonly parallel: number | null;
  readonly priority: number;
  readonly seed: bigint | null;
  readonly timeoutMs: number | null;
  readonly retry: RetryPolicy | null;
  readonly disconnect: DisconnectPolicy;
  readonly resources: Resources;
  readonly collect: { readonly stdout: readonly string[]; readonly tensorboard: string | null };
  readonly code: { readonly include: readonly string[]; readonly exclude: readonly string[] } | null;
  /**
   * `custom` with an outside engine, or `local` (W&B's `controller: {type: local}`): no sampler of ours. `wandb`: ours until a scheduler
   * enqueues its first point.
   */
  readonly engine: 'wandb' | 'optuna' | 'ax' | 'local' | null;
}

/** What the file may name under `retry.on`. */
export type RetryCause = 'lost' | 'signal' | 'oom' | 'timeout' | 'no-space' | 'gpu-error' | 'any' | { readonly exit: readonly number[] };

export interface RetryPolicy {
  /** Most retries of one trial for the causes below. */
  readonly max: number;
  readonly on: readonly RetryCause[];
  readonly backoffMs: number;
}

export interface DisconnectPolicy {
  readonly whileAway: 'continue' | 'stop';
  readonly lostAfterMs: number;
}

export interface Resources {
  /** Whole GPUs per trial; 0 = none needed; null = whatever one slot has. */
  readonly gpus: number | null;
  readonly gpuMemoryBytes: number | null;
  readonly cpus: number | null;
  readonly memoryBytes: number | null;
  readonly labels: Readonly<Record<string, string>>;
}
