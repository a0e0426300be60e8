/** Trials: reading them, and moving them under the guard of what the caller read. Making them is proposing.ts, handing them out leasing.ts. */
import type { AgentId, Lease, LeaseId, SweepEventRecord, SweepId, Trial, TrialId, TrialMove, TrialState } from '@sweep/domain';
import { and, asc, count, desc, eq, gt, inArray, isNotNull, sql } from 'drizzle-orm';
import { pageOf, readCursor } from '../paging.js';
import type {
  Leased,
  LeaseRequest,
  MoveExtra,
  NewTrial,
  Page,
  PageRequest,
  Ranking,
  Renewal,
  SamplerStep,
  TrialFilter,
  TrialStore,
} from '../store.js';
import { type Database, emit, type Queries } from './database.js';
import { leaseBest, leaseGiven, renewLeases, takeBack } from './leasing.js';
import { propose, stateEvent } from './proposing.js';
import { databaseNow, toTrial } from './rows.js';
import { attempts, decisions, trials } from './schema.js';
import { apiKeys } from './schema-data.js';

export class PostgresTrials implements TrialStore {
  constructor(private readonly database: Database) {}

  async find(id: TrialId): Promise<Trial | null> {
    const [row] = await this.database.read((queries) => queries.select().from(trials).where(eq(trials.id, id)));
    return row === undefined ? null : toTrial(row);
  }

  async findAll(ids: readonly TrialId[]): Promise<readonly Trial[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select()
        .from(trials)
        .where(inArray(trials.id, [...ids])),
    );
    const found = new Map(rows.map((row) => [row.id, toTrial(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  async findByNumber(sweep: SweepId, number: number): Promise<Trial | null> {
    const [row] = await this.database.read((queries) =>
      queries
        .select()
        .from(trials)
        .where(and(eq(trials.sweepId, sweep), eq(trials.number, number))),
    );
    return row === undefined ? null : toTrial(row);
  }

  async list(sweep: SweepId, filter: TrialFilter, { limit, cursor }: PageRequest): Promise<Page<Trial>> {
    const after = readCursor(cursor, [0]);
    const wanted = and(
      eq(trials.sweepId, sweep),
      filter.states === undefined ? undefined : inArray(trials.state, [...filter.states]),
      filter.origin === undefined ? undefined : eq(trials.origin, filter.origin),
    );
    return await this.database.read(async (queries) => {
      const rows = await queries
        .select()
        .from(trials)
        .where(and(wanted, after === null ? undefined : gt(trials.number, after[0])))
        .orderBy(asc(trials.number))
        .limit(limit + 1);
      const [total] = await queries.select({ n: count() }).from(trials).where(wanted);
      return pageOf(rows.map(toTrial), limit, total!.n, (trial) => [trial.number]);
    });
  }

  async inStates(states: readonly TrialState[], limit: number): Promise<readonly Trial[]> {
    if (states.length === 0) return [];
    const rows = await this.database.read((queries) =>
      queries
        .select()
        .from(trials)
        .where(inArray(trials.state, [...states]))
        .orderBy(asc(trials.createdAt), asc(trials.sweepId), asc(trials.number))
        .limit(limit),
    );
    return rows.map(toTrial);
  }

  async propose(
    sweep: SweepId,
    expectedVersion: number,
    proposed: readonly NewTrial[],
    step: SamplerStep | null,
  ): Promise<readonly Trial[] | null> {
    return await propose(this.database, { sweep, expectedVersion, proposed, step });
  }

  async lease(request: LeaseRequest): Promise<Leased | null> {
    return await leaseBest(this.database, request);
  }

  async leaseOne(
    trial: TrialId,
    lease: { readonly id: LeaseId; readonly agent: AgentId; readonly slot: number; readonly ttlMs: number },
  ): Promise<Leased | null> {
    return await leaseGiven(this.database, trial, lease);
  }

  async move(from: Trial, move: TrialMove, extra: MoveExtra): Promise<Trial | null> {
    return await this.database.write(async (queries) => {
      const [row] = await queries.update(trials).set(columnsOf(from, move)).where(unchanged(from)).returning();
      if (row === undefined) return null;
      if (extra.end !== undefined || (from.lease !== null && move.lease === null)) {
        await queries
          .update(attempts)
          .set({ endedAt: databaseNow, outcome: extra.end ?? null, counted: move.counted })
          .where(and(eq(attempts.trialId, from.id), eq(attempts.number, from.attempt)));
      }
      if (from.lease !== null && move.lease === null) await endKeys(queries, from.id, extra.keyGraceMs ?? 0);
      const happened: SweepEventRecord[] = [stateEvent(row)];
      if (extra.decision !== undefined) {
        await queries.insert(decisions).values({ ...extra.decision, sweepId: from.sweep, trialId: from.id });
        happened.push({ kind: 'decision', sweep: from.sweep, trial: from.id, text: extra.decision.text });
      }
      await emit(queries, happened);
      return toTrial(row);
    });
  }

  async renew(agent: AgentId, leases: readonly LeaseId[], ttlMs: number): Promise<readonly Renewal[]> {
    if (leases.length === 0) return [];
    return await this.database.write((queries) => renewLeases(queries, agent, leases, ttlMs));
  }

  async takeBack(from: Trial, attempt: number, lease: Lease, ttlMs: number): Promise<boolean> {
    return await this.database.write(async (queries) => {
      const row = await takeBack(queries, { from, attempt, lease, ttlMs, guard: unchanged(from) });
      if (row === null) return false;
      await emit(queries, [stateEvent(row)]);
      return true;
    });
  }

  async expired(graceMs: number, limit: number): Promise<readonly Trial[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select()
        .from(trials)
        .where(and(isNotNull(trials.leaseExpiresAt), sql`${trials.leaseExpiresAt} < sweep_now() - ${graceMs}::bigint`))
        .orderBy(asc(trials.leaseExpiresAt))
        .limit(limit),
    );
    return rows.map(toTrial);
  }

  async best(sweep: SweepId, { goal, limits }: Ranking, limit: number): Promise<readonly Trial[]> {
    const first = sql`${trials.values}[1]`;
    // What was not measured is null, which is no more within than without.
    const within = limits.map(({ keep, bound }, index) => {
      const value = sql`${trials.limits}[${index + 1}::integer]`;
      return keep === 'below' ? sql`${value} <= ${bound}::float8` : sql`${value} >= ${bound}::float8`;
    });
    return await this.database.read(async (queries) => {
      for (const state of ['completed', 'pruned'] as const) {
        const rows = await queries
          .select()
          .from(trials)
          .where(and(eq(trials.sweepId, sweep), eq(trials.state, state), sql`${first} NOT IN ('NaN', 'Infinity', '-Infinity')`, ...within))
          .orderBy(goal === 'minimize' ? asc(first) : desc(first), asc(trials.number))
          .limit(limit);
        if (rows.length > 0) return rows.map(toTrial);
      }
      return [];
    });
  }

  async heldBy(agent: AgentId): Promise<readonly Trial[]> {
    const rows = await this.database.read((queries) =>
      queries.select().from(trials).where(eq(trials.leaseAgent, agent)).orderBy(asc(trials.leaseSlot), asc(trials.id)),
    );
    return rows.map(toTrial);
  }
}

/** The row is still as the caller read it, as far as possession goes. */
const unchanged = (from: Trial) =>
  and(
    eq(trials.id, from.id),
    eq(trials.state, from.state),
    eq(trials.attempt, from.attempt),
    sql`${trials.leaseId} IS NOT DISTINCT FROM ${from.lease?.id ?? null}`,
  );

function columnsOf(from: Trial, { lease, stop, counted: _counted, lostBy, causes, values, limits, ...rest }: TrialMove) {
  const ended = rest.state !== 'queued' && rest.state !== 'running' && rest.state !== 'stopping';
  // A lease that stays keeps the expiry in the row: it may have been renewed since the caller read it.
  const kept = lease !== null && lease.id === from.lease?.id;
  const leaseColumns = kept
    ? {}
    : {
        leaseId: lease?.id ?? null,
        leaseAgent: lease?.agent ?? null,
        leaseSlot: lease?.slot ?? null,
        leaseExpiresAt: lease?.expiresAt ?? null,
      };
  return {
    ...rest,
    ...leaseColumns,
    stopKind: stop?.kind ?? null,
    stopReason: stop?.reason ?? null,
    lostBy: [...lostBy],
    causes: [...causes],
    values: [...values],
    limits: [...limits],
    endedAt: ended ? databaseNow : null,
  };
}

async function endKeys(queries: Queries, trial: TrialId, graceMs: number): Promise<void> {
  await queries
    .update(apiKeys)
    .set({ expiresAt: sql`least(${apiKeys.expiresAt}, sweep_now() + ${graceMs}::bigint)` })
    .where(and(eq(apiKeys.trial, trial), eq(apiKeys.scope, 'attempt')));
}
