import { describe, expect, it } from 'vitest';
import { type AttemptEnd, blameOf, causeOf, failureCauses, speaksAgainstMachine } from './failure.js';
import { sweepId, trialId } from './ids.js';
import { decideQuarantine, type Fate, isUnproven } from './quarantine.js';

const exit = (code: number, change: Partial<AttemptEnd> = {}): AttemptEnd => ({
  exitCode: code,
  signal: null,
  signalled: false,
  evidence: null,
  detail: `exit code ${code}`,
  ...change,
});
const killed: AttemptEnd = exit(0, { exitCode: null, signal: 'SIGKILL', detail: 'killed by SIGKILL' });

const failedHere = (number: number, change: Partial<Fate> = {}): Fate => ({
  trial: trialId(`trial${number}`),
  number,
  sweep: sweepId('sweep001'),
  end: exit(1),
  wentWell: false,
  ranOn: 'good-box',
  ...change,
});

describe('an end', () => {
  it('is blamed on the params or on the machine by its class, for every class there is', () => {
    const config = failureCauses.filter((cause) => blameOf(cause) === 'config');
    expect([...config].sort()).toEqual(['exit', 'gpu-oom', 'infeasible', 'nan-loss', 'no-objective', 'oom', 'timeout']);
  });

  it('is of the class that its evidence names before its exit code and signal', () => {
    expect(causeOf(exit(1, { evidence: 'import-error' }))).toBe('import-error');
    expect(causeOf({ ...killed, evidence: 'oom' })).toBe('oom');
    expect(causeOf(killed)).toBe('signal');
    expect(causeOf(exit(75))).toBe('try-again');
    expect(causeOf(exit(0))).toBeNull();
  });

  it("speaks against the machine when it is the program's own error, or memory that proved to be out", () => {
    expect(speaksAgainstMachine(exit(1))).toBe(true);
    expect(speaksAgainstMachine(exit(1, { evidence: 'gpu-error' }))).toBe(true);
    expect(speaksAgainstMachine({ ...killed, evidence: 'oom' })).toBe(true);
    expect(speaksAgainstMachine(exit(0, { exitCode: null, evidence: 'start-failed' }))).toBe(true);
  });

  it('never does by a bare signal, a good end, or one that somebody asked for', () => {
    for (const end of [
      killed,
      exit(0),
      exit(75),
      exit(1, { signalled: true }),
      exit(1, { evidence: 'timeout' }),
      exit(1, { evidence: 'infeasible' }),
    ])
      expect(speaksAgainstMachine(end)).toBe(false);
  });
});

describe('a machine', () => {
  it('is unproven until its last end in the sweep is a good one', () => {
    expect(isUnproven(null)).toBe(true);
    expect(isUnproven(failedHere(1))).toBe(true);
    expect(isUnproven(failedHere(1, { end: exit(0), wentWell: true }))).toBe(false);
    expect(isUnproven(failedHere(1, { end: killed }))).toBe(false);
  });

  it('is quarantined at the third distinct trial that failed there and ran elsewhere, which the reason names', () => {
    expect(decideQuarantine([failedHere(2), failedHere(1)])).toBeNull();
    const verdict = decideQuarantine([failedHere(3), failedHere(2), failedHere(1)]);
    expect(verdict?.evidence.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect(verdict?.reason).toContain('3 trials failed here and ran elsewhere');
    expect(verdict?.reason).toContain('sweep001#3 failed (exit code 1) and ran on good-box');
  });

  it('is not, when one trial failed there three times, when none ran elsewhere, or when signals ended them', () => {
    expect(decideQuarantine([failedHere(1), failedHere(1), failedHere(1)])).toBeNull();
    expect(decideQuarantine([1, 2, 3, 4].map((number) => failedHere(number, { ranOn: null })))).toBeNull();
    expect(decideQuarantine([1, 2, 3, 4].map((number) => failedHere(number, { end: killed })))).toBeNull();
  });

  it('is cleared by every trial that goes well there: programs that fail now and then are not its fault', () => {
    const well = failedHere(9, { end: exit(0), wentWell: true, ranOn: null });
    expect(decideQuarantine([failedHere(3), failedHere(2), well, failedHere(1)])).toBeNull();
    expect(decideQuarantine([failedHere(4), failedHere(3), failedHere(2), well])).not.toBeNull();
  });
});
