import { describe, expect, it } from 'vitest';
import { type AdvanceInput, decideAdvance, type Ending, reachesTarget, sharedFailure, type TrialCounts } from './advance.js';

const none: TrialCounts = { queued: 0, running: 0, stopping: 0, completed: 0, pruned: 0, failed: 0, cancelled: 0 };

const input = (change: Partial<AdvanceInput> = {}): AdvanceInput => ({
  state: 'running',
  exhausted: false,
  counts: none,
  emptyDeaths: 0,
  runCap: null,
  budgetTrials: null,
  elapsedMs: null,
  budgetTimeMs: null,
  budgetFailures: null,
  parallel: null,
  freeSlots: 2,
  lookahead: 1,
  learns: false,
  hasSampler: true,
  ...change,
});

describe('a step of a sweep', () => {
  it('proposes for the free slots and looks ahead by at least one', () => {
    expect(decideAdvance(input())).toEqual({ kind: 'propose', count: 3 });
    expect(decideAdvance(input({ counts: { ...none, queued: 3 } })).kind).toBe('wait');
  });

  it('never proposes beyond the cap', () => {
    expect(decideAdvance(input({ runCap: 10, counts: { ...none, completed: 9 } }))).toEqual({ kind: 'propose', count: 1 });
  });

  it('withdraws what waits beyond a cap that was lowered, and no more than waits', () => {
    const counts = { ...none, completed: 3, running: 2, queued: 4, cancelled: 1 };
    expect(decideAdvance(input({ runCap: 7, counts, emptyDeaths: 1 }))).toEqual({ kind: 'withdraw', count: 2 });
    expect(decideAdvance(input({ runCap: 1, counts, emptyDeaths: 1 }))).toEqual({ kind: 'withdraw', count: 4 });
    expect(decideAdvance(input({ runCap: 1, counts: { ...counts, queued: 0 }, emptyDeaths: 1 })).kind).toBe('wait');
    expect(decideAdvance(input({ runCap: 9, counts, emptyDeaths: 1 })).kind).toBe('wait');
  });

  it('does not count trials that died without a value against the cap', () => {
    expect(decideAdvance(input({ runCap: 5, counts: { ...none, completed: 5, cancelled: 2 }, emptyDeaths: 2 })).kind).toBe('nothing-left');
    expect(decideAdvance(input({ runCap: 7, counts: { ...none, completed: 5, cancelled: 2 }, emptyDeaths: 2 }))).toEqual({
      kind: 'propose',
      count: 2,
    });
  });

  it('waits for live trials before it says that nothing is left', () => {
    const spent = { budgetTrials: 1 };
    expect(decideAdvance(input({ ...spent, counts: { ...none, running: 1 } })).kind).toBe('wait');
    expect(decideAdvance(input({ ...spent, counts: { ...none, completed: 1 } }))).toEqual({ kind: 'nothing-left', reason: 'budget' });
  });

  it('ends when the space is exhausted', () => {
    expect(decideAdvance(input({ exhausted: true, counts: { ...none, completed: 4 } }))).toEqual({
      kind: 'nothing-left',
      reason: 'exhausted',
    });
  });

  it('ends when the time is over', () => {
    expect(decideAdvance(input({ budgetTimeMs: 1_000, elapsedMs: 1_000 }))).toEqual({ kind: 'nothing-left', reason: 'budget' });
  });

  it('does not propose blindly for a sampler that learns', () => {
    const full = { parallel: 2, freeSlots: 4, counts: { ...none, running: 2 } };
    expect(decideAdvance(input({ ...full, learns: true })).kind).toBe('wait');
    expect(decideAdvance(input(full))).toEqual({ kind: 'propose', count: 1 });
  });

  it('proposes nothing for a paused sweep, and none for one whose points come from outside', () => {
    expect(decideAdvance(input({ state: 'paused' })).kind).toBe('wait');
    expect(decideAdvance(input({ hasSampler: false })).kind).toBe('wait');
  });

  it('says when a stopping sweep is drained', () => {
    expect(decideAdvance(input({ state: 'stopping', counts: { ...none, stopping: 1 } })).kind).toBe('wait');
    expect(decideAdvance(input({ state: 'stopping' })).kind).toBe('drained');
  });

  it('stops on as many failures as the budget allows', () => {
    expect(decideAdvance(input({ budgetFailures: 3, counts: { ...none, failed: 3 } })).kind).toBe('too-many-failures');
  });
});

describe('a shared failure', () => {
  const failed = (agent: string, exitCode = 1, said = ''): Ending => ({
    state: 'failed',
    cause: 'exit',
    reason: `exit code ${exitCode}${said}`,
    exitCode,
    agents: [agent],
  });

  it('needs two machines where there are two', () => {
    expect(
      sharedFailure(
        Array.from({ length: 9 }, () => failed('a')),
        2,
      ),
    ).toBeNull();
    expect(sharedFailure([failed('a'), failed('b'), failed('a'), failed('a'), failed('a')], 2)).toBe('exit code 1');
  });

  it('is believed from the only machine', () => {
    expect(
      sharedFailure(
        Array.from({ length: 5 }, () => failed('a')),
        1,
      ),
    ).toBe('exit code 1');
  });

  it('may be told in different words: programs quote params and files', () => {
    const endings = Array.from({ length: 5 }, (_, index) => failed('a', 1, `: ValueError: lr ${index}`));
    expect(sharedFailure(endings, 1)).toBe('exit code 1: ValueError: lr 0');
  });

  it('is believed after three trials where a package is missing: it is missing for every trial', () => {
    const missing = (agent: string): Ending => ({ ...failed(agent), cause: 'import-error' });
    expect(sharedFailure([missing('a'), missing('b')], 2)).toBeNull();
    expect(sharedFailure([missing('a'), missing('b'), missing('a')], 2)).toBe('exit code 1');
  });

  it('is none while failures differ, or are few', () => {
    expect(sharedFailure([failed('a'), failed('b'), failed('a'), failed('a'), failed('a', 2)], 2)).toBeNull();
    expect(sharedFailure([failed('a'), failed('b')], 2)).toBeNull();
  });
});

describe('a target', () => {
  it('is reached from the right side, and never by NaN', () => {
    expect(reachesTarget(0.9, 'maximize', 0.9)).toBe(true);
    expect(reachesTarget(0.9, 'minimize', 0.8)).toBe(false);
    expect(reachesTarget(Number.NaN, 'minimize', 0.8)).toBe(false);
    expect(reachesTarget(1, 'maximize', null)).toBe(false);
  });
});
