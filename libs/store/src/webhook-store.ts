/** Addresses that a project wants told of what happens, and what is to be told: the truth that a queue only rings for. */
import type { ProjectId } from '@sweep/domain';

export interface Webhook {
  readonly id: string;
  readonly project: ProjectId;
  /** Unique in its project. */
  readonly url: string;
  readonly secret: string;
  /** Kinds of events that it wants. */
  readonly events: readonly string[];
  readonly createdAt: number;
}

export interface Occasion {
  /** Of one occasion a webhook is told once, however often this is asked. */
  readonly id: string;
  readonly event: string;
  /** JSON, sent as it is. */
  readonly body: string;
}

export interface Delivery {
  readonly id: string;
  readonly webhook: string;
  readonly event: string;
  readonly body: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  /** Those that were begun. */
  readonly tries: number;
  readonly dueAt: number;
  /** Of the last try: its HTTP status, or why there is none; null before it. */
  readonly answer: string | null;
  readonly createdAt: number;
}

export interface DueDelivery extends Delivery {
  readonly url: string;
  readonly secret: string;
}

export type DeliveryEnd =
  | { readonly state: 'delivered' | 'failed'; readonly answer: string }
  | { readonly state: 'waiting'; readonly answer: string; readonly againInMs: number };

export interface WebhookStore {
  /** By URL. */
  list(project: ProjectId): Promise<readonly Webhook[]>;
  /** Exactly these from now on; one of the same URL stays the same webhook. What waits for others is dropped with them. */
  replace(project: ProjectId, hooks: readonly Pick<Webhook, 'id' | 'url' | 'secret' | 'events'>[]): Promise<readonly Webhook[]>;
  /** Queues it for those of the project that want it; answers for how many. */
  tell(project: ProjectId, occasion: Occasion & { readonly ids: () => string }): Promise<number>;
  /** Takes what is due, oldest first, for so long: what is not settled by then is due again. */
  take(limit: number, forMs: number): Promise<readonly DueDelivery[]>;
  /** What became of one try. False, and nothing changed, when the delivery was taken again since: its last taker says. */
  settle(of: Pick<DueDelivery, 'id' | 'tries'>, end: DeliveryEnd): Promise<boolean>;
  /** Of the project, newest first. */
  deliveries(project: ProjectId, limit: number): Promise<readonly Delivery[]>;
  /** Drops what was settled so long ago; answers how many. */
  forget(olderThanMs: number): Promise<number>;
}
