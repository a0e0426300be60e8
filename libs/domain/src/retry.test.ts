import { describe, expect, it } from 'vitest';
import { decideRetry } from './retry.js';

const ask = (change: Partial<Parameters<typeof decideRetry>[0]>) =>
  decideRetry({ cause: 'exit', exitCode: 1, earlier: [], policy: null, ...change });

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

  it('is never given for a program that logs no objective, whatever the file says', () => {
    expect(ask({ cause: 'no-objective', exitCode: 0, policy: { max: 9, on: ['any'], backoffMs: 0 } }).retry).toBe(false);
  });
});
