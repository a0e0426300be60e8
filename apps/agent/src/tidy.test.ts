import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grant } from '@sweep/protocol';
import { testGrant } from '@sweep/protocol/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Entry, outdated, tidy } from './tidy.js';
import { Workdir } from './workdir.js';

const day = 24 * 3_600_000;
const now = Date.parse('2026-11-21T12:00:00Z');

describe('what may go', () => {
  const entry = (name: string, daysOld: number, bytes = 1): Entry => ({ name, bytes, usedAt: now - daysOld * day });
  const bounds = { mostAgeMs: 30 * day, mostBytes: 10 };
  const judge = (entries: Entry[], ...inUse: string[]) => outdated(entries, (name) => inUse.includes(name), { now, bounds });

  it('is what nobody used for too long', () => {
    expect(judge([entry('new', 1), entry('old', 31), entry('edge', 30)])).toEqual(['old']);
  });

  it('is the longest unused first, as much as is too much', () => {
    expect(judge([entry('c', 1, 4), entry('a', 3, 4), entry('b', 2, 4)])).toEqual(['a']);
    expect(judge([entry('c', 1, 9), entry('a', 3, 4), entry('b', 2, 4)])).toEqual(['a', 'b']);
  });

  it('is never what is in use, however old and large', () => {
    expect(judge([entry('a', 99, 50), entry('b', 2, 4)], 'a')).toEqual(['b']);
  });

  it('leaves no more than the bounds, but for what is in use', () => {
    const entries = fc.uniqueArray(fc.record({ name: fc.string(), bytes: fc.nat(9), usedAt: fc.integer({ min: 0, max: now }) }), {
      selector: ({ name }) => name,
    });
    fc.assert(
      fc.property(entries, fc.func(fc.boolean()), (all, isUsed) => {
        const used = new Set(all.map(({ name }) => name).filter((name) => isUsed(name)));
        const gone = new Set(outdated(all, (name) => used.has(name), { now, bounds }));
        const left = all.filter(({ name }) => !gone.has(name) && !used.has(name));
        const bytes = all.filter(({ name }) => !gone.has(name)).reduce((sum, one) => sum + one.bytes, 0);
        expect([...gone].filter((name) => used.has(name))).toEqual([]);
        expect(left.every(({ usedAt }) => now - usedAt <= bounds.mostAgeMs)).toBe(true);
        expect(bytes <= bounds.mostBytes || left.length === 0).toBe(true);
      }),
    );
  });
});

describe("an agent's folder", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tidy-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function make(path: string, daysOld: number): void {
    mkdirSync(join(root, path, 'deep'), { recursive: true });
    writeFileSync(join(root, path, 'deep/file'), 'x');
    const at = new Date(now - daysOld * day);
    utimesSync(join(root, path), at, at);
  }
  const run = (...grants: Grant[]) => tidy({ workdir: new Workdir(root), grants: () => grants, signal: new AbortController().signal }, now);

  it('loses old code, checkpoints and leftovers, and nothing of a live attempt', async () => {
    const [liveHash, oldHash] = ['a'.repeat(64), 'b'.repeat(64)];
    for (const path of [`code/${liveHash}`, `code/${oldHash}`, 'checkpoints/live', 'checkpoints/old', 'attempts/live.2', 'attempts/old.1'])
      make(path, 40);
    make('checkpoints/young', 20);
    make('elsewhere', 400);
    const live = testGrant({ trialId: 'live', attempt: 2, code: { hash: liveHash, size: 1 } });
    const { removed } = await run(live);
    expect(removed.map((path) => path.slice(root.length + 1)).sort()).toEqual(['attempts/old.1', 'checkpoints/old', `code/${oldHash}`]);
    expect(readdirSync(join(root, 'checkpoints')).sort()).toEqual(['live', 'young']);
    expect(existsSync(join(root, 'elsewhere/deep/file'))).toBe(true);
    expect(await run(live)).toEqual({ removed: [], failed: [] });
  });

  it('loses what an earlier removal left, whatever its age', async () => {
    make('code/cccc.old', 0);
    make('attempts/live.1.old', 0);
    const { removed } = await run(testGrant({ trialId: 'live', attempt: 1 }));
    expect(removed.map((path) => path.slice(root.length + 1)).sort()).toEqual(['attempts/live.1.old', 'code/cccc.old']);
  });

  it('names what cannot be removed, and removes the rest', async () => {
    // One that cannot be put aside, whoever asks: with the ending its name is longer than a name may be.
    const stuck = 'x'.repeat(253);
    make(`attempts/${stuck}`, 50);
    make('attempts/two.1', 40);
    const { removed, failed } = await run();
    expect(removed).toEqual([join(root, 'attempts/two.1')]);
    expect(failed).toEqual([expect.stringMatching(/^.*x{253}: ENAMETOOLONG/)]);
    expect(readdirSync(join(root, 'attempts'))).toEqual([stuck]);
  });

  it('may be new', async () => {
    expect(await run()).toEqual({ removed: [], failed: [] });
  });
});
