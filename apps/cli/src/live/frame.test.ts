import type { AgentView, SweepView, TrialView } from '@sweep/api';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../show/width.js';
import { bar, frame, type Moment, progressLine, timeLeft } from './frame.js';

const now = Date.parse('2026-01-01T00:10:00Z');

const sweep = (change: Partial<SweepView> = {}): SweepView =>
  ({
    id: 'k3f9x2ab',
    name: 'mnist',
    state: 'running',
    reason: null,
    method: 'bayes',
    objective: { name: 'val_acc', goal: 'maximize', target: null },
    counts: { queued: 1, running: 2, stopping: 0, completed: 4, pruned: 1, failed: 0, cancelled: 0 },
    expectedTrials: 20,
    rungs: [],
    best: { trial: 3, run: 'r', value: 0.981, params: { lr: 0.01 } },
    startedAt: '2026-01-01T00:00:00Z',
    endedAt: null,
    ...change,
  }) as SweepView;

const trial = (number: number): TrialView =>
  ({
    id: `t${number}`,
    number,
    state: 'running',
    params: { lr: 0.1, opt: 'adam' },
    agent: 'a1',
    durationSeconds: null,
    startedAt: '2026-01-01T00:09:00Z',
  }) as unknown as TrialView;

const agent = (busy: boolean, name: string): AgentView =>
  ({
    id: busy ? 'a1' : 'a2',
    name,
    state: 'online',
    slots: [{ index: 0, gpus: [], trial: busy ? 'k3f9x2ab#1' : null }],
  }) as unknown as AgentView;

const moment = (change: Partial<Moment> = {}): Moment => ({
  sweep: sweep(),
  running: [trial(6), trial(7)],
  curves: new Map([['t6', [0.1, 0.5, 0.9]]]),
  agents: [agent(true, 'gpu-box'), agent(false, 'old-box')],
  now,
  ...change,
});
const screen = { width: 80, height: 24, colors: pc.createColors(false) };

describe('the picture of a live sweep', () => {
  it('holds state, progress, time left, the best, running trials with their curve, and the agents', () => {
    const lines = frame(moment(), screen).split('\n');
    expect(lines[0]).toBe('mnist k3f9x2ab  running, bayes, maximize val_acc');
    expect(lines[1]).toMatch(/^█+░+ 5\/20 {2}1 pruned, 1 queued, about 30m left$/);
    expect(lines[2]).toBe('best 0.981 at trial 3: lr=0.01');
    expect(lines.find((line) => line.startsWith('6 '))).toMatch(/running +1m +0\.9 +▁▅█ +gpu-box +lr=0\.1 opt=adam/);
    expect(lines.at(-1)).toBe('2 agents, 1 of 2 slots busy');
  });

  it('tells machines of one name apart by their id', () => {
    const twins = [agent(true, 'vm'), agent(false, 'vm')];
    expect(frame(moment({ agents: twins }), screen)).toMatch(/▁▅█ +a1 +lr/);
  });

  it.each([40, 60, 80, 200])('is not wider than %d columns', (width) => {
    const long = { ...trial(8), params: { text: 'x'.repeat(300) }, agent: 'a-machine-with-a-long-name' };
    for (const line of frame(moment({ running: [long] }), { ...screen, width }).split('\n'))
      expect(textWidth(line)).toBeLessThanOrEqual(Math.max(width, 62));
  });

  it('is not higher than the screen, and says how many trials are not shown', () => {
    const running = Array.from({ length: 100 }, (_, index) => trial(index));
    const lines = frame(moment({ running }), { ...screen, height: 20 }).split('\n');
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines.join('\n')).toMatch(/… and \d+ more/);
  });

  it('says what to do when no agent is there', () =>
    expect(frame(moment({ agents: [] }), screen)).toContain('no agent is online: start one'));
});

describe('the time left', () => {
  it('goes by the pace so far', () => expect(timeLeft({ sweep: sweep(), now })).toBe(1800));
  it.each([
    ['nothing has ended yet', { counts: { ...sweep().counts, completed: 0, pruned: 0 } }],
    ['there is no end', { expectedTrials: null }],
    ['the sweep is paused', { state: 'paused' as const }],
  ])('is not known while %s', (_why, change) => expect(timeLeft({ sweep: sweep(change), now })).toBeNull());
});

describe('a progress bar', () => {
  it('is full at the end and never overflows', () =>
    expect([bar(0, 4), bar(0.5, 4), bar(1, 4), bar(7, 4)]).toEqual(['░░░░', '██░░', '████', '████']));
});

describe('a line of progress', () => {
  it('holds what changes', () => expect(progressLine(sweep())).toBe('k3f9x2ab running, 5/20 done, 2 running, best 0.981 (trial 3)'));

  it('tells trials that stop from those that run, and cancelled ones from those that are done', () => {
    const counts = { ...sweep().counts, running: 1, stopping: 2, cancelled: 3 };
    expect(progressLine(sweep({ counts }))).toContain('5/20 done, 1 running, 2 stopping, 3 cancelled');
  });
});
