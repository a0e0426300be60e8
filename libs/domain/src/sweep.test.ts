import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySweepEvent, isEnded, type SweepEvent, type SweepStatus, sweepStates, sweepTransitions } from './sweep.js';

const kinds: readonly SweepEvent[] = [
  { kind: 'first-lease' },
  { kind: 'pause' },
  { kind: 'resume' },
  { kind: 'stop' },
  { kind: 'cancel' },
  { kind: 'target-reached' },
  { kind: 'too-many-failures' },
  { kind: 'sampler-failed' },
  { kind: 'nothing-left', reason: 'budget' },
  { kind: 'nothing-left', reason: 'exhausted' },
  { kind: 'drained' },
];

const play = (events: readonly SweepEvent[]): SweepStatus =>
  events.reduce<SweepStatus>((status, event) => applySweepEvent(status, event) ?? status, { state: 'pending', reason: null });

describe('a sweep', () => {
  it('ends as completed after a stop, and as cancelled after a cancel, once its last trial has ended', () => {
    expect(play([{ kind: 'first-lease' }, { kind: 'stop' }, { kind: 'drained' }])).toMatchObject({ state: 'completed', reason: 'stopped' });
    expect(play([{ kind: 'first-lease' }, { kind: 'cancel' }, { kind: 'drained' }])).toMatchObject({
      state: 'cancelled',
      reason: 'cancelled',
    });
  });

  it('ends as failed when too many trials failed', () => {
    expect(play([{ kind: 'first-lease' }, { kind: 'too-many-failures' }, { kind: 'drained' }])).toMatchObject({
      state: 'failed',
      reason: 'failures',
    });
  });

  it('becomes a cancel when a person cancels while it is stopping', () => {
    expect(play([{ kind: 'first-lease' }, { kind: 'stop' }, { kind: 'cancel' }, { kind: 'drained' }]).state).toBe('cancelled');
  });

  it('can be resumed from every end, and cannot be paused or stopped there', () => {
    for (const state of sweepStates.filter(isEnded)) {
      expect(applySweepEvent({ state, reason: null }, { kind: 'resume' })?.state).toBe('running');
      expect(applySweepEvent({ state, reason: null }, { kind: 'pause' })).toBeUndefined();
      expect(applySweepEvent({ state, reason: null }, { kind: 'stop' })).toBeUndefined();
    }
  });

  it('has one row for each state and event', () => {
    const seen = sweepTransitions.flatMap((row) => row.from.map((from) => `${from} ${row.event}`));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('always knows why it is stopping, whatever happens to it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 30 }), (events) => {
        const status = play(events);
        if (status.state === 'stopping' || isEnded(status.state)) expect(status.reason).not.toBeNull();
        else expect(status.reason).toBeNull();
      }),
    );
  });
});
