/** Runs: the tracked records, and how they are found, written and closed. Their lines are line-store.ts, their points the metrics. */
import type { ProjectId, RunId, RunState, SweepId, Trial, TrialId, TrialState, UserId } from '@sweep/domain';
import type { Params } from '@sweep/optimizer';
import type { RunField, RunFilter, RunOrder } from './run-filter.js';

/** The tracked record of an execution; a trial's run has the trial's id. Runs without a sweep exist too. */
export interface Run {
  readonly id: RunId;
  /** How clients call it: unique in its project. A trial's run has the trial's id here too. */
  readonly handle: string;
  readonly project: ProjectId;
  readonly sweep: SweepId | null;
  readonly trial: TrialId | null;
  /** For people. */
  readonly name: string;
  readonly config: Params;
  /** The attempt whose lines its record sums up. */
  readonly attempt: number;
  /** Null for a trial's run: it is in the state of its trial. */
  readonly state: RunState | null;
  readonly notes: string | null;
  readonly tags: readonly string[];
  readonly group: string | null;
  readonly jobType: string | null;
  readonly createdAt: number;
}

/** A run with everything that its program told of it. */
export interface RunRecord extends Run {
  readonly user: UserId | null;
  readonly commit: string | null;
  readonly host: string | null;
  readonly program: string | null;
  readonly repo: string | null;
  readonly trialState: TrialState | null;
  /** Of a failed trial: by what. */
  readonly trialCause: string | null;
  /** Null without a trial, as what follows. */
  readonly trialNumber: number | null;
  readonly trialOrigin: Trial['origin'] | null;
  readonly trialAttempt: number | null;
  readonly trialObjective: number | null;
  readonly trialStartedAt: number | null;
  readonly trialEndedAt: number | null;
  readonly exitCode: number | null;
  readonly stopRequested: boolean;
  /** As the client sent it, with its wrapping; null until one did. */
  readonly configDocument: string | null;
  /** Verbatim, may hold bare NaN. */
  readonly summary: string | null;
  readonly systemMetrics: string | null;
  /** JSON, in the client's form. */
  readonly historyKeys: string | null;
  readonly historyLines: number;
  readonly eventLines: number;
  readonly logLines: number;
  readonly logRestarts: boolean;
  /** Lines of its history that it has from the run that it was forked from; null: none were taken over. */
  readonly forkLines: number | null;
  /** When a client last asked where the run would go on; database clock. */
  readonly resumeAskedAt: number | null;
  readonly heartbeatAt: number | null;
  readonly updatedAt: number | null;
  readonly deletedAt: number | null;
}

/** What is given is set; null clears. */
export type RunChange = Partial<
  Pick<
    RunRecord,
    | 'name'
    | 'notes'
    | 'tags'
    | 'group'
    | 'jobType'
    | 'commit'
    | 'host'
    | 'program'
    | 'repo'
    | 'attempt'
    | 'state'
    | 'exitCode'
    | 'stopRequested'
    | 'config'
    | 'configDocument'
    | 'summary'
    | 'systemMetrics'
    | 'historyKeys'
    | 'logRestarts'
    | 'forkLines'
    | 'resumeAskedAt'
  >
>;

export interface NewRun {
  readonly project: ProjectId;
  readonly handle: string;
  readonly user: UserId;
  /** For people; made by the caller, in case the run is new. */
  readonly name: string;
  readonly state: RunState;
  /** Of a run that says that it belongs to a sweep, though it is none of its trials. */
  readonly sweep?: SweepId;
}

export interface RunQuery {
  /** Null: of all projects. */
  readonly project: ProjectId | null;
  readonly filter: RunFilter | null;
  readonly orders: readonly RunOrder[];
}

/** What people change of runs. */
export type RunEdit = Pick<RunChange, 'name' | 'notes' | 'group' | 'tags'>;

export interface RunGroup {
  /** In the order of `by`; null where runs have none. */
  readonly values: readonly unknown[];
  readonly runs: number;
  /** By own state. */
  readonly states: Readonly<Record<string, number>>;
  /** In the order of the columns, of the values that are finite numbers. */
  readonly columns: readonly RunAggregate[];
}

export interface RunAggregate {
  readonly n: number;
  /** These are null where n is 0. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Of the sample; null where n is below 2. */
  readonly deviation: number | null;
}

export interface RunKey {
  readonly kind: 'config' | 'summary';
  /** Keys within keys joined by dots. */
  readonly path: string;
  readonly type: 'number' | 'text' | 'boolean' | 'list' | 'object';
  /** How many of the runs that were looked at have it. */
  readonly runs: number;
}

export interface RunSlice {
  readonly start: number;
  readonly limit: number;
}

export interface RunStore {
  /** Also one that was deleted. */
  record(id: RunId): Promise<RunRecord | null>;
  recordByHandle(project: ProjectId, handle: string): Promise<RunRecord | null>;
  /** Whose they are, in one query; of those that exist, deleted ones included. */
  projectsOf(ids: readonly RunId[]): Promise<ReadonlyMap<RunId, ProjectId>>;
  /** Finds by project and handle, or makes. Its id is the handle where no run of another project has it. A deleted one stays deleted. */
  ensure(run: NewRun): Promise<{ readonly record: RunRecord; readonly inserted: boolean }>;
  /** One guarded step: reads under a lock, decides, writes. The decision may be asked more than once. Null: there is no such run. */
  change(id: RunId, decide: (record: RunRecord) => RunChange): Promise<RunRecord | null>;
  /** `limit` from place `start` on of those that are not deleted, in the wanted order; without orders oldest first. */
  query(query: RunQuery, slice: RunSlice): Promise<{ readonly items: readonly RunRecord[]; readonly total: number }>;
  count(project: ProjectId, filter: RunFilter | null): Promise<number>;
  /** How many runs there are for each combination of the values of `by`, the most frequent first, and what `columns` come to in each. */
  groups(query: Omit<RunQuery, 'orders'>, by: readonly RunField[], columns: readonly RunField[]): Promise<readonly RunGroup[]>;
  /** What the newest `among` of these runs hold in config and summary, by name. */
  keys(query: Omit<RunQuery, 'orders'>, among: number): Promise<readonly RunKey[]>;
  /** All of them in one step, as `change`; deleted ones are left alone. Answers those that were there, as they were before. */
  changeAll(ids: readonly RunId[], decide: (record: RunRecord) => RunEdit): Promise<readonly RunRecord[]>;
  /** Soft: hidden now, collected later. Answers which were not hidden before. */
  remove(ids: readonly RunId[]): Promise<readonly RunId[]>;
  /** Takes it back. Answers which were hidden. */
  restore(ids: readonly RunId[]): Promise<readonly RunId[]>;
  /** Marks runs without a trial as crashed (preempting ones as preempted) whose program has been silent for so long; answers which. */
  crash(silenceMs: number): Promise<readonly RunId[]>;
}
