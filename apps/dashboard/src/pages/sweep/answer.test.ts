import type { AgentView, SweepView } from '@sweep/api';
import { describe, expect, it } from 'vitest';
import { answerOf } from './answer.js';
import { type Times, timeLeft } from './time-left.js';

const now = Date.parse('2026-03-05T12:00:00Z');
const counts = { queued: 0, running: 0, stopping: 0, completed: 0, pruned: 0, failed: 0, cancelled: 0 };
const sweep = (more: object = {}): SweepView =>
  ({
    id: 'k3f9x2ab',
    state: 'running',
    reason: null,
    objective: { name: 'val_acc', goal: 'maximize', target: null },
    counts,
    expectedTrials: 60,
    rungs: [],
    best: null,
    startedAt: '2026-03-05T11:00:00Z',
    endedAt: null,
    ...more,
  }) as unknown as SweepView;
const at = (time: string): number => Date.parse(`2026-03-05T${time}Z`);
const trial = (more: Partial<Times> = {}): Times => ({ state: 'completed', startedAt: at('11:00:00'), endedAt: at('11:01:00'), ...more });
const agent = (trials: readonly (string | null)[], more: object = {}): AgentView =>
  ({ state: 'online', sweep: null, slots: trials.map((one, index) => ({ index, gpus: [], trial: one })), ...more }) as unknown as AgentView;
const best = { trial: 17, run: 'a1b2c3d4', value: 0.98123, params: { lr: 0.00031, width: 128 } };

describe('the answer', () => {
  it('names the best, what is done, what is left and what is idle', () => {
    const situation = {
      sweep: sweep({ best, counts: { ...counts, completed: 20, pruned: 3, running: 2 } }),
      trials: [
        trial(),
        trial({ state: 'running', startedAt: at('12:00:00'), endedAt: null }),
        trial({ state: 'running', startedAt: at('12:00:00'), endedAt: null }),
      ],
      waitingFor: null,
      agents: [agent(['a#1', 'a#2', null])],
      now,
    };
    expect(answerOf(situation)).toBe(
      'Trial 17 is best: val_acc 0.9812 (lr 3.1e-4, width 128). 23 of 60 done, about 18 min left. 1 of 3 slots idle: nothing queued.',
    );
  });

  it('says that there is nobody to run it', () => {
    expect(answerOf({ sweep: sweep(), trials: [], waitingFor: null, agents: [], now })).toBe(
      'No result yet. 0 of 60 done. No agent is connected: start one with `sweep agent`.',
    );
  });

  it('says nothing of machines until they are known', () => {
    expect(answerOf({ sweep: sweep(), trials: [], waitingFor: null, agents: null, now })).toBe('No result yet. 0 of 60 done.');
  });

  it('tells what was taken back from what is done', () => {
    const view = sweep({ state: 'paused', counts: { ...counts, completed: 2, failed: 1, cancelled: 4 } });
    expect(answerOf({ sweep: view, trials: [], waitingFor: null, agents: null, now })).toContain('3 of 60 done, 4 cancelled, paused.');
  });

  it('repeats why a trial waits, and leaves out agents of other sweeps', () => {
    const waitingFor = 'pool gpu has no agent';
    const agents = [agent([null]), agent([null], { sweep: 'zzzzzzzz' }), agent([null], { state: 'lost' })];
    expect(answerOf({ sweep: sweep({ counts: { ...counts, queued: 1 } }), trials: [], waitingFor, agents, now })).toContain(
      '1 of 1 slot idle: pool gpu has no agent.',
    );
  });

  it('of an ended sweep says how long it took, and why it failed', () => {
    const ended = { state: 'failed', reason: 'failures', endedAt: '2026-03-05T11:07:00Z', counts: { ...counts, failed: 6 } };
    expect(answerOf({ sweep: sweep(ended), trials: [], waitingFor: null, agents: [], now })).toBe(
      'No result yet. 6 of 60 done in 7 m 00 s; the sweep failed: failures. 6 failed.',
    );
  });

  it('of a sweep without a metric says that nothing can be the best', () => {
    const ended = sweep({ objective: null, counts: { ...counts, completed: 12_000 }, expectedTrials: 12_000, state: 'paused' });
    expect(answerOf({ sweep: ended, trials: [], waitingFor: null, agents: [], now })).toBe(
      'The sweep names no metric, so no trial is the best. 12,000 of 12,000 done, paused.',
    );
  });

  it('shows a best value that is no number', () => {
    expect(
      answerOf({ sweep: sweep({ best: { ...best, value: 'Infinity', params: {} } }), trials: [], waitingFor: null, agents: [], now }),
    ).toContain('val_acc ∞.');
  });
});

describe('the time left', () => {
  it('is not spent on what was taken back', () => {
    expect(timeLeft([trial()], { ...counts, completed: 1, cancelled: 4 }, 6, now)).toBe(60_000);
  });

  it('is unknown without an end, and while nothing has ended', () => {
    expect(timeLeft([trial()], counts, null, now)).toBeNull();
    expect(timeLeft([trial({ state: 'failed' })], counts, 10, now)).toBeNull();
  });

  it('counts what running trials have behind them, and never goes below nothing', () => {
    const long = trial({ state: 'running', startedAt: at('10:00:00'), endedAt: null });
    expect(timeLeft([trial(), long], { ...counts, completed: 1, running: 1 }, 2, now)).toBe(0);
    const half = trial({ state: 'running', startedAt: at('11:59:30'), endedAt: null });
    expect(timeLeft([trial(), half], { ...counts, completed: 1, running: 1 }, 2, now)).toBe(30_000);
  });
});
