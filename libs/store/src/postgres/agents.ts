/** Agents. What they hold stands in the trials' rows. */
import type { Agent, AgentId, AgentState, KeyId, SweepId } from '@sweep/domain';
import { and, asc, count, eq, inArray, sql } from 'drizzle-orm';
import { pageOf, readCursor } from '../paging.js';
import type { AgentOwner, AgentStore, Page, PageRequest } from '../store.js';
import { type Database, emit } from './database.js';
import { databaseNow, toAgent } from './rows.js';
import { agents, trials } from './schema.js';
import { agentOwners, agentUsage, apiKeys } from './schema-data.js';

export class PostgresAgents implements AgentStore {
  constructor(private readonly database: Database) {}

  async connect(agent: Parameters<AgentStore['connect']>[0]): Promise<Agent> {
    return await this.database.write(async (queries) => {
      const { id, ...facts } = agent;
      const inserted = await queries
        .insert(agents)
        .values({ id, ...facts, state: 'offline' })
        .onConflictDoNothing()
        .returning({ id: agents.id });
      const [before] = await queries.select({ state: agents.state }).from(agents).where(eq(agents.id, id)).for('no key update');
      const [row] = await queries
        .update(agents)
        .set({ ...facts, state: 'online', reason: null, connectedAt: databaseNow, lastSeenAt: databaseNow })
        .where(eq(agents.id, id))
        .returning();
      if (inserted.length === 1 || before!.state !== 'online') await emit(queries, [{ kind: 'agent.state', agent: id, state: 'online' }]);
      return toAgent(row!);
    });
  }

  async seen(id: AgentId): Promise<void> {
    await this.database.read((queries) => queries.update(agents).set({ lastSeenAt: databaseNow }).where(eq(agents.id, id)));
  }

  async move(id: AgentId, from: readonly AgentState[], to: AgentState, reason: string | null): Promise<boolean> {
    return await this.database.write(async (queries) => {
      const moved = await queries
        .update(agents)
        .set({ state: to, reason })
        .where(and(eq(agents.id, id), inArray(agents.state, [...from])))
        .returning({ id: agents.id });
      if (moved.length === 0) return false;
      await emit(queries, [{ kind: 'agent.state', agent: id, state: to }]);
      return true;
    });
  }

  async find(id: AgentId): Promise<Agent | null> {
    const [row] = await this.database.read((queries) => queries.select().from(agents).where(eq(agents.id, id)));
    return row === undefined ? null : toAgent(row);
  }

  async findAll(ids: readonly AgentId[]): Promise<readonly Agent[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select()
        .from(agents)
        .where(inArray(agents.id, [...ids])),
    );
    return rows.map(toAgent);
  }

  /** By name. */
  async list({ limit, cursor }: PageRequest): Promise<Page<Agent>> {
    const after = readCursor(cursor, ['', '']);
    return await this.database.read(async (queries) => {
      const rows = await queries
        .select()
        .from(agents)
        .where(after === null ? undefined : sql`(${agents.name}, ${agents.id}) > (${after[0]}, ${after[1]})`)
        .orderBy(asc(agents.name), asc(agents.id))
        .limit(limit + 1);
      return pageOf(rows.map(toAgent), limit, await queries.$count(agents), (agent) => [agent.name, agent.id]);
    });
  }

  async ofSweep(sweep: SweepId): Promise<readonly Agent[]> {
    const rows = await this.database.read((queries) =>
      queries.select().from(agents).where(eq(agents.sweep, sweep)).orderBy(asc(agents.connectedAt), asc(agents.id)),
    );
    return rows.map(toAgent);
  }

  async silent(silenceMs: number): Promise<readonly Agent[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select()
        .from(agents)
        .where(and(inArray(agents.state, ['online', 'draining']), sql`${agents.lastSeenAt} < sweep_now() - ${silenceMs}::bigint`))
        .orderBy(asc(agents.lastSeenAt)),
    );
    return rows.map(toAgent);
  }

  async online(pool: string): Promise<readonly { readonly agent: Agent; readonly leases: number }[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select({ agent: agents, leases: count(trials.id) })
        .from(agents)
        .leftJoin(trials, eq(trials.leaseAgent, agents.id))
        .where(and(eq(agents.pool, pool), eq(agents.state, 'online')))
        .groupBy(agents.id)
        .orderBy(asc(agents.name), asc(agents.id)),
    );
    return rows.map((row) => ({ agent: toAgent(row.agent), leases: row.leases }));
  }

  async owner(id: AgentId): Promise<AgentOwner | null> {
    const [row] = await this.database.read((queries) =>
      queries
        .select({ key: agentOwners.key, user: apiKeys.user })
        .from(agentOwners)
        .leftJoin(apiKeys, eq(apiKeys.id, agentOwners.key))
        .where(eq(agentOwners.agent, id)),
    );
    return row ?? null;
  }

  async setOwner(id: AgentId, key: KeyId): Promise<void> {
    await this.database.read((queries) =>
      queries.insert(agentOwners).values({ agent: id, key }).onConflictDoUpdate({ target: agentOwners.agent, set: { key } }),
    );
  }

  /** Refused unless it is away and holds nothing. */
  async remove(id: AgentId): Promise<boolean> {
    const removed = await this.database.write(async (queries) => {
      const rows = await queries
        .delete(agents)
        .where(
          and(
            eq(agents.id, id),
            inArray(agents.state, ['offline', 'lost']),
            sql`NOT EXISTS (SELECT 1 FROM trials t WHERE t.lease_agent = ${id})`,
          ),
        )
        .returning({ id: agents.id });
      if (rows.length === 1) await queries.delete(agentUsage).where(eq(agentUsage.agent, id));
      return rows;
    });
    return removed.length === 1;
  }
}
