import { describe, expect, it } from 'vitest';
import { decideReturn, defaultLeaseTimes, lostAt, outageCreditMs, renewEveryMs } from './lease.js';

const times = defaultLeaseTimes;

describe('lease times', () => {
  it('let two renewals be missed', () => {
    expect(renewEveryMs(times) * 3).toBeLessThanOrEqual(times.ttlMs);
  });

  it('credit the outage and no more', () => {
    expect(outageCreditMs(1_000_000, 1_060_000, times)).toBe(55_000);
    expect(outageCreditMs(1_000_000, 1_004_000, times)).toBe(0);
    expect(outageCreditMs(null, 1_000_000, times)).toBe(0);
  });

  it('call a trial lost when both its lease and the patience of its sweep are over', () => {
    expect(lostAt(30_000, 60_000, times)).toBe(60_000);
    expect(lostAt(30_000, 10_000, times)).toBe(30_000);
  });
});

describe('an attempt whose agent comes back', () => {
  const mine = { attempt: 1 };

  it('goes on while its lease stands', () => {
    expect(decideReturn(true, { state: 'running', attempt: 1 }, mine, false)).toEqual({ kind: 'keep' });
  });

  it('takes its trial back from the queue', () => {
    expect(decideReturn(false, { state: 'queued', attempt: 1 }, mine, false)).toEqual({ kind: 'take-back', stopOther: false });
  });

  it('takes its trial back from a replacement that has reported nothing', () => {
    expect(decideReturn(false, { state: 'running', attempt: 2 }, mine, false)).toEqual({ kind: 'take-back', stopOther: true });
  });

  it('is stopped when the replacement has reported', () => {
    expect(decideReturn(false, { state: 'running', attempt: 2 }, mine, true).kind).toBe('stop');
  });

  it('is stopped when the trial is over, and hears how it ended', () => {
    expect(decideReturn(false, { state: 'completed', attempt: 2 }, mine, true)).toEqual({ kind: 'stop', reason: 'the trial is completed' });
  });
});
