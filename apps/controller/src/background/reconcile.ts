/**
 * Mends what a crash or a wiped queue left: offers that are missing, ticks that never came, stops that only half happened.
 *
 * Everything it does is idempotent, so it needs to know nothing of what happened.
 */
import type { Trial } from '@sweep/domain';
import type { Store } from '@sweep/store';
import type { Effects } from '../sweeps/effects.js';

const mostQueued = 10_000;

export class Reconcile {
  constructor(
    private readonly store: Store,
    private readonly effects: Effects,
  ) {}

  async run(): Promise<void> {
    await this.#offerQueued();
    for (const id of await this.store.sweeps.idsIn(['stopping'])) await this.#finishStop(id);
    for (const id of await this.store.sweeps.idsIn(['pending', 'running', 'stopping'])) await this.effects.tick(id);
  }

  async #offerQueued(): Promise<void> {
    const bySweep = new Map<Trial['sweep'], Trial[]>();
    for (const trial of await this.store.trials.inStates(['queued'], mostQueued))
      bySweep.set(trial.sweep, [...(bySweep.get(trial.sweep) ?? []), trial]);
    for (const [id, trials] of bySweep) {
      const sweep = await this.store.sweeps.find(id);
      if (sweep?.state === 'pending' || sweep?.state === 'running') await this.effects.offer(sweep, trials);
    }
  }

  /** The controller that stopped the sweep may have died between its row and its trials. */
  async #finishStop(id: Trial['sweep']): Promise<void> {
    const sweep = await this.store.sweeps.find(id);
    if (sweep?.state !== 'stopping') return;
    await this.effects.apply(sweep, sweep.reason === 'cancelled' ? ['cancel-queued', 'stop-running'] : ['cancel-queued']);
  }
}
