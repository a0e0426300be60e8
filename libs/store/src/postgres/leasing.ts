/**
 * Possession of trials: handing them to slots, renewing, taking back.
 *
 * Locks are always taken in the order trial, sweep. Candidates are taken with SKIP LOCKED, so that callers at the same moment
 * get different trials; a sweep with a `parallel` limit hands out one trial at a time, under its row's lock.
 */
import type { AgentId, Lease, LeaseId, SweepId, Trial, TrialId } from '@sweep/domain';
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Leased, LeaseRequest, Renewal } from '../store.js';
import { emit, type Queries } from './database.js';
import { databaseNow, loadSweeps, type TrialRow, toTrial } from './rows.js';
import { attempts, sweeps, trials } from './schema.js';

/** How many sweeps are tried when others take the trials at the same moment. */
const sweepsTried = 20;

interface Holder {
  readonly id: LeaseId;
  readonly agent: AgentId;
  readonly slot: number;
  readonly ttlMs: number;
}

export async function leaseBest(queries: Queries, request: LeaseRequest): Promise<Leased | null> {
  const holder = { id: request.lease, agent: request.agent, slot: request.slot, ttlMs: request.ttlMs };
  for (const sweep of await candidateSweeps(queries, request)) {
    const { rows } = await queries.execute<{ id: TrialId }>(sql`
      SELECT t.id FROM trials t
      WHERE t.sweep_id = ${sweep} AND t.state = 'queued' AND ${isDue} AND ${mayGoTo(request.agent, request.pool)}
      ORDER BY t.number LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`);
    const trial = rows[0]?.id;
    if (trial === undefined || !(await mayStartAnother(queries, sweep))) continue;
    return await grant(queries, trial, holder);
  }
  return null;
}

export async function leaseGiven(queries: Queries, id: TrialId, holder: Holder): Promise<Leased | null> {
  const { rows } = await queries.execute<{ sweep: SweepId }>(sql`
    SELECT t.sweep_id AS sweep FROM trials t WHERE t.id = ${id} AND t.state = 'queued' AND ${isDue} FOR NO KEY UPDATE`);
  const sweep = rows[0]?.sweep;
  if (sweep === undefined || !(await mayStartAnother(queries, sweep))) return null;
  return await grant(queries, id, holder);
}

const isDue = sql`(t.not_before IS NULL OR t.not_before <= sweep_now())`;

/** An agent that lost the trial gets it again only when nobody else could. */
const mayGoTo = (agent: AgentId, pool: string): SQL => sql`(
  NOT ${agent} = ANY (t.lost_by) OR NOT EXISTS (
    SELECT 1 FROM agents a
    WHERE a.pool = ${pool} AND a.state = 'online' AND a.id <> ${agent} AND a.id <> ALL (t.lost_by)
      AND (a.sweep_id IS NULL OR a.sweep_id = t.sweep_id)))`;

async function candidateSweeps(queries: Queries, request: LeaseRequest): Promise<readonly SweepId[]> {
  const only = request.sweep === null ? sql`true` : sql`s.id = ${request.sweep}`;
  const { rows } = await queries.execute<{ id: SweepId }>(sql`
    SELECT s.id FROM sweeps s
    CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM trials h WHERE h.sweep_id = s.id AND h.state IN ('running', 'stopping')
    ) held
    WHERE s.state IN ('pending', 'running') AND s.deleted_at IS NULL AND s.pool = ${request.pool} AND ${only}
      AND s.id <> ALL (${sql.param([...request.exclude])}::text[])
      AND (s.parallel IS NULL OR held.n < s.parallel)
      AND EXISTS (
        SELECT 1 FROM trials t WHERE t.sweep_id = s.id AND t.state = 'queued' AND ${isDue} AND ${mayGoTo(request.agent, request.pool)})
    ORDER BY s.priority DESC, held.n, s.created_at, s.id
    LIMIT ${sweepsTried}`);
  return rows.map((row) => row.id);
}

/**
 * Holds the sweep in its state until commit and judges it afresh. A running sweep without limit is held in share mode, so that
 * its leases do not wait for one another; any other lease changes or counts something and is alone.
 */
async function mayStartAnother(queries: Queries, id: SweepId): Promise<boolean> {
  const open = inArray(sweeps.state, ['pending', 'running']);
  const shared = await queries
    .select({ parallel: sweeps.parallel })
    .from(sweeps)
    .where(and(eq(sweeps.id, id), eq(sweeps.state, 'running'), sql`${sweeps.parallel} IS NULL`, sql`${sweeps.deletedAt} IS NULL`))
    .for('share');
  if (shared.length > 0) return true;
  const [alone] = await queries
    .select({ parallel: sweeps.parallel })
    .from(sweeps)
    .where(and(eq(sweeps.id, id), open, sql`${sweeps.deletedAt} IS NULL`))
    .for('no key update');
  if (alone === undefined) return false;
  if (alone.parallel === null) return true;
  // A new statement, so that it sees what earlier holders of the lock have committed.
  const held = await queries.$count(trials, and(eq(trials.sweepId, id), inArray(trials.state, ['running', 'stopping'])));
  return held < alone.parallel;
}

/** The trial's row and the sweep's are locked, and the trial is queued. */
async function grant(queries: Queries, id: TrialId, { id: leaseId, agent, slot, ttlMs }: Holder): Promise<Leased> {
  const [row] = await queries
    .update(trials)
    .set({
      state: 'running',
      // After a take-back the rows of attempts go beyond the trial's own number.
      attempt: sql`1 + greatest(${trials.attempt}, (SELECT max(a.number) FROM attempts a WHERE a.trial_id = ${id}))`,
      leaseId,
      leaseAgent: agent,
      leaseSlot: slot,
      leaseExpiresAt: sql`sweep_now() + ${ttlMs}::bigint`,
      startedAt: sql`coalesce(${trials.startedAt}, sweep_now())`,
      reason: null,
      cause: null,
      notBefore: null,
    })
    .where(eq(trials.id, id))
    .returning();
  const trial = toTrial(row!);
  await queries.insert(attempts).values({ trialId: id, number: trial.attempt, agentId: agent, slot, leaseId, runId: id });
  const started = await queries
    .update(sweeps)
    .set({ state: 'running', startedAt: sql`coalesce(${sweeps.startedAt}, sweep_now())`, version: sql`${sweeps.version} + 1` })
    .where(and(eq(sweeps.id, trial.sweep), eq(sweeps.state, 'pending')))
    .returning({ id: sweeps.id });
  const first = started.length === 1;
  await emit(queries, [
    ...(first ? [{ kind: 'sweep.state', sweep: trial.sweep, state: 'running', reason: null } as const] : []),
    { kind: 'trial.state', sweep: trial.sweep, trial: id, number: trial.number, state: 'running', attempt: trial.attempt },
  ]);
  const [sweep] = await loadSweeps(queries, eq(sweeps.id, trial.sweep));
  return { trial, sweep: sweep!, first };
}

export async function renewLeases(
  queries: Queries,
  agent: AgentId,
  leases: readonly LeaseId[],
  ttlMs: number,
): Promise<readonly Renewal[]> {
  const rows = await queries
    .update(trials)
    // Never shorter: the credit for an outage may reach further than one ttl from now.
    .set({ leaseExpiresAt: sql`greatest(${trials.leaseExpiresAt}, sweep_now() + ${ttlMs}::bigint)` })
    .where(and(inArray(trials.leaseId, [...leases]), eq(trials.leaseAgent, agent)))
    .returning();
  const current = new Map(rows.map((row) => [row.leaseId, toTrial(row).stop]));
  return leases.map((lease) => ({ lease, current: current.has(lease), stop: current.get(lease) ?? null }));
}

export interface TakeBack {
  readonly from: Trial;
  readonly attempt: number;
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly guard: SQL | undefined;
}

/** The loss turned out to be none, so it is struck from the trial's causes: it must not count against the retries. */
export async function takeBack(queries: Queries, { from, attempt, lease, ttlMs, guard }: TakeBack): Promise<TrialRow | null> {
  const causes = from.causes.at(-1) === 'lost' ? from.causes.slice(0, -1) : [...from.causes];
  const lostBy = from.lostBy.at(-1) === lease.agent ? from.lostBy.slice(0, -1) : [...from.lostBy];
  const [row] = await queries
    .update(trials)
    .set({
      state: 'running',
      attempt,
      leaseId: lease.id,
      leaseAgent: lease.agent,
      leaseSlot: lease.slot,
      leaseExpiresAt: sql`sweep_now() + ${ttlMs}::bigint`,
      stopKind: null,
      stopReason: null,
      reason: null,
      cause: null,
      notBefore: null,
      causes,
      lostBy,
    })
    .where(and(guard, inArray(trials.state, ['queued', 'running'])))
    .returning();
  if (row === undefined) return null;
  if (from.attempt !== attempt) {
    await queries
      .update(attempts)
      .set({ endedAt: databaseNow, counted: false })
      .where(and(eq(attempts.trialId, from.id), eq(attempts.number, from.attempt)));
  }
  await queries
    .update(attempts)
    .set({ endedAt: null, outcome: null, counted: false, leaseId: lease.id, agentId: lease.agent, slot: lease.slot })
    .where(and(eq(attempts.trialId, from.id), eq(attempts.number, attempt)));
  return row;
}
