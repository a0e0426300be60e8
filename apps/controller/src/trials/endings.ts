/**
 * Every way in which a trial changes state, but for being proposed and leased: load, decide (domain), guarded write, follow-up.
 *
 * A write that changes no row means that somebody else was first: load and decide again.
 */

import type { Dispatch } from '@sweep/dispatch';
import {
  type AgentId,
  type AttemptEnd,
  applyTrialEvent,
  causeOf,
  type Decision,
  isUnproven,
  knownPlace,
  type Measured,
  misfit,
  NotFound,
  nothingMeasured,
  type Place,
  type Sweep,
  type SweepId,
  speaksAgainstMachine,
  type Trial,
  type TrialEvent,
  type TrialId,
  type TrialMove,
  takesWork,
  Unavailable,
} from '@sweep/domain';
import type { Attempt, Store } from '@sweep/store';
import type { LiveSweeps } from '../agents/live-sweeps.js';
import type { Specs } from '../specs.js';
import { isAsker } from './asker.js';
import { measuredBy, readWay, withSummary } from './measured.js';

export interface EndingParts {
  readonly store: Store;
  readonly dispatch: Dispatch;
  readonly specs: Specs;
  readonly liveSweeps: LiveSweeps;
  /** Wakes a sweep when the slot that has become free is served. */
  readonly tickSoon: (sweep: SweepId) => void;
  /** Told of agents that had failed or lost a trial which has now gone well on another. */
  readonly onRanElsewhere: (agents: readonly AgentId[]) => void;
}

const mostTries = 8;
/** A late upload of an ended attempt must not fail. */
const attemptKeyGraceMs = 24 * 3_600_000;

type Answer =
  | { readonly kind: 'moved'; readonly trial: Trial }
  | { readonly kind: 'stale'; readonly trial: Trial }
  | { readonly kind: 'ignored'; readonly trial: Trial };

export class Endings {
  constructor(private readonly parts: EndingParts) {}

  /** Asks a live trial to end; ended ones stay as they are. */
  async cancel(id: TrialId, reason: string): Promise<Answer> {
    const answer = await this.#apply(id, async () => ({ kind: 'cancel', reason }), {});
    // An asker has no process to stop and may never come back: its trial ends at once.
    const asked = answer.trial.state === 'stopping' && answer.trial.lease !== null && isAsker(answer.trial.lease.agent);
    return asked ? this.lose(answer.trial) : answer;
  }

  /** Cancels what was never begun; a trial that an agent got meanwhile runs on. */
  async withdraw(id: TrialId, reason: string): Promise<Answer> {
    const decide = async ({ state, attempt }: Trial): Promise<TrialEvent | null> =>
      state === 'queued' && attempt === 0 ? { kind: 'cancel', reason } : null;
    return this.#apply(id, decide, {});
  }

  async prune(id: TrialId, reason: string): Promise<Answer> {
    return this.#apply(id, async () => ({ kind: 'prune', reason }), { decision: { about: 'stopped', text: reason } });
  }

  /** The lease ran out and nobody answered. `expected` guards against a renewal since it was read. */
  async lose(expected: Trial): Promise<Answer> {
    const decide = async (trial: Trial, sweep: Sweep): Promise<TrialEvent | null> => {
      if (trial.lease?.id !== expected.lease?.id) return null;
      const attempt = await this.parts.store.attempts.find(trial.id, trial.attempt);
      return { kind: 'lost', measured: attempt === null ? nothingMeasured : (await this.#measured(sweep, attempt)).measured };
    };
    return this.#apply(expected.id, decide, {});
  }

  /** Its machine may run nothing any more. `expected` guards against a change since it was read. */
  async takeAway(expected: Trial, reason: string): Promise<Answer> {
    const decide = async (trial: Trial, sweep: Sweep): Promise<TrialEvent | null> => {
      if (trial.lease?.id !== expected.lease?.id) return null;
      const attempt = await this.parts.store.attempts.find(trial.id, trial.attempt);
      const { measured } = attempt === null ? { measured: nothingMeasured } : await this.#measured(sweep, attempt);
      return { kind: 'taken-away', reason, measured };
    };
    return this.#apply(expected.id, decide, {});
  }

  /** The process of an attempt is over. All of its points must be committed before. @param trial as it was read a moment ago */
  async end(attempt: Attempt, end: AttemptEnd, trial?: Trial): Promise<Answer> {
    const answer = await this.#apply(trial ?? attempt.trial, (_, sweep) => this.#ended(sweep, attempt, end), { end });
    if (answer.kind === 'stale') await this.parts.store.attempts.endStale(attempt.lease, end);
    return answer;
  }

  /** @param given read already, or to be read; a guarded write tells whether it is still so */
  async #apply(
    given: TrialId | Trial,
    decide: (trial: Trial, sweep: Sweep) => Promise<TrialEvent | null>,
    extra: { readonly end?: AttemptEnd; readonly decision?: Pick<Decision, 'about' | 'text'> },
  ): Promise<Answer> {
    const { store, specs, liveSweeps } = this.parts;
    const id = typeof given === 'string' ? given : given.id;
    for (let tries = 0; tries < mostTries; tries++) {
      const trial = tries === 0 && typeof given !== 'string' ? given : await this.#load(id);
      const sweep = await liveSweeps.get(trial.sweep);
      const [event, now] = await Promise.all([decide(trial, sweep), store.now()]);
      if (event === null) return { kind: 'ignored', trial };
      const place = event.kind === 'ended' ? await this.#place(trial, sweep, event.end) : knownPlace;
      const rules = { retry: specs.of(sweep).retry, objectives: this.#objectives(sweep), now, place };
      const outcome = applyTrialEvent(trial, event, rules);
      if (outcome.kind !== 'moved') return { kind: outcome.kind, trial };
      const moved = await store.trials.move(trial, outcome.move, { ...withRetry(extra, outcome.move), keyGraceMs: attemptKeyGraceMs });
      if (moved === null) continue;
      await this.#followUp(sweep, trial, outcome.move, now);
      return { kind: 'moved', trial: moved };
    }
    throw new Unavailable(`trial ${id} keeps changing; try again`);
  }

  /** Only asked where an end is no good one: it costs two queries. */
  async #place({ lease, lostBy }: Trial, sweep: Sweep, end: AttemptEnd): Promise<Place> {
    if (causeOf(end) === null || lease === null || isAsker(lease.agent)) return knownPlace;
    const { store, specs } = this.parts;
    const [[last], agents] = await Promise.all([store.quarantines.fates(lease.agent, sweep.id, 1), store.agents.online(sweep.pool)]);
    const needs = specs.of(sweep).resources;
    const another = agents.some(
      ({ agent }) =>
        agent.id !== lease.agent &&
        takesWork(agent) &&
        !lostBy.includes(agent.id) &&
        (agent.sweep === null || agent.sweep === sweep.id) &&
        agent.slots.some((slot) => misfit(agent.machine, slot, agent.slots.length, needs) === null),
    );
    return { suspect: speaksAgainstMachine(end) && isUnproven(last ?? null), another };
  }

  async #ended(sweep: Sweep, attempt: Attempt, end: AttemptEnd): Promise<TrialEvent> {
    const { measured, names } = await this.#measured(sweep, attempt);
    const logged = names.filter((name) => !/^system[/.]/.test(name));
    return { kind: 'ended', lease: attempt.lease, end, measured, logged };
  }

  async #measured(sweep: Sweep, { run, number }: Attempt): Promise<{ readonly measured: Measured; readonly names: readonly string[] }> {
    const { store, specs } = this.parts;
    const by = { spec: specs.of(sweep), pruner: specs.pruner(sweep) };
    const stream = { run, attempt: number };
    const [[last], way, record] = await Promise.all([
      store.metrics.last([stream]),
      readWay(store.metrics, by, stream),
      store.runs.record(run),
    ]);
    const known = withSummary(by.spec, last!, record?.attempt === number ? record.summary : null);
    return { measured: measuredBy(by, known, way), names: known.map(({ name }) => name) };
  }

  #objectives(sweep: Sweep): readonly string[] {
    return this.parts.specs.of(sweep).objectives.map((objective) => objective.name);
  }

  async #followUp(sweep: Sweep, before: Trial, move: TrialMove, now: number): Promise<void> {
    const { dispatch, tickSoon } = this.parts;
    if (move.state === 'queued') {
      const delay = move.notBefore === null ? 0 : Math.max(0, move.notBefore - now);
      if (sweep.state !== 'paused') await dispatch.offer(sweep.pool, before.id, move.attempt + 1, delay);
    }
    if (move.state !== 'stopping') tickSoon(sweep.id);
    if ((move.state === 'completed' || move.state === 'pruned') && move.lostBy.length > 0) this.parts.onRanElsewhere(move.lostBy);
  }

  async #load(id: TrialId): Promise<Trial> {
    const trial = await this.parts.store.trials.find(id);
    if (trial === null) throw new NotFound(`there is no trial ${id}`);
    return trial;
  }
}

/** A retry is a decision that people look for. */
function withRetry(
  extra: { readonly end?: AttemptEnd; readonly decision?: Pick<Decision, 'about' | 'text'> },
  move: TrialMove,
): { readonly end?: AttemptEnd; readonly decision?: Pick<Decision, 'about' | 'text'> } {
  return move.state === 'queued' ? { ...extra, decision: { about: 'retried', text: move.reason ?? 'tried again' } } : extra;
}
