/** What follows a sweep's transition: doorbells and trial events. Every effect may be repeated; the reconciler does so after a crash. */

import type { Dispatch } from '@sweep/dispatch';
import { type Sweep, type SweepEffect, type SweepId, type Trial, unreachable } from '@sweep/domain';
import type { Store } from '@sweep/store';
import type { Endings } from '../trials/endings.js';

export class Effects {
  constructor(
    private readonly store: Store,
    private readonly dispatch: Dispatch,
    private readonly endings: Endings,
  ) {}

  async tick(sweep: SweepId): Promise<void> {
    await this.dispatch.tick(sweep);
  }

  async offer(sweep: Sweep, trials: readonly Trial[]): Promise<void> {
    const now = await this.store.now();
    const offers = trials.map((trial) => ({
      trial: trial.id,
      attempt: trial.attempt + 1,
      delayMs: Math.max(0, (trial.notBefore ?? 0) - now),
    }));
    if (offers.length > 0) await this.dispatch.offerMany(sweep.pool, offers);
  }

  async apply(sweep: Sweep, effects: readonly SweepEffect[]): Promise<void> {
    for (const effect of effects) await this.#applyOne(sweep, effect);
  }

  /** Cancels the last ones that the sampler chose and nobody has begun; points that people asked for stay. */
  async withdraw(sweep: Sweep, count: number): Promise<void> {
    const chosen = (await this.#trials(sweep, 'queued')).filter(({ origin, attempt }) => origin === 'sampler' && attempt === 0);
    for (const trial of chosen.sort((a, b) => b.number - a.number).slice(0, count)) {
      await this.endings.withdraw(trial.id, `beyond run_cap, which is ${sweep.runCap}`);
      await this.dispatch.withdraw(sweep.pool, trial.id, 1);
    }
  }

  async #applyOne(sweep: Sweep, effect: SweepEffect): Promise<void> {
    switch (effect) {
      case 'tick':
        return this.tick(sweep.id);
      case 'offer-queued':
        return this.offer(sweep, await this.#trials(sweep, 'queued'));
      case 'withdraw-queued':
        for (const trial of await this.#trials(sweep, 'queued')) await this.dispatch.withdraw(sweep.pool, trial.id, trial.attempt + 1);
        return;
      case 'cancel-queued':
        for (const trial of await this.#trials(sweep, 'queued')) {
          await this.endings.cancel(trial.id, 'the sweep was stopped');
          await this.dispatch.withdraw(sweep.pool, trial.id, trial.attempt + 1);
        }
        return;
      case 'stop-running':
        for (const trial of await this.#trials(sweep, 'running')) await this.endings.cancel(trial.id, 'the sweep was cancelled');
        return;
      default:
        return unreachable(effect);
    }
  }

  async #trials(sweep: Sweep, state: 'queued' | 'running'): Promise<readonly Trial[]> {
    const page = await this.store.trials.list(sweep.id, { states: [state] }, { limit: 100_000, cursor: null });
    return page.items;
  }
}
