/**
 * Takes machines out of service that fail what others can run: read fates, decide (domain), mark, take their trials away.
 *
 * Every step may be repeated, so a controller that dies between two of them loses nothing: `run` goes over all again.
 */
import { type AgentId, decideQuarantine, type LeaseId, takesWork } from '@sweep/domain';
import type { Logger } from '@sweep/runtime';
import type { Store } from '@sweep/store';
import { isAsker } from '../trials/asker.js';
import type { Endings } from '../trials/endings.js';

export interface QuarantineParts {
  readonly store: Store;
  readonly endings: Endings;
  /** Tells the agent of a lease that it may stop its program. */
  readonly onReplaced: (agent: AgentId, lease: LeaseId, reason: string) => void;
  readonly log: Logger;
}

/** More than any streak of failures that is looked for. */
const mostFates = 100;

export class Quarantines {
  constructor(private readonly parts: QuarantineParts) {}

  async run(): Promise<void> {
    const { quarantines } = this.parts.store;
    for (const id of await quarantines.suspects()) await this.judge(id);
    for (const id of await quarantines.marked()) await this.#empty(id);
  }

  async judge(id: AgentId): Promise<void> {
    const { store, log } = this.parts;
    if (isAsker(id)) return;
    const verdict = decideQuarantine(await store.quarantines.fates(id, null, mostFates));
    const agent = verdict === null ? null : await store.agents.find(id);
    if (verdict === null || agent === null) return;
    // The last machine of a pool goes on: nobody else could take its place.
    const others = (await store.agents.online(agent.pool)).filter(({ agent: other }) => other.id !== id && takesWork(other));
    if (others.length === 0 || !(await store.quarantines.mark(id, verdict))) return;
    log.warn({ agent: id, name: agent.name, reason: verdict.reason }, 'agent quarantined');
    for (const sweep of new Set(verdict.evidence.map((one) => one.sweep)))
      await store.decisions.add({ sweep, trial: null, about: 'quarantined', text: `${agent.name} is quarantined: ${verdict.reason}` });
    await this.#empty(id);
  }

  async #empty(id: AgentId): Promise<void> {
    const reason = 'its machine is quarantined: another one takes the trial';
    for (const trial of await this.parts.store.trials.heldBy(id)) {
      const answer = await this.parts.endings.takeAway(trial, reason);
      if (answer.kind === 'moved') this.parts.onReplaced(id, trial.lease!.id, reason);
    }
  }
}
