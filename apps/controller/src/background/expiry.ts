/** Finds leases that ran out and agents that fell silent. The judge is the database clock; what follows is domain's decision. */
import { type LeaseTimes, lostAt, type Trial } from '@sweep/domain';
import type { Logger } from '@sweep/runtime';
import type { Store } from '@sweep/store';
import type { LiveSweeps } from '../agents/live-sweeps.js';
import type { Specs } from '../specs.js';
import type { Endings } from '../trials/endings.js';
import { isWandbAgent, wandbLeaseMs } from '../wandb/agents/agent-id.js';

export interface ExpiryParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly liveSweeps: LiveSweeps;
  readonly endings: Endings;
  readonly times: LeaseTimes;
  readonly log: Logger;
}

const mostAtOnce = 500;

export class Expiry {
  constructor(private readonly parts: ExpiryParts) {}

  async run(): Promise<void> {
    await this.#agents();
    const { store, endings, log } = this.parts;
    const now = await store.now();
    for (const trial of await store.trials.expired(0, mostAtOnce)) {
      if ((await this.#lostAt(trial)) > now) continue;
      const answer = await endings.lose(trial);
      if (answer.kind === 'moved')
        log.warn(
          { trial: trial.id, sweep: trial.sweep, attempt: trial.attempt, agent: trial.lease?.agent, now: answer.trial.state },
          'attempt lost',
        );
    }
  }

  async #lostAt(trial: Trial): Promise<number> {
    const sweep = await this.parts.liveSweeps.get(trial.sweep);
    const { times } = this.parts;
    const { agent, expiresAt } = trial.lease!;
    const granted = isWandbAgent(agent) ? { ...times, ttlMs: wandbLeaseMs(times) } : times;
    return lostAt(expiresAt, this.parts.specs.of(sweep).disconnect.lostAfterMs, granted);
  }

  async #agents(): Promise<void> {
    const { store, times, log } = this.parts;
    for (const agent of await store.agents.silent(times.agentSilenceMs)) {
      const reason = `silent for more than ${Math.round(times.agentSilenceMs / 1000)} s`;
      if (await store.agents.move(agent.id, ['online', 'draining'], 'lost', reason))
        log.warn({ agent: agent.id, name: agent.name }, 'agent lost');
    }
  }
}
