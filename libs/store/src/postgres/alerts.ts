/** Alerts of runs. */
import type { RunId } from '@sweep/domain';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Alert, AlertStore, NewAlert } from '../store.js';
import type { Database } from './database.js';
import { alerts } from './schema-data.js';

export class PostgresAlerts implements AlertStore {
  constructor(private readonly database: Database) {}

  async raise(alert: NewAlert, repeatedWithinMs: number): Promise<Alert> {
    return await this.database.write(async (queries) => {
      // Of two with one title at once, the second sees the first.
      await queries.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`alert ${alert.run} ${alert.title}`}, 0))`);
      const [repeated] = await queries
        .select()
        .from(alerts)
        .where(and(sameWords(alert), sql`sweep_now() < ${alerts.raisedAt} + ${repeatedWithinMs}::bigint`))
        .limit(1);
      if (repeated !== undefined) return repeated;
      // The earlier alert asked for silence; that a new one wishes it again does not prolong it.
      const silenced = sql<boolean>`EXISTS (
        SELECT 1 FROM alerts a WHERE a.run_id = ${alert.run} AND a.title = ${alert.title} AND NOT a.silenced
          AND sweep_now() < a.raised_at + a.silence_ms)`;
      const [row] = await queries
        .insert(alerts)
        .values({ ...alert, silenced })
        .returning();
      return row!;
    });
  }

  async list(run: RunId): Promise<readonly Alert[]> {
    return await this.database.read((queries) => queries.select().from(alerts).where(eq(alerts.run, run)).orderBy(asc(alerts.id)));
  }
}

const sameWords = ({ run, title, text, level, silenceMs }: NewAlert) =>
  and(eq(alerts.run, run), eq(alerts.title, title), eq(alerts.text, text), eq(alerts.level, level), eq(alerts.silenceMs, silenceMs));
