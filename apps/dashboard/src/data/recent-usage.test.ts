import type { AgentView } from '@sweep/api';
import { describe, expect, it } from 'vitest';
import { isStale, recentMs, remember, sparkOf } from './recent-usage.js';

type Usage = NonNullable<AgentView['usage']>;
const noon = Date.parse('2026-01-01T12:00:00.000Z');
const usage = (seconds: number, change: Partial<Usage> = {}): Usage => ({
  at: new Date(noon + seconds * 1000).toISOString(),
  ageSeconds: 0,
  cpuPercent: seconds,
  memoryUsedBytes: 1,
  diskUsedBytes: 1,
  diskTotalBytes: 2,
  gpus: [],
  ...change,
});
const said = (...seconds: readonly number[]) => seconds.reduce((before, at) => remember(before, [{ id: 'a', usage: usage(at) }]), {});

describe('what machines used lately', () => {
  it('is every word once, in order', () => {
    expect(said(0, 5, 5, 10)).toEqual({ a: [usage(0), usage(5), usage(10)] });
  });

  it('is forgotten after some minutes, and with its machine', () => {
    const after = recentMs / 1000;
    expect(said(0, 5, after)).toEqual({ a: [usage(5), usage(after)] });
    expect(remember(said(0), [{ id: 'b', usage: null }])).toEqual({});
  });

  it('begins anew when the clock of the controller was set back', () => {
    expect(said(100, 5)).toEqual({ a: [usage(5)] });
  });

  it('is old when neither its machine nor the controller was heard for long', () => {
    expect(isStale(usage(0, { ageSeconds: 12 }), 3_000)).toBe(false);
    expect(isStale(usage(0, { ageSeconds: 12 }), 13_000)).toBe(true);
    expect(isStale(usage(0, { ageSeconds: 300 }), 0)).toBe(true);
  });
});

describe('a line of it', () => {
  const percent = ({ cpuPercent }: Usage): number | null => cpuPercent;
  const most = recentMs / 1000;

  it('ends now and keeps within its bounds', () => {
    const samples = [usage(0, { cpuPercent: -1 }), usage(most / 2, { cpuPercent: 50 }), usage(most, { cpuPercent: 400 })];
    expect(sparkOf(samples, percent, 100)).toEqual([
      [
        { x: 0, y: 0 },
        { x: 0.5, y: 0.5 },
        { x: 1, y: 1 },
      ],
    ]);
  });

  it('is broken where nothing is known', () => {
    const samples = [usage(0), usage(5), usage(10, { cpuPercent: null }), usage(15), usage(20), usage(25)];
    expect(sparkOf(samples, percent, 100).map((line) => line.length)).toEqual([2, 3]);
    expect(sparkOf([], percent, 100)).toEqual([]);
    expect(sparkOf([usage(0)], percent, 100)).toEqual([]);
  });
});
