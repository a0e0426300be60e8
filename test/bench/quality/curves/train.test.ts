/** That the stored curves are what the training gives, and that the training learns. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFloats } from '../tasks/table.js';
import { boostingGrid, mlpGrid, rungs, sizeOf, trainingSeeds, valuesOf } from './spaces.js';
import { trained } from './train.js';

describe.each([
  { grid: mlpGrid, rows: [413, 1307], good: [0.015, 48, 8, 0.9, 0.003], bad: [4, 8, 8, 0.9, 0] },
  { grid: boostingGrid, rows: [413, 1307], good: [0.12, 3, 3, 0.5, 1], bad: [0.01, 1, 1, 0.3, 0.4] },
])('the curves of $grid.name', ({ grid, rows, good, bad }) => {
  const file = join(import.meta.dirname, `${grid.name}.f32`);
  const stored = (): Float32Array => readFloats(file);

  it('are there for every configuration, rung and seed', () => {
    expect(existsSync(file)).toBe(true);
    expect(statSync(file).size).toBe(4 * sizeOf(grid) * rungs * trainingSeeds);
    expect(stored().every((loss) => Number.isFinite(loss) && loss > 0)).toBe(true);
  });

  it('come out again when a configuration is trained again', () => {
    const losses = stored();
    const curves = [...trained(grid.name, rows)];
    rows.forEach((row, index) => {
      for (let seed = 0; seed < trainingSeeds; seed += 1) {
        const before = Array.from({ length: rungs }, (_, rung) => losses[(row * rungs + rung) * trainingSeeds + seed]!);
        // Digits beyond these may differ where another Node has another exp and log.
        const off = curves[index]![seed]!.map((loss, rung) => Math.abs(loss - before[rung]!));
        expect(Math.max(...off)).toBeLessThan(1e-4);
      }
    });
  });

  it('fall for good settings and not for bad ones', () => {
    const losses = stored();
    const rowOf = (values: readonly number[]): number =>
      Array.from({ length: sizeOf(grid) }, (_, row) => row).find((row) =>
        valuesOf(grid, row).every((value, index) => value === values[index]),
      )!;
    const at = (values: readonly number[], rung: number): number => losses[(rowOf(values) * rungs + rung) * trainingSeeds]!;
    expect(at(good, rungs - 1)).toBeLessThan(0.7 * at(good, 0));
    expect(at(bad, rungs - 1)).toBeGreaterThan(1.2 * at(good, rungs - 1));
  });
});
