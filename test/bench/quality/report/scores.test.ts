/** Against what the public runner of this benchmark, in Python, prints for the same traces. */
import { describe, expect, it } from 'vitest';
import { roughFunctions, scanned, smoothFunctions } from '../tasks/function-task.js';
import type { Trace } from '../trace.js';
import { estimate } from './bootstrap.js';
import { type Cell, cellsOf, level, type Run, regretAt, runOf, samples, scoreAt, trialsTo } from './scores.js';

const landscape = (name: string) => scanned([...smoothFunctions, ...roughFunctions].find((target) => target.name === name)!);
const trace = (fields: Partial<Trace>): Trace => ({
  m: 'tpe',
  t: 'S_hartmann6',
  b: 'S',
  seed: 0,
  k: 1,
  n: 1,
  dup: 0,
  p50: 2,
  p95: 6,
  sec: 1,
  tr: [],
  ...fields,
});

describe('the scores of a run', () => {
  it('are those of the public runner on a smooth function', () => {
    const tr: Trace['tr'] = [
      ...[
        [1, -0.304809],
        [10, -0.6034215],
        [11, -1.424667],
        [12, -2.57818],
        [24, -2.720322],
        [43, -3.044008],
      ],
      ...[
        [50, -3.119428],
        [63, -3.122888],
        [67, -3.169619],
        [93, -3.178059],
      ],
    ] as [number, number][];
    const run = runOf(trace({ n: 100, tr }), landscape('S_hartmann6'));
    expect([20, 40, 60, 80, 100].map((n) => scoreAt(n)(run)!.toFixed(6))).toEqual([
      '76.871979',
      '81.289496',
      '93.692990',
      '95.252836',
      '95.515136',
    ]);
    expect(regretAt(60)(run)).toBeCloseTo(0.2029400114, 9);
    expect(run.auc60).toBeCloseTo(70.8255145068769, 9);
    expect(run.logEcdf60).toBeCloseTo(-4.3979400086720375, 12);
    expect(run.logRegret60).toBeCloseTo(-1.20017651300284, 9);
  });

  it('are those of the public runner on a rough function, better than the whole scan', () => {
    const tr: Trace['tr'] = [
      ...[
        [1, 20.99358],
        [7, 20.53187],
        [19, 19.93781],
        [21, 19.83739],
        [26, 19.83283],
        [28, 19.56138],
      ],
      ...[
        [32, 19.43176],
        [34, 18.87844],
        [36, 18.5582],
        [56, 12.32428],
        [59, 10.65265],
        [78, 10.07216],
      ],
    ] as [number, number][];
    const run = runOf(trace({ t: 'R_ackley10', n: 80, tr }), landscape('R_ackley10'));
    expect([20, 40, 60, 80].map((n) => scoreAt(n)(run)!.toFixed(6))).toEqual(['6.499925', '12.969725', '50.043481', '52.765739']);
    expect(run.logEcdf60).toBe(-5);
    expect(run.auc60).toBeCloseTo(11.258947240421215, 9);
  });

  it('are 0 from an error on, and unknown where a run was meant to be short', () => {
    const short = { n: 2, tr: [[1, -0.304809]] as const };
    const failed = runOf(trace({ ...short, error: 'gone' }), landscape('S_hartmann6'));
    const whole = runOf(trace(short), landscape('S_hartmann6'));
    expect([scoreAt(2)(failed)! > 0, scoreAt(60)(failed), failed.auc60]).toEqual([true, 0, 0]);
    expect([scoreAt(60)(whole), whole.auc60]).toEqual([undefined, undefined]);
  });

  it('are 0 while nothing was observed', () => {
    const run = runOf(
      trace({
        n: 3,
        tr: [
          [1, null],
          [3, -3],
        ],
      }),
      landscape('S_hartmann6'),
    );
    expect(run.scores[1]).toBe(0);
    expect(run.regrets[1]).toBe(Number.POSITIVE_INFINITY);
    expect(run.scores[2]).toBeGreaterThan(80);
  });
});

describe('an estimate', () => {
  const gp = new Map([
    ['rastrigin', [62.825, 76.636, 68.075, 70.32, 62.906]],
    ['ackley', [47.636, 50.043, 39.256, 57.014, 41.055]],
    ['rosenbrock', [99.453, 99.492, 99.205, 98.684, 99.401]],
  ]);
  const tpe = new Map([
    ['rastrigin', [65.241, 67.361, 74.831, 70.32, 55.78, 71.147, 70.27, 82.935, 74.284, 63.625]],
    ['ackley', [36.297, 34.711, 26.901, 10.076, 26.848, 9.226, 26.337, 19.833, 18.072, 22.857]],
    ['rosenbrock', [98.973, 99.419, 99.036, 99.401, 97.327, 99.341, 99.086, 99.192, 98.723, 99.362]],
  ]);

  it('has the mean of the public runner, and its interval up to the number of resamples', () => {
    const { mean, low, high } = estimate(gp, tpe)!;
    expect(mean).toBeCloseTo(7.573, 9);
    expect(Math.abs(low - 4.29)).toBeLessThan(0.3);
    expect(Math.abs(high - 10.94)).toBeLessThan(0.3);
  });

  it('is wider when other tasks are imagined too', () => {
    const { mean, low, high } = estimate(gp, tpe, 'tasks and seeds')!;
    expect(mean).toBeCloseTo(7.573, 9);
    expect(Math.abs(low - -3.27)).toBeLessThan(0.6);
    expect(Math.abs(high - 22.5)).toBeLessThan(0.9);
  });

  it('of a level takes no others', () => {
    const { mean, low, high } = estimate(gp)!;
    expect(mean).toBeCloseTo(71.46673333, 6);
    expect(Math.abs(low - 69.13)).toBeLessThan(0.3);
    expect(Math.abs(high - 73.85)).toBeLessThan(0.3);
  });

  it('is the same each time, compares common tasks only, and nothing without one', () => {
    expect(estimate(gp, tpe)).toEqual(estimate(gp, tpe));
    expect(estimate(gp, new Map([['ackley', [40]]]))!.mean).toBeCloseTo(47.0008 - 40, 9);
    expect(estimate(gp, new Map([['other', [40]]]))).toBeUndefined();
  });
});

describe('a block', () => {
  const run = (scores: readonly number[]): Run => ({
    seed: 0,
    failed: false,
    askMs: 1,
    scores,
    regrets: scores.map((score) => 100 - score),
    auc60: undefined,
    recommended: undefined,
    logEcdf60: undefined,
    logRegret60: undefined,
  });
  const cell: Cell = {
    method: 'mine',
    workers: 1,
    runs: new Map([
      ['a', [run([10, 20, 90]), run([20, 40, 90])]],
      ['b', [run([50, 60, 80])]],
    ]),
  };

  it('weighs tasks alike, however many seeds each has', () => {
    expect(level(samples(cell, ['a', 'b'], scoreAt(2)))).toBe(45);
  });

  it('tells by which trial a level is reached', () => {
    expect(trialsTo(45, cell, ['a', 'b'])).toBe(2);
    expect(trialsTo(46, cell, ['a', 'b'])).toBe(3);
    expect(trialsTo(99, cell, ['a', 'b'])).toBeUndefined();
  });

  it('passes over traces of tasks that are not here', () => {
    expect(cellsOf([trace({ t: 'HPOBench_car' })], new Map())).toEqual([]);
  });
});
