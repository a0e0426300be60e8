/**
 * The seam to the database: what the product asks of it, in the words of the domain.
 *
 * Two implementations, PostgreSQL and the in-memory twin, pass one contract suite (`testing/`). Every write that depends on a
 * state names it: zero rows changed means that somebody else was first, and the answer is `false` or `null`, never an exception.
 * Times in and out are milliseconds since the epoch by the database's clock.
 */
import type {
  Agent,
  AgentId,
  AgentState,
  AttemptEnd,
  BlobHash,
  Decision,
  KeyId,
  Lease,
  LeaseId,
  Machine,
  ProjectId,
  RunId,
  Slot,
  Sweep,
  SweepEventRecord,
  SweepId,
  SweepReason,
  SweepState,
  Trial,
  TrialCounts,
  TrialId,
  TrialMove,
  TrialState,
  UserId,
} from '@sweep/domain';
import type { Limit, Params } from '@sweep/optimizer';
import type { AlertStore } from './alert-store.js';
import type { ArtifactStore } from './artifact-store.js';
import type { AssignmentStore } from './assignment-store.js';
import type { Attempt, AttemptStore } from './attempt-store.js';
import type { ChartStore } from './chart-store.js';
import type { KeyStore } from './key-store.js';
import type { LineStore } from './line-store.js';
import type { LogStore, MetricStore } from './metric-store.js';
import type { Page, PageRequest } from './page.js';
import type { QuarantineStore } from './quarantine-store.js';
import type { RetentionStore } from './retention-store.js';
import type { RunStore } from './run-store.js';
import type { EndedEntry, SamplerStep, SearchLogStore, StoredProposal } from './search-log.js';
import type { SessionStore } from './session-store.js';
import type { TeamStore } from './team-store.js';
import type { UsageStore } from './usage-store.js';
import type { ViewStore } from './view-store.js';
import type { WebhookStore } from './webhook-store.js';

export type * from './alert-store.js';
export type * from './artifact-store.js';
export type * from './artifacts/records.js';
export type { NewArtifact } from './artifacts/versions.js';
export type * from './assignment-store.js';
export type * from './attempt-store.js';
export type * from './chart-store.js';
export type * from './key-store.js';
export type * from './line-store.js';
export type * from './metric-store.js';
export type * from './page.js';
export type * from './quarantine-store.js';
export type * from './retention-store.js';
export type * from './run-filter.js';
export type * from './run-store.js';
export type * from './search-log.js';
export type * from './session-store.js';
export type * from './team-store.js';
export type * from './usage-store.js';
export type * from './view-store.js';
export type * from './webhook-store.js';

export interface Store {
  readonly projects: ProjectStore;
  readonly sweeps: SweepStore;
  readonly trials: TrialStore;
  readonly searchLog: SearchLogStore;
  readonly attempts: AttemptStore;
  readonly agents: AgentStore;
  readonly usage: UsageStore;
  readonly quarantines: QuarantineStore;
  readonly assignments: AssignmentStore;
  readonly runs: RunStore;
  readonly metrics: MetricStore;
  readonly alerts: AlertStore;
  readonly artifacts: ArtifactStore;
  readonly lines: LineStore;
  readonly logs: LogStore;
  readonly files: FileStore;
  readonly decisions: DecisionStore;
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly teams: TeamStore;
  readonly charts: ChartStore;
  readonly webhooks: WebhookStore;
  readonly sessions: SessionStore;
  readonly views: ViewStore;
  readonly outages: OutageStore;
  readonly retention: RetentionStore;
  /** How much room everything takes. */
  storage(): Promise<StorageUse>;
  /** The database clock. */
  now(): Promise<number>;
  /** Throws `Unavailable` when the database does not answer. */
  ping(): Promise<void>;
  /** Random bytes that all controllers on this database share: made when first asked for. */
  secret(name: string, bytes: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface StorageUse {
  /** Null where it is not known. */
  readonly databaseBytes: number | null;
  /** Of the database, the largest first. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
  /** Contents that runs, sweeps and artifacts hold, each once. */
  readonly blobs: number;
  readonly blobBytes: number;
}

export interface Project {
  readonly id: ProjectId;
  /** What clients of W&B know it by. */
  readonly number: number;
  readonly entity: string;
  readonly name: string;
  readonly createdAt: number;
  /** Who may see it, in the words of W&B's clients: kept for them. */
  readonly access: string;
  readonly description: string | null;
}

export interface ProjectStore {
  /** Finds or makes; two callers at once get the same project. */
  ensure(entity: string, name: string): Promise<Project>;
  find(entity: string, name: string): Promise<Project | null>;
  findById(id: ProjectId): Promise<Project | null>;
  /** Null: there is no such project. */
  change(id: ProjectId, change: Partial<Pick<Project, 'access' | 'description'>>): Promise<Project | null>;
  /** By name. */
  ofEntity(entity: string): Promise<readonly Project[]>;
  list(page: PageRequest): Promise<Page<Project & { readonly sweeps: number; readonly runs: number }>>;
}

export interface NewSweep {
  readonly id: SweepId;
  readonly project: ProjectId;
  readonly name: string;
  readonly config: string;
  readonly seed: bigint;
  readonly pool: string;
  readonly priority: number;
  readonly parallel: number | null;
  readonly runCap: number | null;
  readonly priorRuns: readonly string[];
  /** What these runs say now. */
  readonly priors: readonly EndedEntry[];
  readonly createdBy: UserId | null;
}

export interface SweepFilter {
  readonly states?: readonly SweepState[];
  readonly project?: ProjectId;
}

export interface SweepStore {
  /** With its first revision and `sweep.created`. */
  create(sweep: NewSweep): Promise<Sweep>;
  find(id: SweepId): Promise<Sweep | null>;
  /** Newest first. Deleted ones are not listed. */
  list(filter: SweepFilter, page: PageRequest): Promise<Page<Sweep>>;
  /**
   * Moves a sweep if its state and reason are still `expected`; raises `version`, writes `sweep.state`. Sets `startedAt` on the
   * first move to running and `endedAt` on a move to an ended state (cleared by a move out of one).
   */
  move(
    id: SweepId,
    expected: { readonly state: SweepState; readonly reason: SweepReason | null },
    to: { readonly state: SweepState; readonly reason: SweepReason | null },
  ): Promise<boolean>;
  /** A numbered revision; false when `expectedRevision` is not the current one. Raises `version`, writes `sweep.edited`. */
  edit(id: SweepId, expectedRevision: number, change: SweepEdit): Promise<boolean>;
  revisions(id: SweepId): Promise<readonly SweepRevision[]>;
  /** Soft: hidden now, collected later. Refused (false) unless ended. */
  remove(id: SweepId): Promise<boolean>;
  counts(ids: readonly SweepId[]): Promise<ReadonlyMap<SweepId, TrialCounts>>;
  /** Trials that are failed, cancelled or pruned by death without a single logged value (W&B's `run_cap` rule). */
  emptyDeaths(id: SweepId): Promise<number>;
  /** Ids of sweeps in these states (for the reconciler). */
  idsIn(states: readonly SweepState[]): Promise<readonly SweepId[]>;
}

export interface SweepEdit {
  readonly config?: string;
  readonly name?: string;
  readonly priority?: number;
  readonly parallel?: number | null;
  readonly runCap?: number | null;
  readonly by: UserId | null;
}

export interface SweepRevision {
  readonly revision: number;
  readonly config: string;
  readonly priority: number;
  readonly parallel: number | null;
  readonly runCap: number | null;
  readonly by: UserId | null;
  readonly at: number;
}

export interface NewTrial {
  readonly id: TrialId;
  readonly params: Params;
  readonly origin: Trial['origin'];
  readonly retryOf: TrialId | null;
  /** The decision "proposed". */
  readonly why: string;
  /** Null unless the sampler proposed it. */
  readonly proposal: StoredProposal | null;
}

export interface TrialFilter {
  readonly states?: readonly TrialState[];
  readonly origin?: Trial['origin'];
}

/** What a free slot can take. The store orders candidates: priority, then fewest running slots of the sweep, then age. */
export interface LeaseRequest {
  readonly agent: AgentId;
  readonly slot: number;
  readonly lease: LeaseId;
  readonly ttlMs: number;
  readonly pool: string;
  /** Only trials of these, whose needs the slot meets by the caller's judgement; null: of any. */
  readonly among: readonly SweepId[] | null;
  /** Stored with the lease, for the attempt's program, in the name of the sweep's maker. */
  readonly key: AttemptKey | null;
  /** Nothing is given to an agent that holds a trial already, however many ask for it at once. */
  readonly alone?: boolean;
}

export interface AttemptKey {
  readonly id: KeyId;
  /** SHA-256 of the key, hex. */
  readonly hash: string;
}

export interface Leased {
  readonly trial: Trial;
  readonly attempt: Attempt;
  readonly sweep: Sweep;
  /** True when this lease is the sweep's first: it moved from pending to running. */
  readonly first: boolean;
  /** Whether the request's key was stored: not without a maker of the sweep, and not in the name of a removed one. */
  readonly keyed: boolean;
}

export interface MoveExtra {
  readonly end?: AttemptEnd;
  readonly decision?: Omit<Decision, 'at' | 'sweep' | 'trial'>;
  /** How much longer the keys of an ended attempt are good for; 0 without. */
  readonly keyGraceMs?: number;
}

/** By what trials are better than others. */
export interface Ranking {
  /** Of the first objective. */
  readonly goal: 'minimize' | 'maximize';
  /** In the order of `Trial.limits`. */
  readonly limits: readonly Limit[];
}

export interface TrialStore {
  find(id: TrialId): Promise<Trial | null>;
  findByNumber(sweep: SweepId, number: number): Promise<Trial | null>;
  /** Those of them that exist, in the order of the ids. */
  findAll(ids: readonly TrialId[]): Promise<readonly Trial[]>;
  /** By number, ascending. */
  list(sweep: SweepId, filter: TrialFilter, page: PageRequest): Promise<Page<Trial>>;
  /** All in one of these states, over all sweeps; at most `limit`, oldest first. */
  inStates(states: readonly TrialState[], limit: number): Promise<readonly Trial[]>;
  /**
   * Inserts trials as queued with the next numbers, in one transaction with the sweep's version bump, the sampler's step, their runs,
   * decisions and events. Null (and nothing changed) unless the sweep still has `expectedVersion` and is pending, running or paused, and
   * every trial to renew is still queued and was never leased. Answers the inserted ones.
   */
  propose(sweep: SweepId, expectedVersion: number, trials: readonly NewTrial[], step: SamplerStep | null): Promise<readonly Trial[] | null>;
  /**
   * Gives the best queued trial that fits to a slot: one guarded statement moves it to running with a fresh lease and writes its
   * attempt and the attempt's key; a pending sweep becomes running. At most `parallel` trials of a sweep run at once. A trial goes to an agent that lost
   * it before only when no other agent of its pool is online. Null when there is none.
   */
  lease(request: LeaseRequest): Promise<Leased | null>;
  /** Leases one given queued trial (ask/tell, W&B agents); null if it is not queued any more. */
  leaseOne(
    trial: TrialId,
    lease: { readonly id: LeaseId; readonly agent: AgentId; readonly slot: number; readonly ttlMs: number },
  ): Promise<Leased | null>;
  /**
   * Applies a decision of `applyTrialEvent`, if the row still has the state, attempt and lease of `from`; null if not. Writes the attempt's end
   * (when given), the event, and the decision (when given) in the same transaction. When the lease ends, so do the keys of its attempt,
   * after the given grace. Sets `endedAt` on terminal states. Leaves the sweep's row
   * alone, so that the ends of trials never wait for proposals or leases of their sweep, nor these for them.
   */
  move(from: Trial, move: TrialMove, extra: MoveExtra): Promise<Trial | null>;
  /** Renews what is current, in one statement. Answers for every lease asked about. */
  renew(agent: AgentId, leases: readonly LeaseId[], ttlMs: number): Promise<readonly Renewal[]>;
  /** Puts an earlier attempt back in possession (lease rule L8): from queued, or in place of a replacement. Guarded like `move`. */
  takeBack(from: Trial, attempt: number, lease: Lease, ttlMs: number): Promise<boolean>;
  /** Trials in running or stopping whose lease expired more than `graceMs` ago. */
  expired(graceMs: number, limit: number): Promise<readonly Trial[]>;
  /** The best completed trials by the first objective that keep all limits; pruned ones, if there is no such completed one. */
  best(sweep: SweepId, ranking: Ranking, limit: number): Promise<readonly Trial[]>;
  /** How many of the sweep's live leases each agent holds: for "why is this waiting". */
  heldBy(agent: AgentId): Promise<readonly Trial[]>;
}

export interface Renewal {
  readonly lease: LeaseId;
  readonly current: boolean;
  readonly stop: Trial['stop'];
}

export interface AgentStore {
  /** Inserts or updates; state becomes online, `lastSeenAt` now. Writes `agent.state` when it changed. */
  connect(agent: {
    readonly id: AgentId;
    readonly name: string;
    readonly pool: string;
    readonly sweep: SweepId | null;
    readonly machine: Machine;
    readonly slots: readonly Slot[];
    readonly version: string;
  }): Promise<Agent>;
  seen(id: AgentId): Promise<void>;
  /** Guarded by `from`; writes `agent.state`. */
  move(id: AgentId, from: readonly AgentState[], to: AgentState, reason: string | null): Promise<boolean>;
  find(id: AgentId): Promise<Agent | null>;
  /** Those of them that exist, in one query. */
  findAll(ids: readonly AgentId[]): Promise<readonly Agent[]>;
  list(page: PageRequest): Promise<Page<Agent>>;
  /** Those that work for this sweep only, the oldest first. */
  ofSweep(sweep: SweepId): Promise<readonly Agent[]>;
  /** Online or draining, silent for longer than `silenceMs`. */
  silent(silenceMs: number): Promise<readonly Agent[]>;
  /** Online agents of a pool, with the number of leases each holds. */
  online(pool: string): Promise<readonly { readonly agent: Agent; readonly leases: number }[]>;
  remove(id: AgentId): Promise<boolean>;
  /** With which key the agent came last; null for one that never came with any. */
  owner(id: AgentId): Promise<AgentOwner | null>;
  setOwner(id: AgentId, key: KeyId): Promise<void>;
}

export interface AgentOwner {
  readonly key: KeyId;
  /** Null when the key was removed, with its user. */
  readonly user: UserId | null;
}

export interface RunFile {
  readonly run: RunId;
  /** `output`: what the program left; `checkpoint`: handed to the next attempt; `code`: what was shipped; `client`: uploaded by the program itself. */
  readonly kind: 'output' | 'checkpoint' | 'code' | 'client';
  readonly path: string;
  readonly blob: BlobHash;
  readonly size: number;
  /** In base64; of those that a client uploaded, which compares it. */
  readonly md5: string | null;
  readonly at: number;
}

export interface FileStore {
  /** Replaces a file of the same run, kind and path. */
  put(file: Omit<RunFile, 'at'>): Promise<void>;
  list(run: RunId, kind: RunFile['kind'] | null): Promise<readonly RunFile[]>;
  /** Null: none of this kind and path. */
  find(run: RunId, kind: RunFile['kind'], path: string): Promise<RunFile | null>;
  remove(run: RunId, kind: RunFile['kind'], path: string): Promise<boolean>;
  /** The sweep's shipped code, if any. */
  setCode(sweep: SweepId, blob: BlobHash, size: number): Promise<void>;
  code(sweep: SweepId): Promise<{ readonly blob: BlobHash; readonly size: number } | null>;
  /** Whether anything refers to the blob. */
  referenced(blob: BlobHash): Promise<boolean>;
}

export interface DecisionStore {
  add(decision: Omit<Decision, 'at'>): Promise<void>;
  list(sweep: SweepId, trial: TrialId | null, page: PageRequest): Promise<Page<Decision>>;
  /** Why each trial's params were chosen, in one query; trials without a record are missing. */
  proposals(trials: readonly TrialId[]): Promise<ReadonlyMap<TrialId, string>>;
}

export interface StoredEvent {
  /** Opaque, ordered, for `Last-Event-ID`. */
  readonly position: string;
  readonly at: number;
  readonly event: SweepEventRecord;
}

export interface EventStore {
  /** Events after a position, oldest first; none is ever skipped, whatever order transactions commit in. Null = from now on; `0` = all that are kept. */
  since(position: string | null, limit: number): Promise<readonly StoredEvent[]>;
  /** @throws Invalid for a position that was not given here, or after which events were dropped: nobody can say what was missed since */
  check(position: string): Promise<void>;
  /** The position from which `since` gives only what happens from now on. */
  head(): Promise<string>;
  /** Calls back soon after any controller on this database has written an event. */
  subscribe(onSomething: () => void): Promise<() => Promise<void>>;
}

export interface OutageStore {
  /** Writes that a controller is alive. */
  heartbeat(controller: string): Promise<void>;
  /** The newest heartbeat of any controller. */
  lastHeartbeat(): Promise<number | null>;
  /** Adds to every lease and every sign of life of agents and runs, once: guarded by the heartbeat that was read. True for the one who did it. */
  credit(lastHeartbeat: number, creditMs: number, controller: string): Promise<boolean>;
}
