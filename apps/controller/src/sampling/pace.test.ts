import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SweepId, sweepId } from '@sweep/domain';
import { createLogger } from '@sweep/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Pace } from './pace.js';

const [one, other] = [sweepId('aaaaaaaa'), sweepId('bbbbbbbb')];

let folder: string;
let file: string;
let pace: Pace;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-pace-'));
  file = join(folder, 'controller.log');
  pace = new Pace(createLogger({ name: 'controller', level: 'info', file }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the log says about a sweep: from what to what, and how busy its thread was. */
function changes(of: SweepId): readonly string[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line) as { sweep: string; before: string; thoroughness: string; busy: number })
    .filter(({ sweep }) => sweep === of)
    .map(({ before, thoroughness, busy }) => `${before} > ${thoroughness} at ${busy}`);
}

describe('the pace of a sweep', () => {
  it('follows the load of its thread, and the log has one line for each change', () => {
    const given = [0.2, 0.75, 0.8, 0.971, 0.99, 0.9, 0.1, 0.3].map((busy) => pace.thoroughnessFor(one, busy));
    expect(given).toEqual(['full', 'warm', 'warm', 'least', 'least', 'short', 'full', 'full']);
    expect(changes(one)).toEqual(['full > warm at 0.75', 'warm > least at 0.97', 'least > short at 0.9', 'short > full at 0.1']);
  });

  it('is its own: sweeps of one thread are told of each by itself', () => {
    pace.thoroughnessFor(one, 0.75);
    pace.thoroughnessFor(other, 0.97);
    pace.thoroughnessFor(one, 0.75);
    expect([changes(one), changes(other)]).toEqual([['full > warm at 0.75'], ['full > least at 0.97']]);
  });

  it('says nothing while there is no load', () => {
    pace.thoroughnessFor(one, 0);
    pace.thoroughnessFor(one, 0.69);
    expect(changes(one)).toEqual([]);
  });
});
