/** Tasks against what is known of them: published optima, and figures of an independent implementation in Python and numpy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniforms } from '../noise.js';
import { mean } from '../quantile.js';
import { catalogue, chosenTasks, UnknownTask } from './catalogue.js';
import { failingTable, heavyTail, levelsOf } from './failing.js';
import { roughFunctions, scanned, smoothFunctions } from './function-task.js';
import { mixedTasks } from './mixed.js';
import { scanPoints } from './scan.js';
import { readTable, rowOf, type Table, tableTask } from './table.js';

describe('the scan', () => {
  it('is that of numpy', () => {
    const expected = [0.22733602, 0.31675834, 0.79736546, 0.67625467];
    expect([...scanPoints(1).subarray(0, 4)].map((x) => Number(x.toFixed(8)))).toEqual(expected);
  });
});

describe('a function', () => {
  const points: Readonly<Record<string, readonly [readonly number[], number]>> = {
    S_branin2: [[1, 2], 21.62763539206238],
    S_hartmann6: [[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], -1.4069105761385297],
    S_levy8: [[1, -2, 3, -4, 5, -6, 7, -8], 135.14678696389228],
    S_ellipsoid20: [Array.from({ length: 20 }, (_, i) => i / 10 - 1), 3607.709394043325],
    R_rastrigin5: [[0.5, -1, 2, -3, 4], 110.06445089091079],
    R_ackley10: [Array.from({ length: 10 }, (_, i) => i * 2.5 - 10), 20.008619917909964],
    R_steprosenbrock5: [[0.33, -0.77, 1.1, -1.9, 0.5], 1991.32],
  };

  it.each([...smoothFunctions, ...roughFunctions])('$name has the value and the median that Python finds', (target) => {
    const [x, value] = points[target.name]!;
    expect(Math.abs(target.at(x) / value - 1)).toBeLessThan(1e-12);
    expect(Math.abs(scanned(target).median / target.median - 1)).toBeLessThan(1e-12);
  });

  it('with noise gives the same value for the same visit as Python', () => {
    const task = catalogue({ tables: '/nowhere', curves: '/nowhere' }).tasks.get('S_branin2_noisy')!();
    const loss = task.observe([0.5, 5], uniforms('public-1', task.name, 3, '[0.5, 5.0]', 2));
    expect(loss).toBeCloseTo(20.803628483839432, 12);
  });
});

describe('a table', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sweep-table-'));
    const meta = { dims: [2, 3], cat: [true, false], R: 2, opt: -0.9 };
    writeFileSync(join(folder, 'meta.json'), JSON.stringify({ HPOBench_car: meta }));
    const losses = Buffer.alloc(48);
    [-0.1, -0.3, -0.2, -0.2, -0.5, -0.7, -0.8, -1, -0.4, -0.4, -0.3, -0.3].forEach((loss, i) => {
      losses.writeFloatLE(loss, 4 * i);
    });
    writeFileSync(join(folder, 'HPOBench_car.f32'), losses);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read by row and training seed, and maximised if its optimum is negative', () => {
    const task = tableTask('HPOBench_car', readTable(folder, 'HPOBench_car'));
    expect(task.goal).toBe('maximize');
    expect(task.trueLoss(['v1', 0])).toBeCloseTo(-0.9, 6);
    expect(task.observe(['v1', 0], [0.49, 0, 0])).toBeCloseTo(-0.8, 6);
    expect(task.observe(['v1', 0], [0.5, 0, 0])).toBeCloseTo(-1, 6);
    expect(task.landscape().best).toBeCloseTo(-0.9, 6);
    expect(task.landscape().median).toBeCloseTo(-0.35, 6);
  });

  it('that is absent is named, and its block is empty', () => {
    const here = catalogue({ tables: folder, curves: folder });
    expect(chosenTasks(here, ['T'])).toEqual(['HPOBench_car']);
    expect(here.absent).toContain('NASBench201_imagenet');
    expect(chosenTasks(catalogue({ tables: '/nowhere', curves: '/nowhere' }), ['T'])).toEqual([]);
  });

  it('that nobody knows is refused', () => {
    expect(() => chosenTasks(catalogue({ tables: folder, curves: folder }), ['HPOBench_cart'])).toThrow(UnknownTask);
  });

  it('has rows in the order of levels', () => {
    expect(levelsOf([2, 3, 4], 23)).toEqual([1, 2, 3]);
    expect(rowOf([2, 3, 4], ['v1', 2, 3])).toBe(23);
  });
});

describe('a mixed task', () => {
  it.each(mixedTasks())('$name is best where it should be, and random settings are far from it', (task) => {
    const { best, median, losses } = task.landscape();
    expect(losses[0]).toBeGreaterThanOrEqual(best);
    expect(median - best).toBeGreaterThan(0.3);
  });

  it('reaches its optimum at one setting', () => {
    const [mixed, conditional] = mixedTasks();
    expect(mixed!.trueLoss(['adam', true, 4, 192, 10 ** -2.9, 1e-4, 0.2, 0.1])).toBeCloseTo(0.05, 12);
    expect(conditional!.trueLoss(['attention', 'adam', 'cosine', 64, 1e-3, 1e-3, 0.15, 0.12, null, null, 8, 7])).toBeCloseTo(0.05, 12);
  });
});

describe('a task that fails', () => {
  const dims = [2, 2, 4, 3, 3, 6, 2, 6, 6];
  const rows = dims.reduce((a, b) => a * b);
  const losses = Float32Array.from({ length: rows }, (_, row) => row);
  const table: Table = { dims, cat: dims.map(() => false), R: 1, opt: 0, losses, means: Float64Array.from(losses) };

  it('has no result in 15 % of the space, and crashes in 5 % of the rest', () => {
    const task = failingTable(table);
    const settings = Array.from({ length: rows }, (_, row) => levelsOf(dims, row));
    const refused = settings.filter((setting) => Number.isNaN(task.trueLoss(setting)));
    expect(refused.length / rows).toBeCloseTo(0.15, 2);
    expect(refused.every((setting) => Number.isNaN(task.observe(setting, [0.5, 0.01, 0.5])))).toBe(true);
    expect(task.observe(settings[0]!, [0.5, 0.049, 0.5])).toBe('crashed');
    expect(task.observe(settings[0]!, [0.5, 0.051, 0.5])).toBe(0);
  });

  it('has a mean of about 100,000 medians where the tail is heavy', () => {
    const { losses, median } = heavyTail().landscape();
    const ratio = mean([...losses]) / median;
    expect(ratio).toBeGreaterThan(5e4);
    expect(ratio).toBeLessThan(2e5);
  });
});
