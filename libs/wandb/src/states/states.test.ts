import { Invalid, type RunState, runStates, type SweepReason, type SweepState, sweepStates } from '@sweep/domain';
import { parseSweepFile } from '@sweep/sweep-file';
import { describe, expect, it } from 'vitest';
import { mayBecomeByHand, nextRunState, type RunEvent, runTransitions } from './run-state.js';
import { sweepRefusal, sweepWarnings } from './sweep-findings.js';
import { sweepEventOf, wireSweepState, wireSweepStateForCommands } from './sweep-state.js';

describe('a run without a trial', () => {
  const after = (state: RunState, event: RunEvent, stopAsked = false) => nextRunState({ state, stopAsked }, event);

  it.each([
    [0, 'finished'],
    [null, 'finished'],
    [1, 'failed'],
    [3, 'failed'],
    [255, 'killed'],
  ] as const)('that ends with exit code %j is %s', (exitCode, state) => {
    expect(after('running', { kind: 'completed', exitCode })).toBe(state);
  });

  it.each([0, 1, 255])('that was asked to stop is killed, though it ends with %i', (exitCode) => {
    expect(after('running', { kind: 'completed', exitCode }, true)).toBe('killed');
  });

  it('that falls silent has crashed, and revives when it is heard again', () => {
    expect(after('running', { kind: 'silent' })).toBe('crashed');
    expect(after('crashed', { kind: 'heard' })).toBe('running');
    expect(after('crashed', { kind: 'completed', exitCode: 0 })).toBe('finished');
  });

  it('on a machine that is taken away is preempted, not crashed or failed', () => {
    expect(after('running', { kind: 'preempting' })).toBe('preempting');
    expect(after('preempting', { kind: 'heard' })).toBe('preempting');
    expect(after('preempting', { kind: 'silent' })).toBe('preempted');
    expect(after('preempting', { kind: 'completed', exitCode: 1 })).toBe('preempted');
    expect(after('preempting', { kind: 'completed', exitCode: 0 })).toBe('finished');
  });

  it('that ended stays so until a program begins it again', () => {
    for (const state of ['finished', 'failed', 'killed'] as const) {
      expect(after(state, { kind: 'heard' })).toBe(state);
      expect(after(state, { kind: 'silent' })).toBe(state);
      expect(after(state, { kind: 'begun' })).toBe('running');
    }
  });

  it('that is pending waits in silence', () => {
    expect(after('pending', { kind: 'silent' })).toBe('pending');
    expect(after('pending', { kind: 'heard' })).toBe('running');
  });

  it('moves exactly as its table says', () => {
    const guards: Readonly<Record<string, readonly [RunEvent, boolean][]>> = {
      'a stop was asked for, or exit code 255': [
        [{ kind: 'completed', exitCode: 255 }, false],
        [{ kind: 'completed', exitCode: 0 }, true],
      ],
      'exit code 0, or none given': [
        [{ kind: 'completed', exitCode: 0 }, false],
        [{ kind: 'completed', exitCode: null }, false],
      ],
      'another exit code': [[{ kind: 'completed', exitCode: 1 }, false]],
    };
    for (const row of runTransitions) {
      const cases = row.guard === '' ? [[{ kind: row.event } as RunEvent, false] as const] : (guards[row.guard] ?? []);
      expect(cases.length, row.guard).toBeGreaterThan(0);
      for (const state of row.from)
        for (const [event, stopAsked] of cases) expect(after(state, event, stopAsked), `${state} ${row.guard}`).toBe(row.to);
    }
    for (const kind of ['heard', 'preempting', 'silent'] as const) {
      const listed = runTransitions.filter((row) => row.event === kind).flatMap((row) => row.from);
      for (const state of runStates.filter((one) => !listed.includes(one))) expect(after(state, { kind }), `${state} ${kind}`).toBe(state);
    }
  });
});

describe('a run by hand', () => {
  it('is tried again once it was lost, or given up before its end, and nothing else', () => {
    const ways = runStates.flatMap((from) =>
      runStates.filter((to) => to !== from && mayBecomeByHand(from, to)).map((to) => `${from} ${to}`),
    );
    expect(new Set(ways)).toEqual(
      new Set(['running pending', 'failed pending', 'crashed pending', 'preempted pending', 'pending failed', 'running failed']),
    );
    for (const state of runStates) expect(mayBecomeByHand(state, state)).toBe(true);
  });
});

describe('a sweep on the wire', () => {
  it.each([
    ['pending', null, 'PENDING'],
    ['running', null, 'RUNNING'],
    ['paused', null, 'PAUSED'],
    ['stopping', 'stopped', 'FINISHED'],
    ['stopping', 'target', 'FINISHED'],
    ['stopping', 'cancelled', 'CANCELED'],
    ['stopping', 'failures', 'CRASHED'],
    ['stopping', null, 'FINISHED'],
    ['completed', 'budget', 'FINISHED'],
    ['cancelled', 'cancelled', 'CANCELED'],
    ['failed', 'sampler', 'CRASHED'],
  ] as readonly (readonly [SweepState, SweepReason | null, string])[])('that is %s (%s) shows as %s', (state, reason, word) => {
    expect(wireSweepState({ state, reason })).toBe(word);
  });

  it('can be paused before its first agent comes, which the client refuses when it reads PENDING', () => {
    expect(wireSweepStateForCommands({ state: 'pending', reason: null })).toBe('RUNNING');
    for (const state of sweepStates.filter((one) => one !== 'pending'))
      expect(wireSweepStateForCommands({ state, reason: null })).toBe(wireSweepState({ state, reason: null }));
  });

  it.each([
    ['PAUSED', 'pause'],
    ['RUNNING', 'resume'],
    ['FINISHED', 'stop'],
    ['CANCELED', 'cancel'],
    ['paused', 'pause'],
  ])('is asked by %s to %s', (word, kind) => {
    expect(sweepEventOf(word)).toEqual({ kind });
  });

  it.each(['PENDING', 'CRASHED', '', 'nonsense'])('cannot be put into the state %j', (word) => {
    expect(() => sweepEventOf(word)).toThrow(Invalid);
  });
});

describe('what is said about a sweep file', () => {
  it('is one line with every error when it is refused', () => {
    const { findings } = parseSweepFile('method: nonsense\nparameters:\n  lr: {min: 0, max: 1}\n');
    expect(sweepRefusal(findings)).toMatch(/^Invalid sweep config: method: .*nonsense/);
    expect(sweepRefusal(findings)).not.toContain('\n');
  });

  it('is a list of warnings when it is accepted', () => {
    const { findings, accepted } = parseSweepFile('method: random\nprogram: a.py\nnovelty: 1\nparameters:\n  lr: {min: 0.0, max: 1.0}\n');
    expect(accepted).toBe(true);
    expect(sweepRefusal(findings)).toBeUndefined();
    expect(sweepWarnings(findings).join()).toContain('novelty');
  });
});
