/**
 * Which queued trial a free slot gets. The order (priority, fair share, age) is the store's, in one guarded statement; here is
 * only which sweeps the slot cannot serve.
 */
import { randomBytes } from 'node:crypto';
import { type Agent, type LeaseTimes, leaseId, misfit, type Resources, type SweepId } from '@sweep/domain';
import type { Leased, Store } from '@sweep/store';
import type { Specs } from '../specs.js';
import type { LiveSweeps } from './live-sweeps.js';

export interface SchedulerParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly liveSweeps: LiveSweeps;
  readonly times: LeaseTimes;
}

export interface Granted extends Leased {
  /** The slots that the trial takes; the first is the one that was ready. */
  readonly slots: readonly number[];
}

export class Scheduler {
  constructor(private readonly parts: SchedulerParts) {}

  /** @param ready free slots of the agent, at least one; the first is the one to fill */
  async lease(agent: Agent, ready: readonly number[]): Promise<Granted | null> {
    const { store, times } = this.parts;
    const slot = ready[0]!;
    const exclude = await this.#misfits(agent, ready);
    const leased = await store.trials.lease({
      agent: agent.id,
      slot,
      lease: leaseId(randomBytes(16).toString('hex')),
      ttlMs: times.ttlMs,
      pool: agent.pool,
      sweep: agent.sweep,
      exclude,
    });
    if (leased === null) return null;
    const needs = this.parts.specs.of(leased.sweep).resources;
    return { ...leased, slots: takeSlots(agent, ready, needs) };
  }

  async #misfits(agent: Agent, ready: readonly number[]): Promise<readonly SweepId[]> {
    const ids = agent.sweep === null ? await this.parts.store.sweeps.idsIn(['pending', 'running']) : [agent.sweep];
    const slot = agent.slots.find((candidate) => candidate.index === ready[0]) ?? { index: ready[0]!, gpus: [] };
    const excluded: SweepId[] = [];
    for (const id of ids) {
      const sweep = await this.parts.liveSweeps.get(id);
      if (misfit(agent.machine, slot, ready.length, this.parts.specs.of(sweep).resources) !== null) excluded.push(id);
    }
    return excluded;
  }
}

/** The first slot, and as many further ready ones as the trial's GPUs need. */
export function takeSlots(agent: Agent, ready: readonly number[], needs: Resources): readonly number[] {
  const gpusOf = (index: number): number => agent.slots.find((slot) => slot.index === index)?.gpus.length ?? 0;
  const taken = [ready[0]!];
  let gpus = gpusOf(ready[0]!);
  for (const index of ready.slice(1)) {
    if (gpus >= (needs.gpus ?? 0)) break;
    if (gpusOf(index) === 0) continue;
    taken.push(index);
    gpus += gpusOf(index);
  }
  return taken;
}
