/**
 * Block M: synthetic landscapes on mixed spaces, shaped like those of trainings.
 *
 * The loss of the first two is 0.05 + 0.95 (1 − e^−q), where q ≥ 0 sums what is wrong with a setting and is 0 at one setting exactly.
 * The last is an NK model (Kauffman and Weinberger, 1989): six categoricals, each interacting with its two neighbours.
 */
import { numeric, type ParamValue, random } from '@sweep/optimizer';
import { gaussian } from '../noise.js';
import { scanSettings } from './draw-settings.js';
import type { Setting, TaskParameter } from './parameter.js';
import { levelOf, levelParameter } from './table.js';
import { type Landscape, landscapeOf, once, type Task } from './task.js';

export function mixedTasks(): readonly Task[] {
  return [mixed8(), conditional12(), neighbours6()];
}

interface Recipe {
  readonly name: string;
  readonly parameters: readonly TaskParameter[];
  readonly trueLoss: (setting: Setting) => number;
  readonly landscape: () => Landscape;
}

/** About 2 % of the distance from best to median. */
const noise = 0.01;

function mixedTask(recipe: Recipe): Task {
  const { trueLoss } = recipe;
  return { ...recipe, block: 'M', metric: 'loss', goal: 'minimize', observe: (setting, u) => trueLoss(setting) + noise * gaussian(u) };
}

const least = 0.05;
const saturating = (wrong: number): number => least + 0.95 * (1 - Math.exp(-wrong));
const real = (value: ParamValue | undefined): number => numeric(value ?? null) ?? 0;
const square = (x: number): number => x * x;

/** Learning rates are best per optimiser, and lower for wide networks; dropout is best higher for large ones. */
const optimisers: Readonly<Record<string, { readonly behind: number; readonly logRate: number; readonly diverges: number }>> = {
  sgd: { behind: 0.25, logRate: -0.7, diverges: 0 },
  momentum: { behind: 0.06, logRate: -1.6, diverges: -0.8 },
  adam: { behind: 0, logRate: -2.9, diverges: -2 },
  lamb: { behind: 0.12, logRate: -2.2, diverges: -1 },
};

function mixed8(): Task {
  const parameters: readonly TaskParameter[] = [
    { name: 'optimizer', kind: 'choice', values: ['sgd', 'momentum', 'adam', 'lamb'] },
    { name: 'augment', kind: 'choice', values: [false, true] },
    { name: 'layers', kind: 'int', min: 1, max: 8, log: false },
    { name: 'width', kind: 'int', min: 16, max: 1024, log: true },
    { name: 'lr', kind: 'float', min: 1e-5, max: 1, log: true },
    { name: 'decay', kind: 'float', min: 1e-6, max: 0.1, log: true },
    { name: 'dropout', kind: 'float', min: 0, max: 0.6, log: false },
    { name: 'smoothing', kind: 'float', min: 0, max: 0.3, log: false },
  ];
  const trueLoss = ([optimizer, augment, layers, width, lr, decay, dropout, smoothing]: Setting): number => {
    const { behind, logRate, diverges } = optimisers[String(optimizer)]!;
    // In doublings above 192 units.
    const wider = Math.log2(real(width) / 192);
    const rate = Math.log10(real(lr));
    const regular = 0.2 + 0.04 * wider + 0.02 * (real(layers) - 4) - (augment === true ? 0 : 0.1);
    return saturating(
      behind +
        (augment === true ? 0 : 0.1) +
        0.02 * square(real(layers) - 4) +
        0.05 * square(wider) +
        0.25 * square(rate - logRate + 0.15 * wider) +
        3 * square(Math.max(0, rate - diverges)) +
        0.04 * square(Math.log10(real(decay)) + 4) +
        3 * square(real(dropout) - regular) +
        2 * square(real(smoothing) - 0.1),
    );
  };
  return mixedTask({ name: 'M_mixed8', parameters, trueLoss, landscape: once(() => scanSettings(parameters, trueLoss, least)) });
}

/** Attention wins, but only with the right children; convolution is good at once. */
function conditional12(): Task {
  const parameters: readonly TaskParameter[] = [
    { name: 'block', kind: 'choice', values: ['conv', 'attention'] },
    { name: 'optimizer', kind: 'choice', values: ['sgd', 'adam', 'lion'] },
    { name: 'schedule', kind: 'choice', values: ['constant', 'cosine', 'step'] },
    { name: 'batch', kind: 'choice', values: [16, 32, 64, 128, 256] },
    { name: 'lr', kind: 'float', min: 1e-5, max: 1, log: true },
    { name: 'decay', kind: 'float', min: 1e-6, max: 0.1, log: true },
    { name: 'dropout', kind: 'float', min: 0, max: 0.6, log: false },
    { name: 'warmup', kind: 'float', min: 0, max: 0.3, log: false },
    { name: 'kernel', kind: 'int', min: 1, max: 9, log: false, when: { block: ['conv'] } },
    { name: 'channels', kind: 'int', min: 8, max: 512, log: true, when: { block: ['conv'] } },
    { name: 'heads', kind: 'choice', values: [1, 2, 4, 8, 16], when: { block: ['attention'] } },
    { name: 'depth', kind: 'int', min: 1, max: 12, log: false, when: { block: ['attention'] } },
  ];
  const rateOf: Readonly<Record<string, number>> = { sgd: -1, adam: -3, lion: -3.6 };
  const behindOf: Readonly<Record<string, number>> = { sgd: 0.2, adam: 0, lion: 0.05, constant: 0.12, cosine: 0, step: 0.06 };
  const trueLoss = (setting: Setting): number => {
    const [block, optimizer, schedule, batch, lr, decay, dropout, warmup, kernel, channels, heads, depth] = setting;
    const conv = 0.15 + 0.015 * square(real(kernel) - 3) + 0.03 * square(Math.log2(real(channels) / 96));
    const attention = 0.2 * square(Math.log2(real(heads) / 8)) + 0.02 * square(real(depth) - 7);
    const rate = rateOf[String(optimizer)]! + 0.15 * Math.log2(real(batch) / 64);
    return saturating(
      (block === 'conv' ? conv : attention) +
        behindOf[String(optimizer)]! +
        behindOf[String(schedule)]! +
        0.03 * square(Math.log2(real(batch) / 64)) +
        0.25 * square(Math.log10(real(lr)) - rate) +
        0.04 * square(Math.log10(real(decay)) + 3) +
        (block === 'conv' ? 1 : 2) * square(real(dropout) - (block === 'conv' ? 0.3 : 0.15)) +
        (block === 'conv' ? 0 : 8 * square(real(warmup) - 0.12)),
    );
  };
  return mixedTask({ name: 'M_conditional12', parameters, trueLoss, landscape: once(() => scanSettings(parameters, trueLoss, least)) });
}

function neighbours6(): Task {
  const dims = [5, 5, 5, 5, 5, 5];
  const parameters = dims.map((levels, index) => levelParameter(`x${index}`, levels, true));
  const numbers = random(6n);
  const gene = (position: number, ...levels: readonly number[]): number =>
    numbers.uniform(
      position,
      0,
      levels.reduce((place, level) => place * 5 + level, 0),
    );
  const lossOf = (levels: readonly number[]): number =>
    levels.reduce((sum, level, i) => sum + gene(i, level, levels[(i + 1) % 6]!, levels[(i + 2) % 6]!) / 6, 0);
  const all = once(() => Float64Array.from({ length: 5 ** 6 }, (_, row) => lossOf(dims.map((_, i) => Math.floor(row / 5 ** (5 - i)) % 5))));
  return mixedTask({
    name: 'M_neighbours6',
    parameters,
    trueLoss: (setting) => lossOf(setting.map(levelOf)),
    landscape: once(() => landscapeOf(all())),
  });
}
