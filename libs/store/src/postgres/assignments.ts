/** What W&B's agents were told to run. */
import type { AgentId, LeaseId } from '@sweep/domain';
import { eq, sql } from 'drizzle-orm';
import type { AgentAssignment, AssignmentStore } from '../store.js';
import type { Database } from './database.js';
import { assignments } from './schema-data.js';

export class PostgresAssignments implements AssignmentStore {
  constructor(private readonly database: Database) {}

  async find(agent: AgentId): Promise<AgentAssignment | null> {
    const [row] = await this.database.read((queries) => queries.select().from(assignments).where(eq(assignments.agent, agent)));
    if (row === undefined) return null;
    const { agent: _agent, ...assignment } = row;
    return assignment;
  }

  async put(agent: AgentId, { lease, run, handedOutAt, seenLive, missed, stopSeenAt }: Omit<AgentAssignment, 'preempting'>): Promise<void> {
    const set = { lease, run, handedOutAt, seenLive, missed, stopSeenAt };
    await this.database.read((queries) =>
      queries
        .insert(assignments)
        .values({ agent, ...set })
        .onConflictDoUpdate({
          target: assignments.agent,
          set: { ...set, preempting: sql`${assignments.preempting} AND ${assignments.lease} = ${lease}` },
        }),
    );
  }

  async preempt(lease: LeaseId): Promise<void> {
    await this.database.read((queries) => queries.update(assignments).set({ preempting: true }).where(eq(assignments.lease, lease)));
  }
}
