/** Attempts: one execution of a trial under one lease. They are written by the moves of their trial; this reads them. */
import type { AgentId, AttemptEnd, LeaseId, RunId, SweepId, TrialId } from '@sweep/domain';
import { and, asc, desc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm';
import type { Attempt, AttemptStore } from '../store.js';
import type { Database } from './database.js';
import { databaseNow, toAttempt } from './rows.js';
import { attempts, trials } from './schema.js';

export class PostgresAttempts implements AttemptStore {
  constructor(private readonly database: Database) {}

  async list(trial: TrialId): Promise<readonly Attempt[]> {
    const rows = await this.database.read((queries) =>
      queries.select().from(attempts).where(eq(attempts.trialId, trial)).orderBy(asc(attempts.number)),
    );
    return rows.map(toAttempt);
  }

  async ofSweep(sweep: SweepId): Promise<readonly Attempt[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select(getTableColumns(attempts))
        .from(attempts)
        .innerJoin(trials, eq(trials.id, attempts.trialId))
        .where(eq(trials.sweepId, sweep))
        .orderBy(asc(trials.number), asc(attempts.number)),
    );
    return rows.map(toAttempt);
  }

  async listAll(trials: readonly TrialId[]): Promise<readonly Attempt[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select()
        .from(attempts)
        .where(inArray(attempts.trialId, [...trials]))
        .orderBy(asc(attempts.trialId), asc(attempts.number)),
    );
    return rows.map(toAttempt);
  }

  async find(trial: TrialId, number: number): Promise<Attempt | null> {
    const [row] = await this.database.read((queries) =>
      queries
        .select()
        .from(attempts)
        .where(and(eq(attempts.trialId, trial), eq(attempts.number, number))),
    );
    return row === undefined ? null : toAttempt(row);
  }

  async ofAgent(agent: AgentId): Promise<readonly Attempt[]> {
    const rows = await this.database.read((queries) =>
      queries.select().from(attempts).where(eq(attempts.agentId, agent)).orderBy(asc(attempts.startedAt), asc(attempts.leaseId)),
    );
    return rows.map(toAttempt);
  }

  async findByLease(lease: LeaseId): Promise<Attempt | null> {
    const [row] = await this.database.read((queries) => queries.select().from(attempts).where(eq(attempts.leaseId, lease)));
    return row === undefined ? null : toAttempt(row);
  }

  async findByRun(run: RunId): Promise<Attempt | null> {
    const [row] = await this.database.read((queries) =>
      queries.select().from(attempts).where(eq(attempts.runId, run)).orderBy(desc(attempts.number)).limit(1),
    );
    return row === undefined ? null : toAttempt(row);
  }

  async giveRun(lease: LeaseId, run: RunId): Promise<boolean> {
    return await this.database.write(async (queries) => {
      const [held] = await queries.select({ id: trials.id }).from(trials).where(eq(trials.leaseId, lease)).for('no key update');
      if (held === undefined) return false;
      const [attempt] = await queries
        .select({ number: attempts.number })
        .from(attempts)
        .where(and(eq(attempts.leaseId, lease), sql`${attempts.runId} = ${held.id}`));
      if (attempt === undefined) return false;
      const made = await queries.execute(sql`
        INSERT INTO runs (id, handle, project_id, sweep_id, trial_id, name, config, config_index, attempt)
        SELECT ${run}, ${run}, project_id, sweep_id, trial_id, name, config, config_index, ${attempt.number}::integer
        FROM runs WHERE id = ${held.id} ON CONFLICT DO NOTHING`);
      if (made.rowCount !== 1) return false;
      await queries.update(attempts).set({ runId: run }).where(eq(attempts.leaseId, lease));
      return true;
    });
  }

  async endStale(lease: LeaseId, end: AttemptEnd): Promise<void> {
    await this.database.read((queries) =>
      queries
        .update(attempts)
        .set({ outcome: end, endedAt: sql`coalesce(${attempts.endedAt}, ${databaseNow})` })
        .where(
          and(
            eq(attempts.leaseId, lease),
            isNull(attempts.outcome),
            // Whoever holds the trial ends by a move, which decides what follows.
            sql`NOT EXISTS (SELECT 1 FROM trials t WHERE t.lease_id = ${lease})`,
          ),
        ),
    );
  }
}
