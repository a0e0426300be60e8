import type { AgentView, WaitingView } from '@sweep/api';
import { describe, expect, it } from 'vitest';
import { answerOfAgents, answerOfQueue } from './answer.js';

const agent = (state: AgentView['state'], ...trials: readonly (string | null)[]): AgentView =>
  ({ state, slots: trials.map((trial, index) => ({ index, gpus: [], trial })) }) as unknown as AgentView;
const waits = (waitingFor: string): WaitingView => ({ waitingFor }) as WaitingView;

describe('the answer about machines', () => {
  it.each<readonly [readonly AgentView[], readonly WaitingView[] | null, string]>([
    [[], [], 'No machine has ever connected.'],
    [[agent('online', 'a#1', null)], [], '1 machine is connected; 1 of 2 slots idle: nothing is queued.'],
    [[agent('online', 'a#1'), agent('draining', 'a#2'), agent('lost', null)], [], '2 machines are connected; all 2 slots are busy.'],
    [[agent('online', 'a#1')], [], '1 machine is connected; its slot is busy.'],
    [[agent('lost', null)], [waits('x')], '0 machines are connected; nothing can run, and 1 trial waits.'],
    // What waits is not known yet.
    [[agent('online', null)], null, '1 machine is connected; 1 of 1 slots idle.'],
    [[agent('lost', null)], null, '0 machines are connected; nothing can run.'],
    [
      [agent('online', null)],
      [waits('the sweep is paused'), waits('the sweep is paused'), waits('no agent')],
      '1 machine is connected; 1 of 1 slots idle: 2 of them because the sweep is paused.',
    ],
  ])('case %#', (agents, waiting, text) => expect(answerOfAgents(agents, waiting)).toBe(text));
});

describe('the answer about the queue', () => {
  it('says how many wait and why', () => {
    expect(answerOfQueue([])).toBe('Nothing waits.');
    expect(answerOfQueue([waits('all 2 slots are busy')])).toBe('1 trial waits: all 2 slots are busy.');
  });
});
