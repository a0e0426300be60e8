/** Block L: trainings whose loss is known after each rung, for algorithms that stop early. The curves were made by `curves/`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Grid, rungs, trainingSeeds } from '../curves/spaces.js';
import type { Uniforms } from '../noise.js';
import type { Setting } from './parameter.js';
import { levelParameter, readFloats, rowOf } from './table.js';
import { landscapeOf, once, type Task } from './task.js';

export interface CurveTask extends Task {
  readonly rungs: number;
  /** The noisy loss after each rung: one of the recorded trainings. */
  curve(setting: Setting, noise: Uniforms): readonly number[];
}

export function hasCurves(folder: string, { name }: Grid): boolean {
  return existsSync(join(folder, `${name}.f32`));
}

/** @param losses float32 of [configuration][rung][training seed] */
export function curveTask({ name, levels }: Grid, losses: Float32Array): CurveTask {
  const dims = levels.map(({ length }) => length);
  const at = (row: number, rung: number, seed: number): number => losses[(row * rungs + rung) * trainingSeeds + seed]!;
  const finalLoss = (row: number): number =>
    Array.from({ length: trainingSeeds }, (_, seed) => at(row, rungs - 1, seed)).reduce((a, b) => a + b, 0) / trainingSeeds;
  const seedOf = ([u]: Uniforms): number => Math.min(trainingSeeds - 1, Math.floor(u * trainingSeeds));
  return {
    name,
    block: 'L',
    parameters: dims.map((count, index) => levelParameter(`x${index}`, count, false)),
    metric: 'loss',
    goal: 'minimize',
    rungs,
    trueLoss: (setting) => finalLoss(rowOf(dims, setting)),
    observe: (setting, noise) => at(rowOf(dims, setting), rungs - 1, seedOf(noise)),
    curve: (setting, noise) => Array.from({ length: rungs }, (_, rung) => at(rowOf(dims, setting), rung, seedOf(noise))),
    landscape: once(() => landscapeOf(Float64Array.from({ length: losses.length / rungs / trainingSeeds }, (_, row) => finalLoss(row)))),
  };
}

export function readCurves(folder: string, grid: Grid): CurveTask {
  return curveTask(grid, readFloats(join(folder, `${grid.name}.f32`)));
}
