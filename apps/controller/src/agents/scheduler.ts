/**
 * Which queued trial a free slot gets. The order (priority, fair share, age) is the store's, in one guarded statement; here is
 * only which sweeps the slot can serve, and the key that the attempt's program gets.
 */
import { randomBytes } from 'node:crypto';
import { type Agent, type LeaseTimes, leaseId, misfit, type Resources, type SweepId } from '@sweep/domain';
import type { Leased, Store } from '@sweep/store';
import type { Authenticator } from '../auth/authenticate.js';
import type { Caller } from '../auth/caller.js';
import { mayWrite } from '../auth/ownership.js';
import type { Specs } from '../specs.js';
import type { LiveSweeps } from './live-sweeps.js';

export interface SchedulerParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly liveSweeps: LiveSweeps;
  readonly times: LeaseTimes;
  readonly authenticator: Authenticator;
}

export interface Granted extends Leased {
  /** The slots that the trial takes; the first is the one that was ready. */
  readonly slots: readonly number[];
  /** Of the attempt's key; null when none was stored. */
  readonly secret: string | null;
}

/** An agent, and with whose key it came. */
export interface Taker {
  readonly agent: Agent;
  readonly caller: Caller;
}

export class Scheduler {
  constructor(private readonly parts: SchedulerParts) {}

  /** @param ready free slots of the agent, at least one; the first is the one to fill */
  async lease(who: Taker, ready: readonly number[]): Promise<Granted | null> {
    const { sweep } = who.agent;
    if (sweep !== null) return this.#leaseAmong([sweep], who, ready);
    const { liveSweeps } = this.parts;
    const open = await liveSweeps.open();
    const granted = await this.#leaseAmong(open.ids, who, ready);
    if (granted !== null || open.isFresh) return granted;
    // A sweep may have come since the list was read.
    liveSweeps.forgetOpen();
    return this.#leaseAmong((await liveSweeps.open()).ids, who, ready);
  }

  async #leaseAmong(sweeps: readonly SweepId[], who: Taker, ready: readonly number[]): Promise<Granted | null> {
    const { agent } = who;
    const { store, times, authenticator, specs } = this.parts;
    const among = await this.#fitting(sweeps, who, ready);
    if (among.length === 0) return null;
    const { id, hash, secret } = authenticator.draw();
    const leased = await store.trials.lease({
      agent: agent.id,
      slot: ready[0]!,
      lease: leaseId(randomBytes(16).toString('hex')),
      ttlMs: times.ttlMs,
      pool: agent.pool,
      among,
      key: { id, hash },
    });
    if (leased === null) return null;
    const needs = specs.of(leased.sweep).resources;
    return { ...leased, slots: takeSlots(agent, ready, needs), secret: leased.keyed ? secret : null };
  }

  async #fitting(sweeps: readonly SweepId[], { agent, caller }: Taker, ready: readonly number[]): Promise<readonly SweepId[]> {
    const slot = agent.slots.find((candidate) => candidate.index === ready[0]) ?? { index: ready[0]!, gpus: [] };
    const fitting: SweepId[] = [];
    /** By entity: asked once for all of its sweeps. */
    const open = new Map<string, boolean>();
    for (const id of sweeps) {
      const sweep = await this.parts.liveSweeps.get(id);
      // Whoever runs a trial sees its params and says what it measured.
      if (!open.has(sweep.entity)) open.set(sweep.entity, await mayWrite(this.parts.store, caller.user, sweep.entity));
      if (open.get(sweep.entity) !== true) continue;
      if (misfit(agent.machine, slot, ready.length, this.parts.specs.of(sweep).resources) === null) fitting.push(id);
    }
    return fitting;
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
