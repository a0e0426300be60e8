import { describe, expect, it } from 'vitest';
import { failureCauses } from './failure.js';
import { isLiveRun, runStateOfTrial, runStates } from './run.js';
import { trialStates } from './trial.js';

describe("a trial's run", () => {
  it.each([
    ['queued', null, 'pending'],
    ['running', null, 'running'],
    ['stopping', null, 'running'],
    ['completed', null, 'finished'],
    ['pruned', null, 'killed'],
    ['cancelled', null, 'killed'],
    ['failed', 'exit', 'failed'],
    ['failed', 'lost', 'crashed'],
  ] as const)('shows %s (%s) as %s', (state, cause, word) => {
    expect(runStateOfTrial({ state, cause })).toBe(word);
  });

  it('has a word for every state and cause', () => {
    for (const state of trialStates) for (const cause of failureCauses) expect(runStates).toContain(runStateOfTrial({ state, cause }));
  });
});

describe('a run', () => {
  it('is live while a client must wait for it', () => {
    expect(runStates.filter(isLiveRun)).toEqual(['pending', 'running', 'preempting']);
  });
});
