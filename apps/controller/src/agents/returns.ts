/**
 * What becomes of attempts whose agent was away: verdicts on hello, and results that come late (lease rule L8).
 */
import {
  type AgentId,
  type AttemptEnd,
  causeOf,
  decideReturn,
  isLive,
  type LeaseId,
  type LeaseTimes,
  leaseId,
  NotFound,
  type Trial,
} from '@sweep/domain';
import { type Acknowledged, type Held, type Verdict, VerdictKind } from '@sweep/protocol';
import type { Attempt, Store } from '@sweep/store';
import type { Endings } from '../trials/endings.js';
import type { HeldAttempt } from './held.js';

export interface ReturnParts {
  readonly store: Store;
  readonly endings: Endings;
  readonly times: LeaseTimes;
  /** Tells the agent of a lease that it is replaced. */
  readonly onReplaced: (agent: AgentId, lease: LeaseId, reason: string) => void;
}

export interface Returned {
  readonly verdict: Verdict;
  readonly acknowledged: Acknowledged;
  /** Null when the controller knows nothing of the lease. */
  readonly held: HeldAttempt | null;
}

export class Returns {
  constructor(private readonly parts: ReturnParts) {}

  /** One of the attempts that an agent says it still has. */
  async judge(held: Held, agent: AgentId): Promise<Returned> {
    const lease = leaseId(held.leaseId);
    const recalled = await this.recall(lease, agent);
    if (recalled === null) {
      return {
        verdict: { leaseId: lease, kind: VerdictKind.FORGET, reason: 'this controller does not know the lease' },
        acknowledged: nothingOf(lease),
        held: null,
      };
    }
    const { kind, reason } = await this.#verdict(recalled.attempt, held.ended);
    const { points, stdout, stderr } = recalled.acked;
    return {
      verdict: { leaseId: lease, kind, reason },
      acknowledged: { leaseId: lease, pointSequence: points, stdoutBytes: stdout, stderrBytes: stderr },
      held: recalled,
    };
  }

  /** An attempt of this agent, current or not, with what is stored of it. */
  async recall(lease: LeaseId, agent: AgentId): Promise<HeldAttempt | null> {
    const attempt = await this.parts.store.attempts.findByLease(lease);
    if (attempt === null || attempt.agent !== agent) return null;
    const trial = await this.parts.store.trials.find(attempt.trial);
    if (trial === null) return null;
    const { run, number } = attempt;
    const [stdout, stderr] = await Promise.all([
      this.parts.store.logs.size({ run, attempt: number, stream: 'stdout' }),
      this.parts.store.logs.size({ run, attempt: number, stream: 'stderr' }),
    ]);
    return { attempt, sweep: trial.sweep, pending: Promise.resolve(), acked: { points: attempt.pointSequence, stdout, stderr } };
  }

  /**
   * Ends an attempt. A good result whose lease was replaced still counts while no attempt has finished: the lease is taken back
   * first, and the replacement is stopped.
   */
  async finish(attempt: Attempt, end: AttemptEnd): Promise<Trial> {
    const trial = await this.#trial(attempt);
    const late = isLive(trial.state) && trial.lease?.id !== attempt.lease;
    const takenBack = late && causeOf(end) === null && (await this.#takeBack(trial, attempt, 'an earlier attempt has finished'));
    const answer = await this.parts.endings.end(attempt, end, takenBack ? await this.#trial(attempt) : trial);
    return answer.trial;
  }

  async #verdict(attempt: Attempt, ended: boolean): Promise<{ kind: VerdictKind; reason: string }> {
    const trial = await this.#trial(attempt);
    const mine = trial.lease?.id === attempt.lease;
    const newer = await this.parts.store.attempts.find(trial.id, trial.attempt);
    const verdict = decideReturn(mine, trial, { attempt: attempt.number }, (newer?.pointSequence ?? 0) > 0);
    if (verdict.kind === 'keep') return { kind: VerdictKind.KEEP, reason: '' };
    if (verdict.kind === 'stop') return { kind: VerdictKind.STOP, reason: verdict.reason };
    const agent = await this.parts.store.agents.find(attempt.agent);
    if (agent !== null && agent.quarantine !== null) return { kind: VerdictKind.STOP, reason: 'the agent is quarantined' };
    // A result that follows decides by itself what it is worth; taking the lease back for a failure would only delay the retry.
    if (ended) return { kind: VerdictKind.STOP, reason: 'the program is over' };
    const taken = await this.#takeBack(trial, attempt, 'the earlier attempt came back before this one reported');
    return taken ? { kind: VerdictKind.KEEP, reason: 'taken back' } : { kind: VerdictKind.STOP, reason: 'another attempt was faster' };
  }

  async #takeBack(trial: Trial, attempt: Attempt, reason: string): Promise<boolean> {
    const lease = { id: attempt.lease, agent: attempt.agent, slot: attempt.slot, expiresAt: 0 };
    const taken = await this.parts.store.trials.takeBack(trial, attempt.number, lease, this.parts.times.ttlMs);
    if (!taken) return false;
    if (trial.lease !== null) this.parts.onReplaced(trial.lease.agent, trial.lease.id, reason);
    await this.parts.store.decisions.add({ sweep: trial.sweep, trial: trial.id, about: 'returned', text: reason });
    return true;
  }

  async #trial(attempt: Attempt): Promise<Trial> {
    const trial = await this.parts.store.trials.find(attempt.trial);
    if (trial === null) throw new NotFound(`the trial of lease ${attempt.lease} was removed`);
    return trial;
  }
}

const nothingOf = (lease: LeaseId): Acknowledged => ({ leaseId: lease, pointSequence: 0, stdoutBytes: 0, stderrBytes: 0 });
