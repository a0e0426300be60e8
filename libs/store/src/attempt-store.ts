/** Attempts: executions of trials, each under one lease. They are made and ended with their trials; this reads them. */
import type { AgentId, AttemptEnd, LeaseId, RunId, SweepId, TrialId } from '@sweep/domain';

export interface Attempt {
  readonly trial: TrialId;
  readonly number: number;
  readonly agent: AgentId;
  readonly slot: number;
  readonly lease: LeaseId;
  /** The run its stream is stored under: the trial's own, or a fresh one (lease rule L11). */
  readonly run: RunId;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly end: AttemptEnd | null;
  /** Whether the trial's result is this attempt's. */
  readonly counted: boolean;
  /** Highest committed sequence of its point batches; 0 = none. */
  readonly pointSequence: number;
}

export interface AttemptStore {
  list(trial: TrialId): Promise<readonly Attempt[]>;
  /** Of all trials of the sweep, by the trials' numbers and their own. */
  ofSweep(sweep: SweepId): Promise<readonly Attempt[]>;
  /** Of several trials in one query; each trial's by number. */
  listAll(trials: readonly TrialId[]): Promise<readonly Attempt[]>;
  find(trial: TrialId, number: number): Promise<Attempt | null>;
  /** In the order in which they began. */
  ofAgent(agent: AgentId): Promise<readonly Attempt[]>;
  findByLease(lease: LeaseId): Promise<Attempt | null>;
  /** The last attempt that writes to this run. */
  findByRun(run: RunId): Promise<Attempt | null>;
  /**
   * A run of its own, like its trial's but for the id, for an attempt that holds its trial and has none yet (lease rule L11).
   * False: nothing was changed.
   */
  giveRun(lease: LeaseId, run: RunId): Promise<boolean>;
  /** Records the end of an attempt that is not current any more; its result does not count. */
  endStale(lease: LeaseId, end: AttemptEnd): Promise<void>;
}
