/** Signs of life of controllers, and the credit that leases get for a time without any. */
import { and, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { OutageStore } from '../store.js';
import type { Database } from './database.js';
import { databaseNow } from './rows.js';
import { agents, controllers, runs, trials } from './schema.js';

const forgetAfterMs = 86_400_000;

export class PostgresOutages implements OutageStore {
  constructor(private readonly database: Database) {}

  async heartbeat(controller: string): Promise<void> {
    await this.database.read((queries) =>
      queries
        .insert(controllers)
        .values({ id: controller, heartbeatAt: databaseNow })
        .onConflictDoUpdate({ target: controllers.id, set: { heartbeatAt: databaseNow } }),
    );
  }

  async lastHeartbeat(): Promise<number | null> {
    return await this.database.read(async (queries) => {
      const [row] = await queries.select({ at: sql<string | null>`max(${controllers.heartbeatAt})` }).from(controllers);
      return row!.at === null ? null : Number(row!.at);
    });
  }

  async credit(lastHeartbeat: number, creditMs: number, controller: string): Promise<boolean> {
    return await this.database.write(async (queries) => {
      // Against heartbeats and other credits: whoever comes second sees a newer heartbeat.
      await queries.execute(sql`LOCK TABLE controllers IN SHARE ROW EXCLUSIVE MODE`);
      const claimed = await queries.execute(sql`
        INSERT INTO controllers (id, heartbeat_at) SELECT ${controller}, greatest(sweep_now(), ${lastHeartbeat}::bigint + 1)
        WHERE (SELECT max(heartbeat_at) FROM controllers) = ${lastHeartbeat}::bigint
        ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at`);
      if (claimed.rowCount === 0) return false;
      await queries
        .update(trials)
        .set({ leaseExpiresAt: sql`${trials.leaseExpiresAt} + ${creditMs}::bigint` })
        .where(isNotNull(trials.leaseExpiresAt));
      await queries
        .update(agents)
        .set({ lastSeenAt: sql`${agents.lastSeenAt} + ${creditMs}::bigint` })
        .where(inArray(agents.state, ['online', 'draining']));
      await queries
        .update(runs)
        .set({ heartbeatAt: sql`${runs.heartbeatAt} + ${creditMs}::bigint` })
        .where(inArray(runs.state, ['running', 'preempting']));
      await queries.delete(controllers).where(and(lt(controllers.heartbeatAt, sql`sweep_now() - ${forgetAfterMs}::bigint`)));
      return true;
    });
  }
}
