import { describe, expect, it } from 'vitest';
import { decideRetry, knownPlace } from './retry.js';

const ask = (change: Partial<Parameters<typeof decideRetry>[0]>) =>
  decideRetry({ cause: 'exit', exitCode: 1, earlier: [], policy: null, place: knownPlace, ...change });

describe('a retry', () => {
  it('is never given to a program that failed by itself', () => {
    expect(ask({}).retry).toBe(false);
  });

  it('is given three times for a loss, at once', () => {
    expect(ask({ cause: 'lost', exitCode: null, earlier: ['lost', 'lost'] })).toMatchObject({ retry: true, delayMs: 0 });
    expect(ask({ cause: 'lost', exitCode: null, earlier: ['lost', 'lost', 'lost'] }).retry).toBe(false);
  });

  it('counts only attempts with the same cause', () => {
    expect(ask({ cause: 'lost', exitCode: null, earlier: ['try-again', 'try-again', 'try-again'] }).retry).toBe(true);
  });

  it('waits twice as long each time', () => {
    const policy = { max: 3, on: [{ exit: [1] }], backoffMs: 30_000 };
    expect(ask({ policy })).toMatchObject({ retry: true, delayMs: 30_000 });
    expect(ask({ policy, earlier: ['exit'] })).toMatchObject({ retry: true, delayMs: 60_000 });
  });

  it('is not given for an exit code that the file does not name', () => {
    expect(ask({ exitCode: 2, policy: { max: 3, on: [{ exit: [1] }], backoffMs: 0 } }).retry).toBe(false);
  });

  it('is given once, on another machine, for what a machine lacks, and only where there is another', () => {
    for (const cause of ['no-space', 'gpu-error', 'import-error', 'start-failed'] as const) {
      const place = { suspect: true, another: true };
      expect(ask({ cause, place })).toMatchObject({ retry: true, delayMs: 0, reason: `${cause}: retry 1 of 1 on another machine` });
      expect(ask({ cause, place, earlier: [cause] }).retry).toBe(false);
      expect(ask({ cause }).retry).toBe(false);
    }
  });

  it('is given once after a while for the network, on any machine', () => {
    expect(ask({ cause: 'network' })).toMatchObject({ retry: true, delayMs: 10_000 });
    expect(ask({ cause: 'network', earlier: ['network'] }).retry).toBe(false);
  });

  it('is not given for what the params are to blame for', () => {
    for (const cause of ['oom', 'gpu-oom', 'nan-loss', 'timeout', 'infeasible'] as const) expect(ask({ cause }).retry).toBe(false);
  });

  it('is given once, elsewhere, for a failure of the program on a machine that has run nothing well', () => {
    const place = { suspect: true, another: true };
    expect(ask({ place })).toMatchObject({ retry: true, reason: 'exit code 1: the machine may be to blame, so once on another' });
    expect(ask({ place, earlier: ['lost'] }).retry).toBe(true);
    expect(ask({ place, earlier: ['exit'] }).retry).toBe(false);
    expect(ask({ place: { suspect: true, another: false } }).retry).toBe(false);
    // What the file says of the cause is the law.
    expect(ask({ place, policy: { on: ['any'], max: 0, backoffMs: 0 } }).retry).toBe(false);
    expect(ask({ place: { suspect: false, another: true } }).retry).toBe(false);
  });

  it('for `oom` covers the memory of a GPU, and an exit code covers the program whatever its last words were', () => {
    expect(ask({ cause: 'gpu-oom', policy: { max: 1, on: ['oom'], backoffMs: 0 } }).retry).toBe(true);
    expect(ask({ cause: 'nan-loss', policy: { max: 1, on: [{ exit: [1] }], backoffMs: 0 } }).retry).toBe(true);
    expect(ask({ cause: 'timeout', policy: { max: 1, on: [{ exit: [1] }], backoffMs: 0 } }).retry).toBe(false);
  });

  it('is never given for a program that logs no objective, whatever the file says', () => {
    expect(ask({ cause: 'no-objective', exitCode: 0, policy: { max: 9, on: ['any'], backoffMs: 0 } }).retry).toBe(false);
  });
});
