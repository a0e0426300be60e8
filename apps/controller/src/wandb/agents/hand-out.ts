/** Trials in the hands of W&B's agents: leasing one, telling the agent, and remembering what it was told. */
import { randomBytes } from 'node:crypto';
import type { Dispatch } from '@sweep/dispatch';
import { type Agent, type LeaseTimes, leaseId, randomId, runId, type Trial } from '@sweep/domain';
import { stringifyJson } from '@sweep/optimizer';
import type { AgentAssignment, Attempt, Store } from '@sweep/store';
import { handOut, runCommands } from '@sweep/wandb';
import type { Advance } from '../../background/advance.js';
import type { Specs } from '../../specs.js';
import type { Endings } from '../../trials/endings.js';
import { wandbLeaseMs } from './agent-id.js';

export interface HandOutParts {
  readonly store: Store;
  readonly dispatch: Dispatch;
  readonly specs: Specs;
  readonly advance: Advance;
  readonly endings: Endings;
  readonly times: LeaseTimes;
}

/** A trial that an agent holds. */
export interface Possession {
  readonly trial: Trial;
  readonly attempt: Attempt;
  /** Null when the agent was never told. */
  readonly assignment: AgentAssignment | null;
}

export class HandOut {
  constructor(private readonly parts: HandOutParts) {}

  async held(agent: Agent): Promise<Possession | null> {
    const { store, endings } = this.parts;
    const trials = await store.trials.heldBy(agent.id);
    if (trials.length === 0) return null;
    const assignment = await store.assignments.find(agent.id);
    const own = trials.find(({ lease }) => lease!.id === assignment?.lease) ?? trials[0]!;
    // One may have been taken back while another was handed out: the agent works on one at a time.
    for (const trial of trials) if (trial !== own) await endings.lose(trial);
    const attempt = await store.attempts.findByLease(own.lease!.id);
    if (attempt === null) return null;
    return { trial: own, attempt, assignment: assignment?.lease === own.lease!.id ? assignment : null };
  }

  /** Also asks for more proposals when none waits. */
  async lease(agent: Agent): Promise<Possession | null> {
    const taken = await this.#take(agent);
    if (taken !== null) return taken;
    // The same heartbeat, sent again to another controller, may have been faster.
    const meanwhile = await this.held(agent);
    if (meanwhile !== null) return meanwhile;
    await this.parts.advance.run(agent.sweep!);
    return this.#take(agent);
  }

  /** Remembered before it is said: an answer that is lost is given again, a run that is said is never unknown. */
  async hand(agent: Agent, { trial, attempt, assignment }: Possession): Promise<string> {
    const { store, specs } = this.parts;
    const now = await store.now();
    if (assignment === null) {
      const told = { ...handOut(attempt.run, now), run: attempt.run, lease: attempt.lease, stopSeenAt: null };
      await store.assignments.put(agent.id, told);
    }
    const sweep = await store.sweeps.find(trial.sweep);
    const params = Object.entries(trial.params).map(([name, value]) => [name, stringifyJson(value, { nonFinite: 'bare' })] as const);
    return runCommands({ run: attempt.run, program: sweep === null ? null : specs.of(sweep).program, params });
  }

  /** The agent is alive and still at it. */
  async keep(agent: Agent, { attempt }: Possession, seen: Omit<AgentAssignment, 'preempting' | 'lease' | 'run'>): Promise<void> {
    const { store, times } = this.parts;
    const { handedOutAt, seenLive, missed, stopSeenAt } = seen;
    await store.assignments.put(agent.id, { lease: attempt.lease, run: attempt.run, handedOutAt, seenLive, missed, stopSeenAt });
    await store.trials.renew(agent.id, [attempt.lease], wandbLeaseMs(times));
  }

  async #take(agent: Agent): Promise<Possession | null> {
    const { store, dispatch, times } = this.parts;
    const leased = await store.trials.lease({
      agent: agent.id,
      slot: 0,
      lease: leaseId(randomBytes(16).toString('hex')),
      ttlMs: wandbLeaseMs(times),
      pool: agent.pool,
      among: [agent.sweep!],
      key: null,
      alone: true,
    });
    if (leased === null) return null;
    const { trial } = leased;
    await dispatch.withdraw(agent.pool, trial.id, trial.attempt);
    await dispatch.tick(trial.sweep);
    return { trial, attempt: await this.#ownStream(leased.attempt), assignment: null };
  }

  /** The program of an attempt that ended unproved may still write, with the same key: the next one writes elsewhere. */
  async #ownStream(attempt: Attempt): Promise<Attempt> {
    const { store } = this.parts;
    if (attempt.number === 1) return attempt;
    const earlier = (await store.attempts.list(attempt.trial)).filter(({ number, run }) => number < attempt.number && run === attempt.run);
    const unproved = earlier.some(({ end }) => end === null);
    if (unproved) {
      await store.attempts.giveRun(attempt.lease, runId(randomId(8, randomBytes)));
      return (await store.attempts.findByLease(attempt.lease)) ?? attempt;
    }
    const anew = { attempt: attempt.number, summary: null, systemMetrics: null, historyKeys: null, exitCode: null };
    if (earlier.length > 0) await store.runs.change(attempt.run, () => anew);
    return attempt;
  }
}
