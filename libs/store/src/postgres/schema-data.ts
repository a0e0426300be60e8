/** The tables of what was measured, written and uploaded, and of who may. The SQL in `migrations/` is the truth. */
import type { AgentId, BlobHash, KeyId, LeaseId, MachineUsage, ProjectId, RunId, TrialId, UserId } from '@sweep/domain';
import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, doublePrecision, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Alert, KeyScope, LineStream, LogChunk, RunFile } from '../store.js';

const time = (name: string) => bigint(name, { mode: 'number' });
const stamp = (name: string) => time(name).notNull().default(sql`sweep_now()`);
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

export const metricChunks = pgTable('metric_chunks', {
  runId: text('run_id').$type<RunId>().notNull(),
  attempt: integer('attempt').notNull(),
  name: text('name').notNull(),
  sequence: integer('sequence').notNull(),
  lastSequence: integer('last_sequence').notNull(),
  n: integer('n').notNull(),
  firstStep: doublePrecision('first_step').notNull(),
  bytes: bytea('bytes').notNull(),
  level: bytea('level'),
});

export const metricLast = pgTable('metric_last', {
  runId: text('run_id').$type<RunId>().notNull(),
  attempt: integer('attempt').notNull(),
  name: text('name').notNull(),
  step: doublePrecision('step').notNull(),
  value: doublePrecision('value').notNull(),
  time: doublePrecision('time').notNull(),
  min: doublePrecision('min'),
  max: doublePrecision('max'),
  count: bigint('count', { mode: 'number' }).notNull(),
});

export const historyChunks = pgTable('history_chunks', {
  runId: text('run_id').$type<RunId>().notNull(),
  attempt: integer('attempt').notNull(),
  stream: text('stream').$type<LineStream>().notNull(),
  firstLine: bigint('first_line', { mode: 'number' }).notNull(),
  n: integer('n').notNull(),
  lines: bytea('lines').notNull(),
});

export const logStreams = pgTable('log_streams', {
  runId: text('run_id').$type<RunId>().notNull(),
  attempt: integer('attempt').notNull(),
  stream: text('stream').$type<LogChunk['stream']>().notNull(),
  size: bigint('size', { mode: 'number' }).notNull().default(0),
});

export const logChunks = pgTable('log_chunks', {
  runId: text('run_id').$type<RunId>().notNull(),
  attempt: integer('attempt').notNull(),
  stream: text('stream').$type<LogChunk['stream']>().notNull(),
  start: bigint('start', { mode: 'number' }).notNull(),
  size: integer('size').notNull(),
  data: bytea('data').notNull(),
});

export const files = pgTable('files', {
  runId: text('run_id').$type<RunId>().notNull(),
  kind: text('kind').$type<RunFile['kind']>().notNull(),
  path: text('path').notNull(),
  blob: text('blob').$type<BlobHash>().notNull(),
  size: bigint('size', { mode: 'number' }).notNull(),
  md5: text('md5'),
  at: stamp('at'),
});

export const alerts = pgTable('alerts', {
  id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  run: text('run_id').$type<RunId>().notNull(),
  title: text('title').notNull(),
  text: text('text').notNull(),
  level: text('level').$type<Alert['level']>().notNull(),
  silenceMs: bigint('silence_ms', { mode: 'number' }).notNull(),
  raisedAt: stamp('raised_at'),
  silenced: boolean('silenced').notNull(),
});

export const assignments = pgTable('assignments', {
  agent: text('agent_id').$type<AgentId>().primaryKey(),
  lease: text('lease_id').$type<LeaseId>().notNull(),
  run: text('run_id').$type<RunId>().notNull(),
  handedOutAt: time('handed_out_at').notNull(),
  seenLive: boolean('seen_live').notNull(),
  missed: integer('missed').notNull(),
  stopSeenAt: time('stop_seen_at'),
  preempting: boolean('preempting').notNull().default(false),
});

export const users = pgTable('users', {
  id: text('id').$type<UserId>().primaryKey(),
  name: text('name').notNull(),
  admin: boolean('admin').notNull(),
  createdAt: stamp('created_at'),
});

export const apiKeys = pgTable('api_keys', {
  id: text('id').$type<KeyId>().primaryKey(),
  hash: text('hash').notNull(),
  user: text('user_id').$type<UserId>().notNull(),
  name: text('name').notNull(),
  scope: text('scope').$type<KeyScope>().notNull(),
  createdAt: stamp('created_at'),
  expiresAt: time('expires_at'),
  revokedAt: time('revoked_at'),
  trial: text('trial_id').$type<TrialId>(),
  attempt: integer('attempt'),
  project: text('project_id').$type<ProjectId>(),
});

export const sessions = pgTable('sessions', {
  hash: text('hash').primaryKey(),
  key: text('key_id').$type<KeyId>().notNull(),
  createdAt: stamp('created_at'),
  expiresAt: time('expires_at').notNull(),
});

export const savedViews = pgTable('saved_views', {
  id: text('id').primaryKey(),
  project: text('project_id').$type<ProjectId>().notNull(),
  page: text('page').notNull(),
  name: text('name').notNull(),
  state: text('state').notNull(),
  user: text('user_id').$type<UserId>().notNull(),
  createdAt: stamp('created_at'),
  updatedAt: stamp('updated_at'),
});

export const agentOwners = pgTable('agent_owners', {
  agent: text('agent_id').$type<AgentId>().primaryKey(),
  key: text('key_id').$type<KeyId>().notNull(),
});

export const agentUsage = pgTable('agent_usage', {
  agent: text('agent_id').$type<AgentId>().primaryKey(),
  usage: jsonb('usage').$type<MachineUsage>().notNull(),
  at: time('at').notNull(),
});

export const joinTokens = pgTable('join_tokens', {
  hash: text('hash').primaryKey(),
  user: text('user_id').$type<UserId>().notNull(),
  createdAt: stamp('created_at'),
  expiresAt: time('expires_at').notNull(),
  usedAt: time('used_at'),
});

export const secrets = pgTable('secrets', {
  name: text('name').primaryKey(),
  value: bytea('value').notNull(),
  createdAt: stamp('created_at'),
});
