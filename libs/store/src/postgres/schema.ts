/** The tables as TypeScript sees them: sweeps, trials and what runs them. The SQL in `migrations/` is the truth; a test holds the two together. */
import type {
  Agent,
  AgentId,
  AgentState,
  AttemptEnd,
  BlobHash,
  Decision,
  EndedTrialState,
  FailureCause,
  LeaseId,
  Measured,
  ProjectId,
  RunId,
  RunState,
  SweepEventRecord,
  SweepId,
  SweepReason,
  SweepState,
  Trial,
  TrialId,
  TrialState,
  UserId,
} from '@sweep/domain';
import type { ProposalDetail } from '@sweep/optimizer';
import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, doublePrecision, integer, jsonb, numeric, pgTable, text } from 'drizzle-orm/pg-core';

/** Milliseconds since the epoch. */
const time = (name: string) => bigint(name, { mode: 'number' });
/** Written by the database's clock. */
const stamp = (name: string) => time(name).notNull().default(sql`sweep_now()`);
/** Pairs, flat in the row: place, value, place, value, … */
const curve = customType<{ data: Measured['curve']; driverData: number[] }>({
  dataType: () => 'double precision[]',
  toDriver: (pairs) => pairs.flat(),
  fromDriver: (flat) => Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!, flat[2 * at + 1]!] as const),
});
/** Written as a text, for searching only: what jsonb makes of it is not read back. */
const jsonText = customType<{ data: string }>({ dataType: () => 'jsonb' });
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

export const projects = pgTable('projects', {
  id: text('id').$type<ProjectId>().primaryKey(),
  entity: text('entity').notNull(),
  name: text('name').notNull(),
  number: bigint('number', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  createdAt: stamp('created_at'),
  access: text('access').notNull().default('PRIVATE'),
  description: text('description'),
});

export const sweeps = pgTable('sweeps', {
  id: text('id').$type<SweepId>().primaryKey(),
  projectId: text('project_id').$type<ProjectId>().notNull(),
  name: text('name').notNull(),
  state: text('state').$type<SweepState>().notNull(),
  reason: text('reason').$type<SweepReason>(),
  config: text('config').notNull(),
  revision: integer('revision').notNull(),
  version: bigint('version', { mode: 'number' }).notNull(),
  cursor: bigint('cursor', { mode: 'number' }).notNull(),
  exhausted: boolean('exhausted').notNull(),
  logLength: integer('log_length').notNull().default(0),
  seed: numeric('seed', { precision: 20, scale: 0, mode: 'bigint' }).notNull(),
  pool: text('pool').notNull(),
  priority: integer('priority').notNull(),
  parallel: integer('parallel'),
  runCap: integer('run_cap'),
  priorRuns: text('prior_runs').array().notNull(),
  createdBy: text('created_by').$type<UserId>(),
  codeBlob: text('code_blob').$type<BlobHash>(),
  codeSize: bigint('code_size', { mode: 'number' }),
  createdAt: stamp('created_at'),
  startedAt: time('started_at'),
  endedAt: time('ended_at'),
  deletedAt: time('deleted_at'),
});

export const sweepRevisions = pgTable('sweep_revisions', {
  sweepId: text('sweep_id').$type<SweepId>().notNull(),
  revision: integer('revision').notNull(),
  config: text('config').notNull(),
  priority: integer('priority').notNull(),
  parallel: integer('parallel'),
  runCap: integer('run_cap'),
  by: text('by_user').$type<UserId>(),
  at: stamp('at'),
});

export const trials = pgTable('trials', {
  id: text('id').$type<TrialId>().primaryKey(),
  sweepId: text('sweep_id').$type<SweepId>().notNull(),
  number: integer('number').notNull(),
  params: text('params').notNull(),
  origin: text('origin').$type<Trial['origin']>().notNull(),
  retryOf: text('retry_of').$type<TrialId>(),
  state: text('state').$type<TrialState>().notNull(),
  reason: text('reason'),
  cause: text('cause').$type<FailureCause>(),
  attempt: integer('attempt').notNull().default(0),
  leaseId: text('lease_id').$type<LeaseId>(),
  leaseAgent: text('lease_agent').$type<AgentId>(),
  leaseSlot: integer('lease_slot'),
  leaseExpiresAt: time('lease_expires_at'),
  stopKind: text('stop_kind').$type<'prune' | 'cancel'>(),
  stopReason: text('stop_reason'),
  notBefore: time('not_before'),
  lostBy: text('lost_by').array().$type<AgentId[]>().notNull().default([]),
  causes: text('causes').array().$type<FailureCause[]>().notNull().default([]),
  values: doublePrecision('objective_values').array().$type<(number | null)[]>().notNull().default([]),
  limits: doublePrecision('limit_values').array().$type<(number | null)[]>().notNull().default([]),
  curve: curve('curve').notNull().default([]),
  observed: integer('observed'),
  proposalIndex: bigint('proposal_index', { mode: 'number' }),
  asOf: integer('as_of'),
  proposalRevision: integer('proposal_revision'),
  samplerVersion: integer('sampler_version'),
  proposalDetail: jsonb('proposal_detail').$type<ProposalDetail>(),
  createdAt: stamp('created_at'),
  startedAt: time('started_at'),
  endedAt: time('ended_at'),
});

export const priorResults = pgTable('prior_results', {
  sweepId: text('sweep_id').$type<SweepId>().notNull(),
  number: integer('number').notNull(),
  params: text('params').notNull(),
  state: text('state').$type<EndedTrialState>().notNull(),
  blame: text('blame').$type<'config' | 'infra'>(),
  values: doublePrecision('objective_values').array().$type<(number | null)[]>().notNull(),
  limits: doublePrecision('limit_values').array().$type<(number | null)[]>().notNull().default([]),
  curve: curve('curve').notNull().default([]),
});

export const attempts = pgTable('attempts', {
  trialId: text('trial_id').$type<TrialId>().notNull(),
  number: integer('number').notNull(),
  agentId: text('agent_id').$type<AgentId>().notNull(),
  slot: integer('slot').notNull(),
  leaseId: text('lease_id').$type<LeaseId>().notNull(),
  runId: text('run_id').$type<RunId>().notNull(),
  startedAt: stamp('started_at'),
  endedAt: time('ended_at'),
  outcome: jsonb('outcome').$type<AttemptEnd>(),
  counted: boolean('counted').notNull().default(false),
  pointSequence: integer('point_sequence').notNull().default(0),
});

export const runs = pgTable('runs', {
  id: text('id').$type<RunId>().primaryKey(),
  handle: text('handle').notNull(),
  projectId: text('project_id').$type<ProjectId>().notNull(),
  sweepId: text('sweep_id').$type<SweepId>(),
  trialId: text('trial_id').$type<TrialId>(),
  userId: text('user_id').$type<UserId>(),
  name: text('name').notNull(),
  config: text('config').notNull(),
  notes: text('notes'),
  tags: text('tags').array().notNull().default([]),
  group: text('group_name'),
  jobType: text('job_type'),
  commit: text('commit_hash'),
  host: text('host'),
  program: text('program'),
  repo: text('repo'),
  attempt: integer('attempt').notNull().default(1),
  state: text('state').$type<RunState>(),
  exitCode: integer('exit_code'),
  stopRequested: boolean('stop_requested').notNull().default(false),
  configDocument: text('config_document'),
  configIndex: jsonText('config_index').notNull().default('{}'),
  summary: text('summary'),
  summaryIndex: jsonText('summary_index').notNull().default('{}'),
  systemMetrics: text('system_metrics'),
  historyKeys: text('history_keys'),
  historyLines: bigint('history_lines', { mode: 'number' }).notNull().default(0),
  eventLines: bigint('event_lines', { mode: 'number' }).notNull().default(0),
  logLines: bigint('log_lines', { mode: 'number' }).notNull().default(0),
  logRestarts: boolean('log_restarts').notNull().default(false),
  forkLines: bigint('fork_lines', { mode: 'number' }),
  resumeAskedAt: time('resume_asked_at'),
  heartbeatAt: time('heartbeat_at'),
  createdAt: stamp('created_at'),
  updatedAt: time('updated_at'),
  deletedAt: time('deleted_at'),
});

export const agents = pgTable('agents', {
  id: text('id').$type<AgentId>().primaryKey(),
  name: text('name').notNull(),
  pool: text('pool').notNull(),
  sweep: text('sweep_id').$type<SweepId>(),
  state: text('state').$type<AgentState>().notNull(),
  machine: jsonb('machine').$type<Agent['machine']>().notNull(),
  slots: jsonb('slots').$type<Agent['slots']>().notNull(),
  version: text('version').notNull(),
  connectedAt: stamp('connected_at'),
  lastSeenAt: stamp('last_seen_at'),
  reason: text('reason'),
  quarantine: jsonb('quarantine').$type<NonNullable<Agent['quarantine']>>(),
  clearedAt: time('cleared_at').notNull().default(0),
});

export const decisions = pgTable('decisions', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  sweepId: text('sweep_id').$type<SweepId>().notNull(),
  trialId: text('trial_id').$type<TrialId>(),
  about: text('about').$type<Decision['about']>().notNull(),
  text: text('text').notNull(),
  at: stamp('at'),
});

export const events = pgTable('events', {
  id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  xid: xid8('xid').notNull().default(sql`pg_current_xact_id()`),
  at: stamp('at'),
  body: jsonb('body').$type<SweepEventRecord>().notNull(),
});

/** One row: the last event that was dropped. */
export const eventHorizon = pgTable('event_horizon', {
  one: boolean('one').primaryKey().default(true),
  xid: xid8('xid').notNull(),
  id: bigint('id', { mode: 'number' }).notNull(),
});

export const controllers = pgTable('controllers', {
  id: text('id').primaryKey(),
  heartbeatAt: time('heartbeat_at').notNull(),
});
