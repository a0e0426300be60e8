import { agentId, leaseId, runId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { AgentAssignment } from '../../src/store.js';
import { aLease, connect, ended, freshId, happens, lost, type OpenStore, openOnce, running, series } from './fixture.js';

export function assignmentContract(open: () => Promise<OpenStore>): void {
  describe('what an agent was told to run', () => {
    const store = openOnce(open);
    const assignment = (change: Partial<AgentAssignment> = {}): Omit<AgentAssignment, 'preempting'> => ({
      lease: leaseId(freshId()),
      run: runId(freshId()),
      handedOutAt: 1_790_000_000_000,
      seenLive: false,
      missed: 0,
      stopSeenAt: null,
      ...change,
    });

    it('is nothing at first, then the last thing', async () => {
      const agent = await connect(store(), 'default');
      expect(await store().assignments.find(agent)).toBeNull();
      await store().assignments.put(agent, assignment());
      const last = assignment({ seenLive: true, missed: 2, stopSeenAt: 5 });
      await store().assignments.put(agent, last);
      expect(await store().assignments.find(agent)).toEqual({ ...last, preempting: false });
    });

    it('stays preempting while it is the same lease', async () => {
      const agent = await connect(store(), 'default');
      const first = assignment();
      await store().assignments.put(agent, first);
      await store().assignments.preempt(first.lease);
      await store().assignments.preempt(leaseId('another'));
      await store().assignments.put(agent, { ...first, seenLive: true });
      expect(await store().assignments.find(agent)).toMatchObject({ seenLive: true, preempting: true });
      await store().assignments.put(agent, assignment());
      expect(await store().assignments.find(agent)).toMatchObject({ preempting: false });
    });

    it('goes with the agent', async () => {
      const agent = await connect(store(), 'default');
      await store().assignments.put(agent, assignment());
      await store().agents.move(agent, ['online'], 'offline', null);
      expect(await store().agents.remove(agent)).toBe(true);
      expect(await store().assignments.find(agent)).toBeNull();
    });
  });

  describe('an attempt after an end that nobody proved', () => {
    const store = openOnce(open);

    it('can have a run of its own, like its trial’s', async () => {
      const { trial, sweep } = await running(store());
      await happens(store(), trial, lost);
      const second = (await store().trials.lease(aLease(sweep, { agent: agentId('agent-2') })))!;
      const fresh = runId(freshId());
      expect(await store().attempts.giveRun(second.attempt.lease, fresh)).toBe(true);
      expect(await store().attempts.find(trial.id, 2)).toMatchObject({ run: fresh });
      expect(await store().attempts.findByRun(fresh)).toMatchObject({ trial: trial.id, number: 2 });
      expect(await store().attempts.findByRun(runId(trial.id))).toMatchObject({ number: 1 });
      expect(await store().runs.record(fresh)).toMatchObject({
        handle: fresh,
        project: sweep.project,
        sweep: sweep.id,
        trial: trial.id,
        attempt: 2,
        config: trial.params,
        name: 'trial-1',
        trialState: 'running',
      });
    });

    it('is measured by that run', async () => {
      const { trial, sweep } = await running(store());
      await happens(store(), trial, lost);
      const { attempt, trial: again } = (await store().trials.lease(aLease(sweep)))!;
      const fresh = runId(freshId());
      await store().attempts.giveRun(attempt.lease, fresh);
      await store().metrics.append([{ run: fresh, attempt: 2, batch: { sequence: 1, series: [series('loss', [3, 2])] } }]);
      await happens(store(), again, ended(again, 2));
      const [curve] = await store().metrics.curves(sweep.id, 'loss');
      expect(curve).toMatchObject({ trial: trial.id });
      expect([...curve!.series.values]).toEqual([3, 2]);
    });

    it('keeps its run where it has one, where it is over, and where the id is taken', async () => {
      const { trial, attempt } = await running(store());
      expect(await store().attempts.giveRun(attempt.lease, runId(trial.id))).toBe(false);
      expect(await store().attempts.giveRun(leaseId('unknown'), runId(freshId()))).toBe(false);
      const fresh = runId(freshId());
      expect(await store().attempts.giveRun(attempt.lease, fresh)).toBe(true);
      expect(await store().attempts.giveRun(attempt.lease, runId(freshId()))).toBe(false);
      await happens(store(), trial, ended(trial, 1));
      expect(await store().attempts.giveRun(attempt.lease, runId(freshId()))).toBe(false);
    });
  });
}
