/**
 * Possession of trials: handing them to slots, renewing, taking back.
 *
 * Handing out is done by functions of the database, in one round trip each; this calls them. Their rules and the order of their
 * locks (trial, sweep) are in `migrations/0002_lease.sql`.
 */
import type { AgentId, Lease, LeaseId, Trial, TrialId } from '@sweep/domain';
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { AttemptKey, Leased, LeaseRequest, Renewal } from '../store.js';
import type { Database, Queries } from './database.js';
import { databaseNow, type TrialRow, toAttempt, toSweep, toTrial } from './rows.js';
import { agents, attempts, projects, sweeps, trials } from './schema.js';

interface Holder {
  readonly id: LeaseId;
  readonly agent: AgentId;
  readonly slot: number;
  readonly ttlMs: number;
}

/** A row of the functions; none when there is nothing to lease. */
interface Given extends Record<string, unknown> {
  readonly trial: TrialId;
  readonly first: boolean;
  readonly keyed: boolean;
}

export async function leaseBest(database: Database, { pool, among, key, alone, ...request }: LeaseRequest): Promise<Leased | null> {
  const holder = { ...request, id: request.lease };
  const only = among === null ? null : [...among];
  const call = sql`sweep_lease(${pool}, ${sql.param(only)}::text[], ${composite(holder, key)})`;
  const given = alone === true ? await database.write((queries) => giveAlone(queries, holder.agent, call)) : await give(database, call);
  return await leased(database, holder.id, given);
}

export async function leaseGiven(database: Database, id: TrialId, holder: Holder): Promise<Leased | null> {
  return await leased(database, holder.id, await give(database, sql`sweep_lease_one(${id}, ${composite(holder, null)})`));
}

/** The functions are in migration 0002. */
const given = (call: SQL): SQL => sql`SELECT trial, first, keyed FROM ${call}`;

async function give(database: Database, call: SQL): Promise<Given | undefined> {
  const { rows } = await database.statement((queries) => queries.execute<Given>(given(call)));
  return rows[0];
}

/** Under the agent's lock: of two who ask for it, the second sees what the first was given. */
async function giveAlone(queries: Queries, agent: AgentId, call: SQL): Promise<Given | undefined> {
  await queries.select({ id: agents.id }).from(agents).where(eq(agents.id, agent)).for('no key update');
  if ((await queries.$count(trials, eq(trials.leaseAgent, agent))) > 0) return undefined;
  const { rows } = await queries.execute<Given>(given(call));
  return rows[0];
}

const composite = ({ id, agent, slot, ttlMs }: Holder, key: AttemptKey | null): SQL =>
  sql`ROW(${id}::text, ${agent}::text, ${slot}::integer, ${ttlMs}::bigint, ${key?.id ?? null}::text, ${key?.hash ?? null}::text)::sweep_holder`;

/** What was written is read after its commit, as long as the lease still stands. */
async function leased(database: Database, lease: LeaseId, given: Given | undefined): Promise<Leased | null> {
  if (given === undefined) return null;
  return await database.read(async (queries) => {
    const [row] = await queries
      .select({ trial: trials, attempt: attempts, sweep: sweeps, entity: projects.entity, projectName: projects.name })
      .from(trials)
      .innerJoin(attempts, eq(attempts.leaseId, lease))
      .innerJoin(sweeps, eq(sweeps.id, trials.sweepId))
      .innerJoin(projects, eq(projects.id, sweeps.projectId))
      .where(and(eq(trials.id, given.trial), eq(trials.leaseId, lease)));
    if (row === undefined) return null;
    const sweep = toSweep(row.sweep, row);
    return { trial: toTrial(row.trial), attempt: toAttempt(row.attempt), sweep, first: given.first, keyed: given.keyed };
  });
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
