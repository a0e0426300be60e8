import { describe, expect, it } from 'vitest';
import { type Grid, rungs, sizeOf, trainingSeeds } from '../curves/spaces.js';
import { curveTask } from '../tasks/curve-task.js';
import { drive } from './drive.js';
import { samplerSearcher } from './sampler-searcher.js';
import type { Searcher } from './searcher.js';

const grid: Grid = { name: 'L_mlp', levels: [[1, 2, 3, 4]] };
/** Level x ends at x, from 10 above; every training seed alike. */
const losses = Float32Array.from({ length: sizeOf(grid) * rungs * trainingSeeds }, (_, index) => {
  const row = Math.floor(index / trainingSeeds / rungs);
  const rung = Math.floor(index / trainingSeeds) % rungs;
  return row + (10 * (rungs - 1 - rung)) / (rungs - 1);
});
const task = curveTask(grid, losses);
const plan = { method: 'mine', seed: 0, trials: 4, workers: 1 };

/** Proposes these levels over and over, stops whom it is told to stop, and remembers. */
function scripted(levels: readonly number[], stops: (number: number, step: number) => boolean) {
  const log: string[] = [];
  let number = 0;
  const searcher: Searcher = {
    async ask() {
      number += 1;
      return { number, params: { x0: levels[(number - 1) % levels.length]! } };
    },
    async report(reported, step) {
      return stops(reported, step);
    },
    async tell(told, value) {
      log.push(`${told} ended at ${value}`);
    },
    async stopped(told, value) {
      log.push(`${told} stopped at ${value}`);
    },
    async recommended() {
      return undefined;
    },
    async close() {},
  };
  return { searcher, log };
}

describe('trials with curves', () => {
  it('take their whole training each when nothing is stopped', async () => {
    const { searcher, log } = scripted([3, 1, 2, 0], () => false);
    const trace = await drive(task, () => searcher, plan);
    expect(log).toEqual(['1 ended at 3', '2 ended at 1', '3 ended at 2', '4 ended at 0']);
    expect(trace.tr).toEqual([
      [1, 3],
      [2, 1],
      [4, 0],
    ]);
  });

  it('leave the training that they did not need to others', async () => {
    const { searcher, log } = scripted([3, 0], (number, step) => number % 2 === 1 && step === 1);
    const trace = await drive(task, () => searcher, { ...plan, trials: 2 });
    expect(log.slice(0, 2)).toEqual(['1 stopped at 13', '2 ended at 0']);
    // One rung short of the first whole training, so the second one's end falls into the second.
    expect(trace.tr).toEqual([
      [1, null],
      [2, 0],
    ]);
  });

  it('count only when they were trained to the end', async () => {
    const { searcher } = scripted([0], (_, step) => step === rungs - 1);
    const trace = await drive(task, () => searcher, plan);
    expect(trace.tr).toEqual([[1, null]]);
  });

  it('run beside each other on one budget', async () => {
    const { searcher, log } = scripted([3, 1, 2, 0], () => false);
    const trace = await drive(task, () => searcher, { ...plan, workers: 4 });
    expect(trace.n).toBe(4);
    expect(log.length).toBeLessThanOrEqual(4);
    expect(trace.tr[0]).toEqual([1, null]);
  });

  it('of a sampler are stopped by successive halving', async () => {
    const choice = { sampler: 'random', options: {} };
    let asked = 0;
    const counted = (): Searcher => {
      const searcher = samplerSearcher(task, choice, 1);
      return {
        ...searcher,
        ask() {
          asked += 1;
          return searcher.ask();
        },
      };
    };
    const trace = await drive(task, counted, { ...plan, trials: 20, workers: 4 });
    expect(trace.error).toBeUndefined();
    expect(asked).toBeGreaterThan(30);
    expect(trace.tr.at(-1)![1]).toBe(0);
  });
});
