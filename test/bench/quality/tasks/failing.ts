/** Block F: trainings that fail, and losses with a tail that no mean survives. */
import { numeric } from '@sweep/optimizer';
import { gaussian } from '../noise.js';
import { scanSettings } from './draw-settings.js';
import type { Setting, TaskParameter } from './parameter.js';
import { rowOf, storedLoss, type Table, tableTask } from './table.js';
import { landscapeOf, once, type Task } from './task.js';

/** Of each level of a parameter, first level to last; the categoricals do not matter. */
const slope: readonly number[] = [0, 0, 1, 0.5, 0, 1, 0, 0.7, 0.7];
const refused = 0.15;
const crashing = 0.05;

/** A real table where 15 % of the configurations, a corner beyond a plane, end in NaN; of the others 5 % crash, by chance. */
export function failingTable(table: Table): Task {
  const whole = tableTask('F_naval', table);
  const height = (levels: readonly number[]): number =>
    levels.reduce((sum, level, i) => sum + (slope[i]! * level) / (table.dims[i]! - 1), 0);
  const heights = once(() => Float64Array.from(table.means, (_, row) => height(levelsOf(table.dims, row))));
  const limit = once(() => heights().slice().sort()[Math.floor((1 - refused) * table.means.length)]!);
  const fails = (row: number): boolean => heights()[row]! >= limit();
  return {
    ...whole,
    block: 'F',
    trueLoss: (setting) => (fails(rowOf(table.dims, setting)) ? Number.NaN : whole.trueLoss(setting)),
    observe: (setting, noise) => {
      const row = rowOf(table.dims, setting);
      if (fails(row)) return Number.NaN;
      return noise[1] < crashing ? 'crashed' : storedLoss(table, row, noise);
    },
    landscape: once(() => landscapeOf(table.means.map((loss, row) => (fails(row) ? Number.NaN : loss)))),
  };
}

export function levelsOf(dims: readonly number[], row: number): readonly number[] {
  const levels: number[] = [];
  let rest = row;
  for (const count of dims.toReversed()) {
    levels.unshift(rest % count);
    rest = Math.floor(rest / count);
  }
  return levels;
}

/**
 * A loss that explodes where two rates are high together; its mean is about 100,000 times its median.
 *
 * The optimum lies near the edge of the explosion, as it does for learning rates.
 */
export function heavyTail(): Task {
  const rate = (name: string): TaskParameter => ({ name, kind: 'float', min: 1e-4, max: 1, log: true });
  const share = (name: string): TaskParameter => ({ name, kind: 'float', min: 0, max: 1, log: false });
  const parameters = [rate('lr'), rate('scale'), share('momentum'), share('dropout'), share('mix'), share('keep')];
  const best = 0.01;
  const trueLoss = (setting: Setting): number => {
    const [lr, scale, momentum, dropout, mix, keep] = setting.map((value) => numeric(value)!) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [a, b] = [1 + Math.log10(lr) / 4, 1 + Math.log10(scale) / 4];
    const wrong =
      4 * (a - 0.62) ** 2 +
      2 * (b - 0.5) ** 2 +
      (momentum - 0.8) ** 2 +
      (dropout - 0.2) ** 2 +
      0.5 * (mix - keep) ** 2 +
      0.3 * (keep - 0.6) ** 2;
    const beyond = Math.max(0, (a + 0.7 * b + 0.3 * momentum - 1.3) / 0.7);
    return (best + wrong) * 10 ** (8.65 * beyond);
  };
  return {
    name: 'F_heavy',
    block: 'F',
    parameters,
    metric: 'loss',
    goal: 'minimize',
    trueLoss,
    // The noise is relative: an exploded loss is not known to two digits either.
    observe: (setting, noise) => trueLoss(setting) * Math.exp(0.05 * gaussian(noise)),
    landscape: once(() => scanSettings(parameters, trueLoss, best)),
  };
}
