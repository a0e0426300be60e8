/**
 * What the in-memory twin holds. Records are never changed in place: a write puts a new one, so that values handed out before
 * stay as they were.
 */

import type { BlobHash, Decision, KeyId, MachineUsage, UserId } from '@sweep/domain';
import {
  type Agent,
  type AgentId,
  Bug,
  type ProjectId,
  type RunId,
  type Sweep,
  type SweepEventRecord,
  type SweepId,
  type Trial,
  type TrialId,
} from '@sweep/domain';
import { paramsFromText } from '../params-text.js';
import type { EndedEntry, StoredProposal } from '../search-log.js';
import type {
  AgentAssignment,
  Alert,
  ApiKey,
  Attempt,
  Project,
  RunFile,
  RunRecord,
  StoredEvent,
  SweepRevision,
  Team,
  User,
} from '../store.js';

export interface SweepRecord {
  readonly sweep: Sweep;
  readonly code: { readonly blob: BlobHash; readonly size: number } | null;
  readonly deletedAt: number | null;
}

/** Params stand as text, as they do in the database. */
export type TrialRecord = Omit<Trial, 'params'> & { readonly params: string };
/** Of its trial; joined when read. */
type TrialFacts =
  | 'trialState'
  | 'trialCause'
  | 'trialOrigin'
  | 'trialNumber'
  | 'trialAttempt'
  | 'trialObjective'
  | 'trialStartedAt'
  | 'trialEndedAt';
export type KeptRun = Omit<RunRecord, 'config' | TrialFacts> & { readonly config: string };

/** What the search knows of a trial, beside the trial. */
export interface Searched {
  readonly observed: number | null;
  readonly proposal: StoredProposal | null;
}

export interface JoinToken {
  readonly user: UserId;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
}

export class MemoryState {
  readonly projects = new Map<ProjectId, Project>();
  readonly sweeps = new Map<SweepId, SweepRecord>();
  readonly revisions = new Map<SweepId, readonly SweepRevision[]>();
  readonly trials = new Map<TrialId, TrialRecord>();
  readonly searched = new Map<TrialId, Searched>();
  readonly priors = new Map<SweepId, readonly EndedEntry[]>();
  readonly attempts = new Map<TrialId, readonly Attempt[]>();
  readonly agents = new Map<AgentId, Agent>();
  readonly agentOwners = new Map<AgentId, KeyId>();
  readonly usage = new Map<AgentId, { readonly usage: MachineUsage; readonly at: number }>();
  readonly assignments = new Map<AgentId, AgentAssignment>();
  readonly runs = new Map<RunId, KeptRun>();
  readonly files = new Map<string, RunFile>();
  readonly alerts: Alert[] = [];
  /** Who else may refer to a blob. */
  readonly refersTo: ((blob: BlobHash) => boolean)[] = [];
  /** Who keeps what lost a reference sets it. */
  onUnreferenced: (blob: BlobHash) => void = () => undefined;
  readonly secrets = new Map<string, Uint8Array>();
  readonly decisions: Decision[] = [];
  readonly events: StoredEvent[] = [];
  /** So many were before the first of them. */
  eventsDropped = 0;
  readonly users = new Map<UserId, User>();
  readonly teams = new Map<string, Team & { readonly members: Map<UserId, boolean> }>();
  readonly keys = new Map<KeyId, { readonly key: ApiKey; readonly hash: string }>();
  readonly tokens = new Map<string, JoinToken>();
  readonly sessions = new Map<string, { readonly key: KeyId; readonly expiresAt: number }>();
  readonly heartbeats = new Map<string, number>();
  readonly subscribers = new Set<() => void>();

  constructor(readonly now: () => number) {}

  emit(...records: readonly SweepEventRecord[]): void {
    for (const event of records) this.events.push({ position: `${this.eventsDropped + this.events.length + 1}-0`, at: this.now(), event });
    for (const subscriber of this.subscribers) queueMicrotask(subscriber);
  }

  /** Undefined once deleted. */
  visibleSweep(id: SweepId): Sweep | undefined {
    const record = this.sweeps.get(id);
    return record === undefined || record.deletedAt !== null ? undefined : record.sweep;
  }

  changeSweep(id: SweepId, change: Partial<Sweep>): Sweep {
    const record = this.sweeps.get(id);
    if (record === undefined) throw new Bug(`there is no sweep ${id}`);
    const sweep = { ...record.sweep, ...change };
    this.sweeps.set(id, { ...record, sweep });
    return sweep;
  }

  trialsOf(sweep: SweepId): readonly TrialRecord[] {
    return [...this.trials.values()].filter((trial) => trial.sweep === sweep).sort((a, b) => a.number - b.number);
  }

  changeAttempt(trial: TrialId, number: number, change: Partial<Attempt>): void {
    const attempts = this.attempts.get(trial) ?? [];
    this.attempts.set(
      trial,
      attempts.map((attempt) => (attempt.number === number ? { ...attempt, ...change } : attempt)),
    );
  }

  /** The attempt whose stream this is, with its trial. */
  attemptOf(run: RunId, number: number): Attempt | undefined {
    const trial = this.runs.get(run)?.trial;
    if (trial === null || trial === undefined) return undefined;
    return this.attempts.get(trial)?.find((attempt) => attempt.run === run && attempt.number === number);
  }
}

/** A copy that shares nothing with the record. */
export function copyTrial(record: TrialRecord): Trial {
  const { params, ...rest } = record;
  return { ...structuredClone(rest), params: paramsFromText(params) };
}

/** What a run has before its program told anything. */
export const untold = {
  user: null,
  notes: null,
  tags: [],
  group: null,
  jobType: null,
  commit: null,
  host: null,
  program: null,
  repo: null,
  attempt: 1,
  state: null,
  exitCode: null,
  stopRequested: false,
  configDocument: null,
  summary: null,
  systemMetrics: null,
  historyKeys: null,
  historyLines: 0,
  eventLines: 0,
  logLines: 0,
  logRestarts: false,
  forkLines: null,
  resumeAskedAt: null,
  heartbeatAt: null,
  updatedAt: null,
  deletedAt: null,
} as const satisfies Partial<KeptRun>;

export const heldBySweep = (trial: Pick<Trial, 'state'>): boolean => trial.state === 'running' || trial.state === 'stopping';
