/** Trains every configuration of block L with every seed, and packs the curves: float32, [configuration][rung][seed]. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boostingCurve, friedman } from './boosting.js';
import { digits } from './digits.js';
import { mlpCurve } from './mlp.js';
import { boostingGrid, type Grid, mlpGrid, rungs, sizeOf, trainingSeeds, valuesOf } from './spaces.js';

type Train = (values: readonly number[], seed: number) => readonly number[];

function trainMlp(): Train {
  const data = { train: digits(400, 11), test: digits(400, 12) };
  return ([rate, width, batch, momentum, decay], seed) =>
    mlpCurve({ rate: rate!, width: width!, batch: batch!, momentum: momentum!, decay: decay! }, data, rungs, seed);
}

function trainBoosting(): Train {
  const data = { train: friedman(250, 21), test: friedman(500, 22) };
  return ([rate, depth, leaf, rows, columns], seed) =>
    boostingCurve({ rate: rate!, depth: depth!, leaf: leaf!, rows: rows!, columns: columns! }, data, rungs, seed);
}

const trainers: readonly (readonly [Grid, () => Train])[] = [
  [mlpGrid, trainMlp],
  [boostingGrid, trainBoosting],
];

/** Each curve of these configurations, one a training seed. */
export function* trained(name: string, rows: Iterable<number>): Iterable<readonly (readonly number[])[]> {
  const [grid, make] = trainers.find(([{ name: other }]) => other === name)!;
  const train = make();
  for (const row of rows) yield Array.from({ length: trainingSeeds }, (_, seed) => train(valuesOf(grid, row), 1000 + seed));
}

export function trainAll(folder: string): void {
  for (const [grid] of trainers) {
    const bytes = Buffer.alloc(4 * sizeOf(grid) * rungs * trainingSeeds);
    let at = 0;
    for (const curves of trained(grid.name, Array(sizeOf(grid)).keys())) {
      for (let rung = 0; rung < rungs; rung += 1) {
        for (const curve of curves) at = bytes.writeFloatLE(curve[rung]!, at);
      }
    }
    writeFileSync(join(folder, `${grid.name}.f32`), bytes);
  }
}
