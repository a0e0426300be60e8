/** Webhooks of projects and what they are to be told. */
import type { ProjectId } from '@sweep/domain';
import { and, asc, desc, eq, getTableColumns, inArray, lte, ne, notInArray, sql } from 'drizzle-orm';
import type { Delivery, DeliveryEnd, DueDelivery, Occasion, Webhook, WebhookStore } from '../store.js';
import type { Database, Queries } from './database.js';
import { databaseNow } from './rows.js';
import { webhookDeliveries as deliveries, webhooks } from './schema-people.js';

const { occasion: _occasion, ...deliveryColumns } = getTableColumns(deliveries);
const later = (ms: number) => sql<number>`sweep_now() + ${ms}::bigint`;

export class PostgresWebhooks implements WebhookStore {
  constructor(private readonly database: Database) {}

  async list(project: ProjectId): Promise<readonly Webhook[]> {
    return await this.database.read((queries) => listOf(queries, project));
  }

  async replace(project: ProjectId, hooks: readonly Pick<Webhook, 'id' | 'url' | 'secret' | 'events'>[]): Promise<readonly Webhook[]> {
    return await this.database.write(async (queries) => {
      const urls = hooks.map(({ url }) => url);
      await queries.delete(webhooks).where(and(eq(webhooks.project, project), notInArray(webhooks.url, urls)));
      for (const { id, url, secret, events } of hooks) {
        const set = { secret, events: [...events] };
        await queries
          .insert(webhooks)
          .values({ id, project, url, ...set })
          .onConflictDoUpdate({ target: [webhooks.project, webhooks.url], set });
      }
      return await listOf(queries, project);
    });
  }

  async tell(project: ProjectId, { id: occasion, event, body, ids }: Occasion & { readonly ids: () => string }): Promise<number> {
    return await this.database.write(async (queries) => {
      const wanting = await queries
        .select({ id: webhooks.id })
        .from(webhooks)
        .where(and(eq(webhooks.project, project), sql`${event} = ANY (${webhooks.events})`));
      if (wanting.length === 0) return 0;
      const added = await queries
        .insert(deliveries)
        .values(wanting.map(({ id: webhook }) => ({ id: ids(), webhook, occasion, event, body })))
        .onConflictDoNothing()
        .returning({ id: deliveries.id });
      return added.length;
    });
  }

  async take(limit: number, forMs: number): Promise<readonly DueDelivery[]> {
    return await this.database.write(async (queries) => {
      const due = queries
        .select({ id: deliveries.id })
        .from(deliveries)
        .where(and(eq(deliveries.state, 'waiting'), lte(deliveries.dueAt, databaseNow)))
        .orderBy(asc(deliveries.dueAt), asc(deliveries.id))
        .limit(limit)
        .for('update', { skipLocked: true });
      const taken = await queries
        .update(deliveries)
        .set({ tries: sql`${deliveries.tries} + 1`, dueAt: later(forMs) })
        .where(inArray(deliveries.id, due))
        .returning({ id: deliveries.id });
      if (taken.length === 0) return [];
      return await queries
        .select({ ...deliveryColumns, url: webhooks.url, secret: webhooks.secret })
        .from(deliveries)
        .innerJoin(webhooks, eq(webhooks.id, deliveries.webhook))
        .where(
          inArray(
            deliveries.id,
            taken.map(({ id }) => id),
          ),
        )
        .orderBy(asc(deliveries.createdAt), asc(deliveries.id));
    });
  }

  async settle({ id, tries }: Pick<DueDelivery, 'id' | 'tries'>, end: DeliveryEnd): Promise<boolean> {
    const { state, answer } = end;
    const due = end.state === 'waiting' ? { dueAt: later(end.againInMs) } : {};
    const { rowCount } = await this.database.read((queries) =>
      queries
        .update(deliveries)
        .set({ state, answer, ...due })
        .where(and(eq(deliveries.id, id), eq(deliveries.state, 'waiting'), eq(deliveries.tries, tries))),
    );
    return rowCount === 1;
  }

  async deliveries(project: ProjectId, limit: number): Promise<readonly Delivery[]> {
    return await this.database.read((queries) =>
      queries
        .select(deliveryColumns)
        .from(deliveries)
        .innerJoin(webhooks, eq(webhooks.id, deliveries.webhook))
        .where(eq(webhooks.project, project))
        .orderBy(desc(deliveries.createdAt), asc(deliveries.id))
        .limit(limit),
    );
  }

  async forget(olderThanMs: number): Promise<number> {
    const forgotten = await this.database.read((queries) =>
      queries
        .delete(deliveries)
        .where(and(ne(deliveries.state, 'waiting'), sql`${deliveries.createdAt} < sweep_now() - ${olderThanMs}::bigint`))
        .returning({ id: deliveries.id }),
    );
    return forgotten.length;
  }
}

const listOf = (queries: Queries, project: ProjectId): Promise<Webhook[]> =>
  queries.select().from(webhooks).where(eq(webhooks.project, project)).orderBy(asc(webhooks.url));
