import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testGrant } from '@sweep/protocol/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptRecord, AttemptState } from './attempt-record.js';
import { openJournal } from './journal.js';

const record = (leaseId: string, state: AttemptState, cwd: string | null = null): AttemptRecord => ({
  grant: testGrant({ leaseId }),
  state,
  cwd,
  startedAt: null,
  stop: null,
  finished: null,
});

describe('the journal', () => {
  let root: string;
  let path: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'journal-'));
    path = join(root, 'journal.jsonl');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** What the next agent finds when this one is killed: it takes the lock of a dead process, here of one that let go. */
  function reopened() {
    const journal = openJournal(root);
    journal.unlock();
    return journal.found.map(({ grant, state }) => [grant.leaseId, state]);
  }

  it('holds the last step of each attempt that is not over', () => {
    const journal = openJournal(root);
    journal.write(record('a', 'preparing'));
    journal.write(record('b', 'preparing'));
    journal.write(record('a', 'running', '/work'));
    journal.write(record('b', 'exited'));
    journal.forget('b');
    journal.unlock();
    expect(reopened()).toEqual([['a', 'running']]);
  });

  it('knows the same agent again, and is one agent at a time', () => {
    const journal = openJournal(root);
    expect(() => openJournal(root)).toThrow(/already running in this folder/);
    journal.unlock();
    const again = openJournal(root);
    expect(again.agentId).toBe(journal.agentId);
    again.unlock();
  });

  it('survives being cut off at any byte: every step but the last is there', () => {
    const journal = openJournal(root);
    for (const state of ['preparing', 'running', 'exited'] as const) journal.write(record('a', state));
    journal.unlock();
    const whole = readFileSync(path);
    const lines = whole.toString().split('\n');
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        const kept = whole.subarray(0, length);
        writeFileSync(path, kept);
        const complete = kept
          .toString()
          .split('\n')
          .filter((line) => lines.includes(line) && line !== '').length;
        expect(reopened()).toEqual(complete === 0 ? [] : [['a', ['preparing', 'running', 'exited'][complete - 1]]]);
      }),
      { numRuns: 60 },
    );
  });

  it('loses no later step to a line that a full disk cut off', () => {
    const journal = openJournal(root);
    journal.write(record('a', 'preparing'));
    appendFileSync(path, '\n{"leaseId":"a","record":{"gra');
    journal.write(record('b', 'preparing'));
    journal.unlock();
    expect(reopened()).toEqual([
      ['a', 'preparing'],
      ['b', 'preparing'],
    ]);
  });

  it('does not grow with what is past', () => {
    const journal = openJournal(root);
    journal.write(record('stays', 'running'));
    const large = 'x'.repeat(100_000);
    for (let n = 0; n < 200; n++) {
      journal.write(record(`lease-${n}`, 'running', large));
      journal.forget(`lease-${n}`);
    }
    expect(statSync(path).size).toBeLessThan(5_000_000);
    journal.write(record('stays', 'exited'));
    journal.unlock();
    expect(reopened()).toEqual([['stays', 'exited']]);
    expect(statSync(path).size).toBeLessThan(10_000);
  });
});
