import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Point } from './points.js';
import { type Batch, Spool } from './spool.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spool-'));
  path = join(folder, 'spool');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const point = (step: number, value = step): Point => ({ name: 'loss', step, value, time: 1 });

function batches(spool: Spool, from: number): readonly Batch[] {
  const found: Batch[] = [];
  for (let batch = spool.after(from); batch !== null; batch = spool.after(batch.sequence)) found.push(batch);
  return found;
}

describe('a spool', () => {
  it('keeps batches by number, with the values that JSON has no words for', () => {
    const spool = new Spool(path);
    spool.append([point(1), { ...point(1), name: 'acc', value: Number.NaN }], { metrics: 10 });
    spool.append([point(2, Number.NEGATIVE_INFINITY), point(3)], { metrics: 20 });
    expect(batches(spool, 0)).toEqual([
      {
        sequence: 1,
        series: [
          { name: 'loss', steps: [1], values: [1], times: [1] },
          { name: 'acc', steps: [1], values: [Number.NaN], times: [1] },
        ],
      },
      { sequence: 2, series: [{ name: 'loss', steps: [2, 3], values: [Number.NEGATIVE_INFINITY, 3], times: [1, 1] }] },
    ]);
    spool.close();
  });

  it('goes on where an earlier one was killed: numbers, positions and what was not acknowledged', () => {
    const first = new Spool(path);
    first.append([point(1)], { metrics: 10 });
    first.append([point(2)], { metrics: 20 });
    first.close();
    const second = new Spool(path);
    expect(second.lastSequence).toBe(2);
    expect(second.positions).toEqual({ metrics: 20 });
    second.append([point(3)], { metrics: 30 });
    expect(batches(second, 1).map(({ sequence }) => sequence)).toEqual([2, 3]);
    second.close();
  });

  it('forgets a batch that was cut off at any byte, and the position behind it', () => {
    const first = new Spool(path);
    first.append([point(1)], { metrics: 10 });
    const whole = statSync(path).size;
    first.append([point(2)], { metrics: 20 });
    const size = statSync(path).size;
    first.close();
    for (let cut = size - 1; cut >= whole; cut--) {
      truncateSync(path, cut);
      const spool = new Spool(path);
      expect([spool.lastSequence, spool.positions]).toEqual([1, { metrics: 10 }]);
      spool.close();
    }
  });

  it('keeps parts of one read together: without the last of them there is none', () => {
    const first = new Spool(path);
    first.append(
      Array.from({ length: 45_000 }, (_, step) => point(step)),
      { metrics: 99 },
    );
    expect(batches(first, 0)).toHaveLength(3);
    first.close();
    truncateSync(path, statSync(path).size - 1);
    const second = new Spool(path);
    expect([second.lastSequence, second.positions, second.isEmpty]).toEqual([0, {}, true]);
    second.close();
  });

  it('starts its file again when all is acknowledged, and keeps counting', () => {
    const spool = new Spool(path);
    for (let i = 0; i < 18; i++)
      spool.append(
        Array.from({ length: 20_000 }, (_, step) => point(step)),
        { metrics: i },
      );
    spool.acknowledge(18);
    expect(statSync(path).size).toBeLessThan(1_000);
    spool.append([point(1)], { metrics: 18 });
    spool.close();
    const again = new Spool(path);
    expect([again.lastSequence, again.positions, batches(again, 18).length]).toEqual([19, { metrics: 18 }, 1]);
    again.close();
  });

  it('offers exactly the batches above what was acknowledged', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.array(fc.nat(25), { maxLength: 5 }), (count, acknowledged) => {
        rmSync(path, { force: true });
        const spool = new Spool(path);
        for (let i = 1; i <= count; i++) spool.append([point(i)], {});
        for (const sequence of acknowledged) spool.acknowledge(sequence);
        const highest = Math.max(0, ...acknowledged);
        expect(batches(spool, 0).map(({ sequence }) => sequence)).toEqual(
          Array.from({ length: count }, (_, i) => i + 1).filter((n) => n > highest),
        );
        spool.close();
      }),
      { numRuns: 50 },
    );
  });

  it('takes foreign bytes at its end for a batch that was cut off', () => {
    const first = new Spool(path);
    first.append([point(1)], {});
    first.close();
    appendFileSync(path, '[2, [["loss"');
    const second = new Spool(path);
    expect(second.lastSequence).toBe(1);
    second.close();
  });
});
