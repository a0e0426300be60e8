/** Quarantined machines, and what speaks against others. */
import type { AgentId, AttemptEnd, Fate, Quarantine, SweepId, TrialId } from '@sweep/domain';
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { QuarantineStore } from '../quarantine-store.js';
import { type Database, emit } from './database.js';
import { agents } from './schema.js';

interface FateRow extends Record<string, unknown> {
  readonly trial: TrialId;
  readonly number: number;
  readonly sweep: SweepId;
  readonly outcome: AttemptEnd | null;
  readonly went_well: boolean;
  readonly ran_on: string | null;
}

export class PostgresQuarantines implements QuarantineStore {
  constructor(private readonly database: Database) {}

  async fates(agent: AgentId, sweep: SweepId | null, limit: number): Promise<readonly Fate[]> {
    const { rows } = await this.database.read((queries) =>
      queries.execute<FateRow>(sql`
        SELECT t.id AS trial, t.number, t.sweep_id AS sweep, f.outcome, f.counted AND t.state IN ('completed', 'pruned') AS went_well,
          (SELECT b.name FROM attempts o JOIN agents b ON b.id = o.agent_id
            WHERE o.trial_id = f.trial_id AND o.agent_id <> f.agent_id
              AND ((o.counted AND t.state IN ('completed', 'pruned')) OR o.point_sequence > f.point_sequence)
            ORDER BY o.number LIMIT 1) AS ran_on
        FROM attempts f JOIN trials t ON t.id = f.trial_id JOIN agents a ON a.id = f.agent_id
        WHERE f.agent_id = ${agent} AND f.ended_at > a.cleared_at AND (${sweep}::text IS NULL OR t.sweep_id = ${sweep})
        ORDER BY f.started_at DESC, f.lease_id LIMIT ${limit}`),
    );
    return rows.map(({ outcome, went_well: wentWell, ran_on: ranOn, ...rest }) => ({ ...rest, end: outcome, wentWell, ranOn }));
  }

  async suspects(): Promise<readonly AgentId[]> {
    const { rows } = await this.database.read((queries) =>
      queries.execute<{ id: AgentId }>(sql`
        SELECT DISTINCT a.id FROM trials t JOIN agents a ON a.id = ANY (t.lost_by)
        WHERE t.state = 'running' AND t.lost_by <> '{}' AND a.quarantine IS NULL ORDER BY a.id`),
    );
    return rows.map(({ id }) => id);
  }

  async marked(): Promise<readonly AgentId[]> {
    const rows = await this.database.read((queries) => queries.select({ id: agents.id }).from(agents).where(isNotNull(agents.quarantine)));
    return rows.map(({ id }) => id);
  }

  async mark(agent: AgentId, { reason, evidence }: Pick<Quarantine, 'reason' | 'evidence'>): Promise<boolean> {
    const quarantine = sql`jsonb_build_object('since', sweep_now(), 'reason', ${reason}::text, 'evidence', ${JSON.stringify(evidence)}::jsonb)`;
    return this.database.write(async (queries) => {
      const { rowCount } = await queries
        .update(agents)
        .set({ quarantine })
        .where(and(eq(agents.id, agent), isNull(agents.quarantine)));
      if (rowCount === 1) await emit(queries, [{ kind: 'agent.quarantine', agent, quarantined: true }]);
      return rowCount === 1;
    });
  }

  async clear(agent: AgentId): Promise<boolean> {
    return this.database.write(async (queries) => {
      const { rowCount } = await queries.execute(
        sql`UPDATE agents SET quarantine = NULL, cleared_at = sweep_now() WHERE id = ${agent} AND quarantine IS NOT NULL`,
      );
      if (rowCount === 1) await emit(queries, [{ kind: 'agent.quarantine', agent, quarantined: false }]);
      return rowCount === 1;
    });
  }
}
