/** Rows to the domain's values. */
import type { Agent, Lease, Sweep, Trial } from '@sweep/domain';
import { desc, eq, type SQL, sql } from 'drizzle-orm';
import { paramsFromText } from '../params-text.js';
import type { Attempt } from '../store.js';
import type { Queries } from './database.js';
import { type agents, type attempts, projects, runs, sweeps, type trials } from './schema.js';

export type TrialRow = typeof trials.$inferSelect;

export const databaseNow = sql<number>`sweep_now()`;

/** With the names of their projects, newest first. */
export async function loadSweeps(queries: Queries, where: SQL | undefined, limit = 1): Promise<readonly Sweep[]> {
  const rows = await queries
    .select({ row: sweeps, entity: projects.entity, projectName: projects.name })
    .from(sweeps)
    .innerJoin(projects, eq(projects.id, sweeps.projectId))
    .where(where)
    .orderBy(desc(sweeps.createdAt), desc(sweeps.id))
    .limit(limit);
  return rows.map(({ row, ...names }) => toSweep(row, names));
}

export function toSweep(row: typeof sweeps.$inferSelect, { entity, projectName }: Pick<Sweep, 'entity' | 'projectName'>): Sweep {
  const { projectId, codeBlob: _blob, codeSize: _size, deletedAt: _deleted, ...rest } = row;
  return { ...rest, project: projectId, entity, projectName };
}

export function toTrial(row: TrialRow): Trial {
  const { sweepId, params, stopKind, stopReason, leaseId: _id, leaseAgent: _agent, leaseSlot: _slot, leaseExpiresAt: _at, ...rest } = row;
  // How it was proposed is read by itself: see search-log.ts.
  const { observed: _o, proposalIndex: _i, asOf: _as, proposalRevision: _r, samplerVersion: _v, proposalDetail: _d, ...own } = rest;
  const stop = stopKind === null ? null : { kind: stopKind, reason: stopReason ?? '' };
  return { ...own, sweep: sweepId, params: paramsFromText(params), lease: leaseOf(row), stop };
}

function leaseOf(row: TrialRow): Lease | null {
  if (row.leaseId === null || row.leaseAgent === null || row.leaseSlot === null || row.leaseExpiresAt === null) return null;
  return { id: row.leaseId, agent: row.leaseAgent, slot: row.leaseSlot, expiresAt: row.leaseExpiresAt };
}

export function toAttempt(row: typeof attempts.$inferSelect): Attempt {
  const { trialId, agentId, leaseId, runId, outcome, ...rest } = row;
  return { ...rest, trial: trialId, agent: agentId, lease: leaseId, run: runId, end: outcome };
}

export const toAgent = ({ clearedAt: _clearedAt, ...agent }: typeof agents.$inferSelect): Agent => agent;

export const runColumns = {
  id: runs.id,
  handle: runs.handle,
  project: runs.projectId,
  sweep: runs.sweepId,
  trial: runs.trialId,
  name: runs.name,
  config: runs.config,
  attempt: runs.attempt,
  state: runs.state,
  notes: runs.notes,
  tags: runs.tags,
  group: runs.group,
  jobType: runs.jobType,
  createdAt: runs.createdAt,
};

export const toRun = <Row extends { readonly config: string }>({ config, ...rest }: Row) => ({ ...rest, config: paramsFromText(config) });
