/**
 * The sessions of this controller, and what reaches them from outside: doorbells, stops, ends of sweeps, drains.
 *
 * Stops and drains come as stored events, so it makes no difference which controller's API was asked.
 */

import type { Dispatch } from '@sweep/dispatch';
import type { AgentId, LeaseId, SweepEventRecord } from '@sweep/domain';
import { Conflict } from '@sweep/domain';
import type { Session } from './session.js';

export class Sessions {
  readonly #byAgent = new Map<AgentId, Session>();

  constructor(private readonly dispatch: Dispatch) {}

  /** Answers what takes the session out again. An older session of the same agent is ended. */
  async add(session: Session): Promise<() => Promise<void>> {
    this.#byAgent.get(session.id)?.end(new Conflict('the agent has connected again'));
    this.#byAgent.set(session.id, session);
    const stopListening = await this.dispatch.onOffer(session.agent.pool, () => session.onOffer());
    return async () => {
      if (this.#byAgent.get(session.id) === session) this.#byAgent.delete(session.id);
      await stopListening();
    };
  }

  get size(): number {
    return this.#byAgent.size;
  }

  async onEvent(event: SweepEventRecord): Promise<void> {
    if (event.kind === 'trial.state' && event.state === 'stopping') {
      await Promise.all([...this.#byAgent.values()].map((session) => session.pushStop(event.trial)));
    } else if (event.kind === 'agent.state') {
      this.#byAgent.get(event.agent)?.setDraining(event.state === 'draining');
    } else if (event.kind === 'agent.quarantine') {
      this.#byAgent.get(event.agent)?.setQuarantined(event.quarantined);
    } else if (event.kind === 'sweep.state' && (event.state === 'completed' || event.state === 'cancelled' || event.state === 'failed')) {
      const workers = [...this.#byAgent.values()].filter((session) => session.agent.sweep === event.sweep);
      await Promise.all(workers.map((session) => session.finishedWork(`sweep ${event.sweep} is ${event.state}`)));
    }
  }

  onReplaced(agent: AgentId, lease: LeaseId, reason: string): void {
    const session = this.#byAgent.get(agent);
    session?.pushStale(lease, reason).catch((error: unknown) => session.end(error instanceof Error ? error : new Error(String(error))));
  }

  /** The controller is going: agents dial again after a while, and nothing of theirs ends. */
  async sendAway(afterMs: number): Promise<void> {
    await Promise.allSettled([...this.#byAgent.values()].map((session) => session.reconnect(afterMs)));
  }
}
