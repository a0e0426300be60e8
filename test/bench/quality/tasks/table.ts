/**
 * Block T: full grids of finished trainings, one stored result for each of a few training seeds.
 *
 * `<task>.f32` holds little-endian float32, one row a configuration in lexicographic order of the level indices, one column a seed;
 * lower is better (maximised metrics are stored negated). `meta.json` beside it has the number of levels and which are categorical.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Uniforms } from '../noise.js';
import type { Setting, TaskParameter } from './parameter.js';
import { landscapeOf, once, type Task } from './task.js';

export const tableNames = [
  'HPOBench_car',
  'HPOBench_phoneme',
  'HPOBench_vehicle',
  'HPOBench_kc1',
  'HPOLib_naval_propulsion',
  'HPOLib_protein_structure',
  'NASBench201_cifar10',
  'NASBench201_imagenet',
] as const;

export interface Table {
  /** Levels of each parameter. */
  readonly dims: readonly number[];
  readonly cat: readonly boolean[];
  /** Stored training seeds a configuration. */
  readonly R: number;
  readonly opt: number;
  readonly losses: Float32Array;
  /** Over the training seeds. */
  readonly means: Float64Array;
}

export function hasTable(folder: string, name: string): boolean {
  return existsSync(join(folder, `${name}.f32`)) && existsSync(join(folder, 'meta.json'));
}

export function readTable(folder: string, name: string): Table {
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as Record<string, Omit<Table, 'losses' | 'means'>>;
  const { dims, cat, R, opt } = meta[name]!;
  const losses = readFloats(join(folder, `${name}.f32`));
  const means = Float64Array.from(
    { length: losses.length / R },
    (_, row) => losses.subarray(row * R, (row + 1) * R).reduce((a, b) => a + b, 0) / R,
  );
  return { dims, cat, R, opt, losses, means };
}

export function readFloats(file: string): Float32Array {
  const bytes = readFileSync(file);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}

export function tableTask(name: string, table: Table): Task {
  const maximised = table.opt < 0;
  const parameters = table.dims.map((levels, index) => levelParameter(`x${index}`, levels, table.cat[index]!));
  return {
    name,
    block: 'T',
    parameters,
    metric: maximised ? 'accuracy' : 'loss',
    goal: maximised ? 'maximize' : 'minimize',
    trueLoss: (setting) => table.means[rowOf(table.dims, setting)]!,
    observe: (setting, noise) => storedLoss(table, rowOf(table.dims, setting), noise),
    landscape: once(() => landscapeOf(table.means)),
  };
}

/** The noise is real: which of the training seeds is read depends on the first number. */
export function storedLoss({ R, losses }: Table, row: number, [u]: Uniforms): number {
  return losses[row * R + Math.min(R - 1, Math.floor(u * R))]!;
}

export function levelParameter(name: string, levels: number, categorical: boolean): TaskParameter {
  if (categorical) return { name, kind: 'choice', values: Array.from({ length: levels }, (_, level) => `v${level}`) };
  return { name, kind: 'int', min: 0, max: levels - 1, log: false };
}

export function rowOf(dims: readonly number[], setting: Setting): number {
  return setting.reduce<number>((row, value, index) => row * dims[index]! + levelOf(value), 0);
}

/** Of `v3`, and of 3. */
export function levelOf(value: Setting[number]): number {
  return Number(typeof value === 'string' ? value.slice(1) : value);
}
