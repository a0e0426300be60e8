/** What machines use: one unlogged row each. */
import type { AgentId, MachineUsage } from '@sweep/domain';
import { inArray, sql } from 'drizzle-orm';
import type { TimedUsage, UsageStore } from '../usage-store.js';
import type { Database } from './database.js';
import { databaseNow } from './rows.js';
import { agentUsage } from './schema-data.js';

export class PostgresUsage implements UsageStore {
  constructor(private readonly database: Database) {}

  async put(figures: ReadonlyMap<AgentId, MachineUsage>): Promise<void> {
    if (figures.size === 0) return;
    // Always in the same order: two controllers that hold the same agents for a moment must not wait for each other in a circle.
    const rows = [...figures].map(([agent, usage]) => ({ agent, usage })).sort((a, b) => (a.agent < b.agent ? -1 : 1));
    await this.database.read((queries) =>
      queries
        .insert(agentUsage)
        .values(rows.map((row) => ({ ...row, at: databaseNow })))
        .onConflictDoUpdate({ target: agentUsage.agent, set: { usage: sql`excluded.usage`, at: sql`excluded.at` } }),
    );
  }

  async of(agents: readonly AgentId[]): Promise<ReadonlyMap<AgentId, TimedUsage>> {
    if (agents.length === 0) return new Map();
    const rows = await this.database.read((queries) =>
      queries
        .select({ agent: agentUsage.agent, usage: agentUsage.usage, at: agentUsage.at, now: databaseNow.mapWith(Number) })
        .from(agentUsage)
        .where(inArray(agentUsage.agent, [...agents])),
    );
    return new Map(rows.map(({ agent, usage, at, now }) => [agent, { usage, at, ageMs: now - at }]));
  }
}
