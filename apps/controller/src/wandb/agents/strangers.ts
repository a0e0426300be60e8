/** Runs that an agent says are alive and does not hold: after an outage it may have one that was given up as lost. */
import { type Agent, runId } from '@sweep/domain';
import { VerdictKind } from '@sweep/protocol';
import type { Attempt, Store } from '@sweep/store';
import type { Returns } from '../../agents/returns.js';
import type { Possession } from './hand-out.js';

interface Parts {
  readonly store: Store;
  readonly returns: Returns;
}

/**
 * Puts the agent back in possession of such a run where nobody else has done more for its trial. One whose end was proved is only
 * on its way out.
 */
export async function readopt({ store, returns }: Parts, agent: Agent, live: readonly string[]): Promise<Possession | null> {
  for (const run of live) {
    const attempt = await store.attempts.findByRun(runId(run));
    if (attempt === null || attempt.agent !== agent.id || attempt.end !== null || attempt.endedAt === null) continue;
    const { verdict } = await returns.judge(heldBy(attempt), agent.id);
    if (verdict.kind !== VerdictKind.KEEP) continue;
    const trial = await store.trials.find(attempt.trial);
    const now = await store.now();
    const told = { lease: attempt.lease, run: attempt.run, handedOutAt: now, seenLive: true, missed: 0, stopSeenAt: null };
    await store.assignments.put(agent.id, told);
    return trial === null ? null : { trial, attempt, assignment: { ...told, preempting: false } };
  }
  return null;
}

const heldBy = ({ lease, trial, number, slot }: Attempt) => ({ leaseId: lease, trialId: trial, attempt: number, slot, ended: false });
