/** The scores as text: one table a block and number of workers, differences to peers below it. */
import { median } from '../quantile.js';
import { type Estimate, estimate } from './bootstrap.js';
import { columns, fixed, signed } from './columns.js';
import {
  auc60,
  type Cell,
  level,
  logEcdf60,
  logRegret60,
  type Measure,
  recommended,
  regretAt,
  type Samples,
  samples,
  scoreAt,
} from './scores.js';

export interface BlockView {
  readonly block: string;
  readonly tasks: readonly string[];
  readonly workers: number;
  /** The trial that the intervals are for. */
  readonly at: number;
}

export function blockTable(cells: readonly Cell[], { block, tasks, workers, at }: BlockView): readonly string[] {
  const present = cells.filter((cell) => cell.workers === workers && samples(cell, tasks, scoreAt(at)).size > 0);
  if (present.length === 0) return [];
  const head = [
    'method',
    'tasks',
    'seeds',
    'S(20)',
    'S(40)',
    'S(60)',
    'S(80)',
    'S(100)',
    `95 % at ${at}`,
    'AUC60',
    'logECDF',
    'logreg',
    'own',
    'ask ms',
  ];
  const rows = present
    .map((cell) => ({ cell, of: samples(cell, tasks, scoreAt(at)) }))
    .sort((a, b) => level(b.of) - level(a.of))
    .map(({ cell, of }) => row(cell, of));
  return [`block ${block} (${tasks.length} tasks), ${workers} worker${workers > 1 ? 's' : ''}`, ...columns([head, ...rows]), ''];
}

function row(cell: Cell, of: Samples): readonly string[] {
  const tasks = [...of.keys()];
  const { low, high } = estimate(of)!;
  // A mean over fewer tasks would not compare.
  const whole = (measure: Measure, digits: number): string => {
    const values = samples(cell, tasks, measure);
    return fixed(values.size === of.size ? level(values) : undefined, digits);
  };
  const asks = tasks.flatMap((task) => cell.runs.get(task)!.flatMap(({ askMs }) => askMs ?? []));
  return [
    cell.method,
    String(of.size),
    String(Math.min(...[...of.values()].map(({ length }) => length))),
    ...[20, 40, 60, 80, 100].map((n) => whole(scoreAt(n), 1)),
    `${low.toFixed(1)}..${high.toFixed(1)}`,
    whole(auc60, 1),
    whole(logEcdf60, 2),
    whole(logRegret60, 2),
    whole(recommended, 1),
    fixed(median(asks), 1),
  ];
}

/** Ours minus each of the others; the second interval resamples tasks as well. */
export function differenceTable(ours: Cell, others: readonly Cell[], { tasks, workers, at }: BlockView): readonly string[] {
  const measures: readonly (readonly [string, Measure, number])[] = [
    [`S(${at})`, scoreAt(at), 1],
    ['AUC60', auc60, 1],
    ['logECDF', logEcdf60, 2],
  ];
  const rows = others
    .filter((cell) => cell.workers === workers && cell.method !== ours.method)
    .map((cell) => [cell.method, ...measures.map(([, measure, digits]) => difference({ ours, cell, tasks, measure }, digits))])
    .filter((texts) => texts.slice(1).some((text) => text !== '-'));
  if (rows.length === 0) return [];
  const head = [`${ours.method} minus`, ...measures.map(([name]) => `${name} [seeds] [tasks and seeds]`)];
  return [...columns([head, ...rows]), ''];
}

interface Pair {
  readonly ours: Cell;
  readonly cell: Cell;
  readonly tasks: readonly string[];
  readonly measure: Measure;
}

function difference({ ours, cell, tasks, measure }: Pair, digits: number): string {
  const [a, b] = [samples(ours, tasks, measure), samples(cell, tasks, measure)];
  const [seeds, both] = [estimate(a, b), estimate(a, b, 'tasks and seeds')];
  if (seeds === undefined || both === undefined) return '-';
  const interval = ({ low, high }: Estimate): string => `[${signed(low, digits)}, ${signed(high, digits)}]`;
  return `${signed(seeds.mean, digits)} ${interval(seeds)} ${interval(both)}`;
}

export function taskTable(cells: readonly Cell[], { tasks, workers, at }: BlockView): readonly string[] {
  const present = cells.filter((cell) => cell.workers === workers && samples(cell, tasks, scoreAt(at)).size > 0);
  if (present.length === 0) return [];
  const rows = tasks.map((task) => [task, ...present.map((cell) => fixed(level(samples(cell, [task], scoreAt(at))), 1))]);
  return [...columns([[`S(${at})`, ...present.map(({ method }) => method)], ...rows]), ''];
}

/** Of the functions without noise. */
export function regretTable(cells: readonly Cell[], functions: readonly string[]): readonly string[] {
  const present = cells.filter((cell) => cell.workers === 1 && samples(cell, functions, regretAt(40)).size > 0);
  if (present.length === 0) return [];
  const rows = functions.map((name) => [
    name,
    ...present.map((cell) => [40, 80].map((n) => regretText(medianRegret(cell, name, n))).join(' / ')),
  ]);
  return ['median regret after 40 / 80 trials, 1 worker', ...columns([['', ...present.map(({ method }) => method)], ...rows]), ''];
}

export function medianRegret(cell: Cell, task: string, n: number): number | undefined {
  const values = samples(cell, [task], regretAt(n)).get(task);
  return values === undefined ? undefined : median(values);
}

const regretText = (regret: number | undefined): string => (regret === undefined ? '-' : Number(regret.toPrecision(2)).toString());
