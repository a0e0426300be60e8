import { describe, expect, it } from 'vitest';
import { everything, outdatedBy } from './changes.js';

const event = (kind: string, more: object = {}) => ({ id: '1', at: '2026-01-01T00:00:00Z', kind, ...more });

describe('an event', () => {
  it('of a trial makes its sweep, its run and the lists that count it out of date', () => {
    const keys = outdatedBy(event('trial.state', { sweep: 'k3f9x2ab', trial: 'a1b2c3d4', number: 3, state: 'running', attempt: 1 }));
    expect(keys).toEqual([['sweeps'], ['runs'], ['queue'], ['agents'], ['sweep', 'k3f9x2ab'], ['run', 'a1b2c3d4']]);
  });

  it('of a sweep leaves agents alone', () => {
    expect(outdatedBy(event('sweep.edited', { sweep: 'k3f9x2ab', revision: 2 }))).toEqual([
      ['sweeps'],
      ['projects'],
      ['sweep', 'k3f9x2ab'],
    ]);
  });

  it('of runs that people edited refreshes the tables of runs', () => {
    expect(outdatedBy(event('runs.changed', { project: 'p' }))).toEqual([['runs'], ['projects']]);
  });

  it('of a decision touches no figures', () => {
    expect(outdatedBy(event('decision', { sweep: 'k3f9x2ab', trial: null, text: 'why' }))).toEqual([['sweep', 'k3f9x2ab', 'decisions']]);
  });

  it('of a kind that this version does not know makes everything out of date', () => {
    expect(outdatedBy(event('galaxy.moved'))).toEqual([everything]);
  });

  it('that names nothing still refreshes the lists', () => {
    expect(outdatedBy(event('run.state'))).toEqual([['runs'], ['projects']]);
  });
});
