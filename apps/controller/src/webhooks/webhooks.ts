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
import { type AgentId, isEnded, type ProjectId, type RunId, randomId, runId, type SweepId, type TrialId } from '@sweep/domain';
import type { Clock, Logger } from '@sweep/runtime';
import type { Alert, DeliveryEnd, DueDelivery, Project, RunRecord, Store, StoredEvent } from '@sweep/store';
import { isoTime } from '../views/time.js';
import { send } from './send.js';

/**
 * `run.failed`: a trial that failed for good, or a run without one that failed or crashed. `sweep.ended`: completed, cancelled or failed.
 * `agent.quarantined`: a machine that failed trials of this project's is given none any more.
 */
export const webhookEvents = ['run.alert', 'run.failed', 'sweep.ended', 'agent.quarantined'] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Before each further try; about a day in all. */
const againAfterMs = [5_000, 30_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000];
const atOnce = 20;
/** Longer than a try may take. */
const takenForMs = 60_000;
const rememberedForMs = 30 * 86_400_000;

export interface WebhookParts {
  readonly store: Pick<Store, 'webhooks' | 'projects' | 'sweeps' | 'trials' | 'runs' | 'agents'>;
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
    await this.tell(project.id, 'run.alert', `alert:${id}`, {
      project: path,
      run: { id: run.id, name: run.name, url: this.#runUrl(path, run) },
      alert: { title, text, level },
    });
  }

  /** Every controller that hears of it may call: it is told once. */
  async follow({ position, event }: Pick<StoredEvent, 'position' | 'event'>): Promise<void> {
    if (event.kind === 'sweep.state' && isEnded(event.state)) await this.#sweepEnded(event.sweep);
    if (event.kind === 'trial.state' && event.state === 'failed') await this.#runFailed(runId(event.trial), event.trial, position);
    if (event.kind === 'run.state' && (event.state === 'failed' || event.state === 'crashed'))
      await this.#runFailed(event.run, null, position);
    if (event.kind === 'agent.quarantine' && event.quarantined) await this.#quarantined(event.agent, position);
  }

  async #runFailed(id: RunId, trial: TrialId | null, position: string): Promise<void> {
    const { store } = this.parts;
    const run = await store.runs.record(id);
    const project = run === null || run.deletedAt !== null ? null : await store.projects.findById(run.project);
    if (run === null || project === null) return;
    const path = `${project.entity}/${project.name}`;
    const reason = trial === null ? null : ((await store.trials.find(trial))?.reason ?? null);
    await this.tell(project.id, 'run.failed', `failed:${id}:${position}`, {
      project: path,
      run: { id, name: run.name, url: this.#runUrl(path, run) },
      sweep: run.sweep,
      trial: run.trialNumber,
      failure: { state: run.state ?? 'failed', cause: run.trialCause, reason, exitCode: run.exitCode },
    });
  }

  async #quarantined(id: AgentId, position: string): Promise<void> {
    const { store } = this.parts;
    const agent = await store.agents.find(id);
    if (agent === null || agent.quarantine === null) return;
    const { reason, evidence } = agent.quarantine;
    const sweeps = await Promise.all([...new Set(evidence.map(({ sweep }) => sweep))].map((sweep) => store.sweeps.find(sweep)));
    const projects = new Map(sweeps.flatMap((sweep) => (sweep === null ? [] : [[sweep.project, sweep] as const])));
    for (const [project, { entity, projectName }] of projects)
      await this.tell(project, 'agent.quarantined', `quarantined:${id}:${position}`, {
        project: `${entity}/${projectName}`,
        agent: { id, name: agent.name, url: `${this.parts.publicUrl()}/agents` },
        reason,
      });
  }

  #runUrl = (path: string, { handle }: Pick<RunRecord, 'handle'>): string =>
    `${this.parts.publicUrl()}/${path}/runs/${encodeURIComponent(handle)}`;

  async #sweepEnded(id: SweepId): Promise<void> {
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
