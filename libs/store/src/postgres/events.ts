/**
 * The log of events and the recorded whys.
 *
 * A position is `xid-id` of the last event read. Readers stop below the oldest transaction that still runs: what it may yet
 * commit sorts behind that point, so no event is ever skipped, at the price of waiting for slow writers.
 */
import { type Decision, type SweepId, type TrialId } from '@sweep/domain';
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { earliestPosition, unknownPosition } from '../event-position.js';
import { pageOf, readCursor } from '../paging.js';
import type { DecisionStore, EventStore, Page, PageRequest, StoredEvent } from '../store.js';
import { type Database, emit } from './database.js';
import type { Listener } from './listener.js';
import { decisions, events } from './schema.js';

export class PostgresEvents implements EventStore {
  constructor(
    private readonly database: Database,
    private readonly listener: Listener,
  ) {}

  async since(position: string | null, limit: number): Promise<readonly StoredEvent[]> {
    if (position === null) return [];
    const { xid, id } = readPosition(position);
    const rows = await this.database.read((queries) =>
      queries
        .select()
        .from(events)
        .where(
          and(
            sql`(${events.xid}, ${events.id}) > (${xid}::xid8, ${id}::bigint)`,
            sql`${events.xid} < pg_snapshot_xmin(pg_current_snapshot())`,
          ),
        )
        .orderBy(asc(events.xid), asc(events.id))
        .limit(limit),
    );
    return rows.map((row) => ({ position: `${row.xid}-${row.id}`, at: row.at, event: row.body }));
  }

  async check(position: string): Promise<void> {
    if (position === earliestPosition) return;
    const { xid, id } = readPosition(position);
    const { rows } = await this.database.read((queries) =>
      queries.execute<{ past: boolean; future: boolean }>(sql`
        SELECT (${xid}::xid8, ${id}::bigint) < (xid, event_horizon.id) AS past,
          ${xid}::xid8 > pg_snapshot_xmax(pg_current_snapshot()) AS future FROM event_horizon`),
    );
    if (rows[0]!.past || rows[0]!.future) throw unknownPosition();
  }

  /** While older transactions run, what younger ones have committed already comes once more: rather twice than never. */
  async head(): Promise<string> {
    const { rows } = await this.database.read((queries) =>
      queries.execute<{ xmin: string }>(sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin`),
    );
    return `${rows[0]!.xmin}-0`;
  }

  async subscribe(onSomething: () => void): Promise<() => Promise<void>> {
    return await this.listener.subscribe(onSomething);
  }
}

function readPosition(position: string): { readonly xid: string; readonly id: string } {
  if (position === earliestPosition) return { xid: '0', id: '0' };
  const match = /^(\d{1,19})-(\d{1,18})$/.exec(position);
  if (match === null) throw unknownPosition();
  return { xid: match[1]!, id: match[2]! };
}

export class PostgresDecisions implements DecisionStore {
  constructor(private readonly database: Database) {}

  async add({ sweep, trial, about, text }: Omit<Decision, 'at'>): Promise<void> {
    await this.database.write(async (queries) => {
      await queries.insert(decisions).values({ sweepId: sweep, trialId: trial, about, text });
      await emit(queries, [{ kind: 'decision', sweep, trial, text }]);
    });
  }

  /** Oldest first. */
  async list(sweep: SweepId, trial: TrialId | null, { limit, cursor }: PageRequest): Promise<Page<Decision>> {
    const after = readCursor(cursor, [0]);
    const wanted = and(eq(decisions.sweepId, sweep), trial === null ? undefined : eq(decisions.trialId, trial));
    return await this.database.read(async (queries) => {
      const rows = await queries
        .select()
        .from(decisions)
        .where(and(wanted, after === null ? undefined : gt(decisions.id, after[0])))
        .orderBy(asc(decisions.id))
        .limit(limit + 1);
      const page = pageOf(rows, limit, await queries.$count(decisions, wanted), (row) => [row.id]);
      return {
        ...page,
        items: page.items.map(({ about, text, at, sweepId, trialId }) => ({ sweep: sweepId, trial: trialId, about, text, at })),
      };
    });
  }

  async proposals(trials: readonly TrialId[]): Promise<ReadonlyMap<TrialId, string>> {
    const rows = await this.database.read((queries) =>
      queries
        .select({ trial: decisions.trialId, text: decisions.text })
        .from(decisions)
        .where(and(inArray(decisions.trialId, [...trials]), eq(decisions.about, 'proposed')))
        .orderBy(asc(decisions.id)),
    );
    return new Map(rows.flatMap(({ trial, text }) => (trial === null ? [] : [[trial, text]])));
  }
}
