/**
 * The step that a tick triggers: load, decide (domain), propose or end. Any number of controllers may try; the sweep's version
 * lets one of them win, and the others find nothing left to do.
 */
import {
  type AdvanceDecision,
  applySweepEvent,
  decideAdvance,
  proposedTrials,
  SamplerFailed,
  type Sweep,
  type SweepEvent,
  type SweepId,
  sharedFailure,
  type TrialCounts,
  takesWork,
  unreachable,
} from '@sweep/domain';
import type { Logger } from '@sweep/runtime';
import type { Store } from '@sweep/store';
import type { Proposer } from '../sampling/proposer.js';
import type { Specs } from '../specs.js';
import type { Effects } from '../sweeps/effects.js';
import { freeSlots } from './free-slots.js';
import { lookahead } from './lookahead.js';

export interface AdvanceParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly proposer: Proposer;
  readonly effects: Effects;
  readonly log: Logger;
}

const mostTries = 5;
/** Bounds one transaction; the next tick proposes the rest. */
const mostAtOnce = 500;

export class Advance {
  constructor(private readonly parts: AdvanceParts) {}

  /** @param extra trials wanted beyond what free slots need (ask/tell) */
  async run(id: SweepId, extra = 0): Promise<void> {
    for (let tries = 0; tries < mostTries; tries++) {
      const sweep = await this.parts.store.sweeps.find(id);
      if (sweep === null) return;
      if (await this.#step(sweep, extra)) return;
    }
    // Somebody else advances it at this moment; their commit is followed by a tick of its own.
    await this.parts.effects.tick(id);
  }

  /** False when another writer was first. */
  async #step(sweep: Sweep, extra: number): Promise<boolean> {
    const { store, effects } = this.parts;
    const counts = (await store.sweeps.counts([sweep.id])).get(sweep.id)!;
    const shared = await this.#sharedFailure(sweep, counts);
    if (shared !== null) return this.#raise(sweep, { kind: 'too-many-failures' }, `every trial so far failed alike: ${shared}`);
    const decision = await this.#decide(sweep, counts, extra);
    switch (decision.kind) {
      case 'propose':
        return this.#propose(sweep, counts, decision.count);
      case 'wait':
        return this.#mayRenew(sweep, counts) && !(await this.#isDriven(sweep)) ? this.#propose(sweep, counts, 0) : true;
      case 'withdraw':
        await effects.withdraw(sweep, decision.count);
        return true;
      case 'nothing-left':
        return this.#raise(sweep, { kind: 'nothing-left', reason: decision.reason }, `nothing is left to do: ${decision.reason}`);
      case 'too-many-failures':
        return this.#raise(sweep, { kind: 'too-many-failures' }, `${counts.failed} trials failed, as many as \`budget.failures\` allows`);
      case 'drained':
        return this.#raise(sweep, { kind: 'drained' }, 'the last trial has ended');
      default:
        return unreachable(decision);
    }
  }

  async #decide(sweep: Sweep, counts: TrialCounts, extra: number): Promise<AdvanceDecision> {
    const { store, specs } = this.parts;
    const spec = specs.of(sweep);
    const learns = this.#learns(sweep);
    const slots = freeSlots(await store.agents.online(sweep.pool), sweep.id, spec.resources);
    const ahead = lookahead({ learns, slots: slots.total, queued: counts.queued }) + extra;
    const emptyDeaths = sweep.runCap === null ? 0 : await store.sweeps.emptyDeaths(sweep.id);
    const { startedAt } = sweep;
    const elapsedMs = spec.budget.timeMs === null || startedAt === null ? null : (await store.now()) - startedAt;
    return decideAdvance({
      state: sweep.state,
      exhausted: sweep.exhausted,
      counts,
      emptyDeaths,
      runCap: sweep.runCap,
      budgetTrials: spec.budget.trials,
      elapsedMs,
      budgetTimeMs: spec.budget.timeMs,
      budgetFailures: spec.budget.failures,
      parallel: sweep.parallel,
      freeSlots: slots.free,
      lookahead: ahead,
      learns,
      hasSampler: specs.sampler(sweep) !== null && !(await this.#isDriven(sweep)),
    });
  }

  /** Whether a search on somebody's own machine has asked for points: ours has nothing to add from then on. */
  async #isDriven(sweep: Sweep): Promise<boolean> {
    if (this.parts.specs.of(sweep).engine !== 'wandb') return false;
    return (await this.parts.store.trials.list(sweep.id, { origin: 'enqueued' }, { limit: 1, cursor: null })).total > 0;
  }

  #learns(sweep: Sweep): boolean {
    return this.parts.specs.sampler(sweep)?.definition.learnsFrom === 'all';
  }

  /** One that waits is about to be taken. */
  #mayRenew(sweep: Sweep, { queued }: TrialCounts): boolean {
    return (sweep.state === 'pending' || sweep.state === 'running') && queued > 1 && this.#learns(sweep);
  }

  /** Also with a count of 0: what waits may be chosen again. */
  async #propose(sweep: Sweep, counts: TrialCounts, count: number): Promise<boolean> {
    const { store, proposer, effects } = this.parts;
    try {
      const trials = proposedTrials(counts);
      const choice = await proposer.choose(sweep, Math.min(count, mostAtOnce), trials);
      if (choice === null) return true;
      const inserted = await store.trials.propose(sweep.id, sweep.version, choice.trials, choice.step);
      if (inserted === null) return false;
      await effects.offer(sweep, inserted);
      if (choice.step.exhausted || count > mostAtOnce) await effects.tick(sweep.id);
      return true;
    } catch (error) {
      if (!(error instanceof SamplerFailed)) throw error;
      this.parts.log.error({ sweep: sweep.id, err: error }, 'the sampler failed');
      return this.#raise(sweep, { kind: 'sampler-failed' }, `the sampler failed: ${error.message}`);
    }
  }

  /** Null unless every trial so far failed alike, on two machines or the only one. */
  async #sharedFailure(sweep: Sweep, counts: TrialCounts): Promise<string | null> {
    if (sweep.state !== 'running' || counts.failed === 0 || counts.completed + counts.pruned + counts.cancelled > 0) return null;
    const { store } = this.parts;
    const failed = await store.trials.list(sweep.id, { states: ['failed'] }, { limit: 50, cursor: null });
    const endings = await Promise.all(
      failed.items.map(async ({ id, attempt, state, cause, reason, lostBy }) => {
        const last = await store.attempts.find(id, attempt);
        return { state, cause, reason, exitCode: last?.end?.exitCode ?? null, agents: [...lostBy, ...(last === null ? [] : [last.agent])] };
      }),
    );
    return sharedFailure(endings, (await store.agents.online(sweep.pool)).filter(({ agent }) => takesWork(agent)).length);
  }

  async #raise(sweep: Sweep, event: SweepEvent, text: string): Promise<boolean> {
    const move = applySweepEvent(sweep, event);
    if (move === undefined) return true;
    if (!(await this.parts.store.sweeps.move(sweep.id, sweep, move))) return false;
    await this.parts.store.decisions.add({ sweep: sweep.id, trial: null, about: 'sampler', text });
    const moved = await this.parts.store.sweeps.find(sweep.id);
    if (moved !== null) await this.parts.effects.apply(moved, move.effects);
    return true;
  }
}
