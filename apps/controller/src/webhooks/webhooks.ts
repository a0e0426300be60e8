/**
 * What projects want to be told of, and telling it: stored first, sent by a chore in any controller, tried again ever more rarely.
 *
 *     tell ──► waiting ──2xx──► delivered
 *                ▲  │  └─410, or an address that may not be─► failed
 *                └──┘ anything else, up to the last try ────► failed
 *
 * At least once: an answer that is lost is followed by the same delivery, with the same id.
 */
import { randomBytes } from 'node:crypto';
import { type ProjectId, randomId, type SweepId } from '@sweep/domain';
import type { Clock, Logger } from '@sweep/runtime';
import type { Alert, DeliveryEnd, DueDelivery, Project, RunRecord, Store } from '@sweep/store';
import { isoTime } from '../views/time.js';
import { send } from './send.js';

/** `sweep.ended`: completed, cancelled or failed. */
export const webhookEvents = ['run.alert', 'sweep.ended'] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Before each further try; about a day in all. */
const againAfterMs = [5_000, 30_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000];
const atOnce = 20;
/** Longer than a try may take. */
const takenForMs = 60_000;
const rememberedForMs = 30 * 86_400_000;

export interface WebhookParts {
  readonly store: Pick<Store, 'webhooks' | 'projects' | 'sweeps'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publicUrl: () => string;
  /** Whether webhooks may lead into this network. */
  readonly mayBePrivate: boolean;
}

export class Webhooks {
  constructor(private readonly parts: WebhookParts) {}

  /** @param occasion of which each webhook is told once */
  async tell(project: ProjectId, event: WebhookEvent, occasion: string, data: object): Promise<void> {
    const { store, clock } = this.parts;
    const body = JSON.stringify({ type: event, timestamp: isoTime(clock.now()), data });
    await store.webhooks.tell(project, { id: occasion, event, body, ids: newDeliveryId });
  }

  async alertRaised({ id, title, text, level }: Alert, run: RunRecord, project: Project): Promise<void> {
    const path = `${project.entity}/${project.name}`;
    const url = `${this.parts.publicUrl()}/${path}/runs/${encodeURIComponent(run.handle)}`;
    await this.tell(project.id, 'run.alert', `alert:${id}`, {
      project: path,
      run: { id: run.id, name: run.name, url },
      alert: { title, text, level },
    });
  }

  /** Every controller that hears of it may call: it is told once. */
  async sweepEnded(id: SweepId): Promise<void> {
    const sweep = await this.parts.store.sweeps.find(id);
    if (sweep === null || sweep.endedAt === null) return;
    const path = `${sweep.entity}/${sweep.projectName}`;
    const { name, state, reason } = sweep;
    const url = `${this.parts.publicUrl()}/${path}/sweeps/${id}`;
    await this.tell(sweep.project, 'sweep.ended', `sweep:${id}:${sweep.endedAt}`, {
      project: path,
      sweep: { id, name, state, reason, url },
    });
  }

  /** Sends what is due. */
  async run(): Promise<void> {
    const { store } = this.parts;
    for (;;) {
      const due = await store.webhooks.take(atOnce, takenForMs);
      await Promise.all(due.map((delivery) => this.#send(delivery)));
      if (due.length < atOnce) break;
    }
    await store.webhooks.forget(rememberedForMs);
  }

  async #send(delivery: DueDelivery): Promise<void> {
    const { store, clock, log, mayBePrivate } = this.parts;
    const { id, url, secret, body } = delivery;
    const sent = await send({ id, url, secret, body, now: clock.now(), mayBePrivate });
    const end = endOf(sent, delivery.tries);
    const settled = await store.webhooks.settle(delivery, end);
    if (settled && end.state === 'failed')
      log.warn({ delivery: id, webhook: delivery.webhook, answer: end.answer }, 'a webhook was given up');
  }
}

export function endOf(sent: Awaited<ReturnType<typeof send>>, tries: number): DeliveryEnd {
  const { answer } = sent;
  if (sent.kind === 'taken') return { state: 'delivered', answer };
  const againInMs = againAfterMs[tries - 1];
  return sent.forGood || againInMs === undefined ? { state: 'failed', answer } : { state: 'waiting', answer, againInMs };
}

const newDeliveryId = (): string => randomId(16, randomBytes);
