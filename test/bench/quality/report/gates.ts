/** What the optimiser must reach before a release, each beside what it reached. */
import { estimate } from './bootstrap.js';
import { columns, signed } from './columns.js';
import { auc60, type Cell, level, logEcdf60, type Measure, samples, scoreAt, trialsTo } from './scores.js';
import { medianRegret } from './tables.js';

export interface Gate {
  readonly what: string;
  /** undefined = not measured. */
  readonly result: { readonly text: string; readonly margin: number } | undefined;
  readonly needs: string;
}

export interface Field {
  /** Ours with one worker and with eight. */
  readonly ours: { readonly one: Cell | undefined; readonly eight: Cell | undefined };
  readonly peers: readonly Cell[];
  readonly tables: readonly string[];
  readonly functions: readonly string[];
}

export function gates(field: Field): readonly Gate[] {
  const { one, eight } = field.ours;
  return [
    atLeast(field, one, { what: 'S(60) on T', n: 60, least: 96 }),
    atLeast(field, one, { what: 'S(100) on T', n: 100, least: 97 }),
    atLeast(field, eight, { what: 'S(60) on T, 8 workers', n: 60, least: 96 }),
    ahead(field, one, { peer: 'tpe', what: 'S(60)', measure: scoreAt(60), least: 1.5, interval: true }),
    ahead(field, one, { peer: 'gp', what: 'S(60)', measure: scoreAt(60), least: 0, interval: false }),
    ahead(field, one, { peer: 'gp', what: 'AUC60', measure: auc60, least: 0, interval: false }),
    ahead(field, one, { peer: 'gp', what: '-logECDF', measure: negated(logEcdf60), least: 0, interval: true }),
    halfTheTrials(field),
    ahead(field, eight, { peer: 'tpe', what: 'S(60), 8 workers', measure: scoreAt(60), least: 2, interval: true }),
    ahead(field, eight, { peer: 'gp', what: 'S(60), 8 workers', measure: scoreAt(60), least: 0, interval: false }),
    parallelLoss(field),
    ...regretGates(field),
  ];
}

const negated =
  (measure: Measure): Measure =>
  (run) => {
    const value = measure(run);
    return value === undefined ? undefined : -value;
  };

function atLeast({ tables }: Field, cell: Cell | undefined, { what, n, least }: { what: string; n: number; least: number }): Gate {
  const of = cell === undefined ? new Map() : samples(cell, tables, scoreAt(n));
  if (of.size < tables.length) return { what, result: undefined, needs: `≥ ${least.toFixed(1)}` };
  const { mean, low, high } = estimate(of)!;
  const text = `${mean.toFixed(2)} [${low.toFixed(1)}, ${high.toFixed(1)}]`;
  return { what, result: { text, margin: mean - least }, needs: `≥ ${least.toFixed(1)}` };
}

interface Lead {
  readonly peer: string;
  readonly what: string;
  readonly measure: Measure;
  readonly least: number;
  /** Whether the interval must lie above 0 too. */
  readonly interval: boolean;
}

function ahead(field: Field, cell: Cell | undefined, { peer, what: of, measure, least, interval }: Lead): Gate {
  const what = `${of} on T minus ${peer}`;
  const needs = `≥ ${signed(least, 1)}${interval ? ', interval above 0' : ''}`;
  const other = peerOf(field, peer, cell?.workers);
  if (cell === undefined || other === undefined) return { what, result: undefined, needs };
  const [a, b] = [samples(cell, field.tables, measure), samples(other, field.tables, measure)];
  const seeds = estimate(a, b);
  if (seeds === undefined || a.size < field.tables.length || b.size < field.tables.length) return { what, result: undefined, needs };
  const both = estimate(a, b, 'tasks and seeds')!;
  const text = `${signed(seeds.mean, 2)} [${signed(seeds.low, 2)}, ${signed(seeds.high, 2)}] [${signed(both.low, 2)}, ${signed(both.high, 2)}]`;
  return { what, result: { text, margin: Math.min(seeds.mean - least, interval ? seeds.low : Number.POSITIVE_INFINITY) }, needs };
}

const peerOf = ({ peers }: Field, name: string, workers = 1): Cell | undefined =>
  peers.find((cell) => cell.method === name && cell.workers === workers);

/** TPE's quality of 100 trials by trial 50. */
function halfTheTrials(field: Field): Gate {
  const what = "trials to TPE's S(100) on T";
  const needs = '≤ 50';
  const tpe = peerOf(field, 'tpe');
  const { one } = field.ours;
  if (one === undefined || tpe === undefined) return { what, result: undefined, needs };
  const target = level(samples(tpe, field.tables, scoreAt(100)));
  const reached = trialsTo(target, one, field.tables);
  const at50 = level(samples(one, field.tables, scoreAt(50)));
  if (Number.isNaN(target) || Number.isNaN(at50)) return { what, result: undefined, needs };
  return {
    what,
    result: { text: `${reached ?? 'not reached'} (S(50) ${at50.toFixed(2)}, TPE ${target.toFixed(2)})`, margin: at50 - target },
    needs,
  };
}

function parallelLoss({ ours: { one, eight }, tables }: Field): Gate {
  const what = 'S(60) on T, 8 workers minus 1';
  const needs = '≥ -0.5';
  const [a, b] = [eight, one].map((cell) => (cell === undefined ? undefined : samples(cell, tables, scoreAt(60))));
  if (a?.size !== tables.length || b?.size !== tables.length) return { what, result: undefined, needs };
  const { mean, low, high } = estimate(a, b)!;
  return { what, result: { text: `${signed(mean, 2)} [${signed(low, 2)}, ${signed(high, 2)}]`, margin: mean + 0.5 }, needs };
}

/** Median regret after 80 trials: nowhere above the Gaussian process of Optuna, and at most half of it on five of seven functions. */
function regretGates(field: Field): readonly Gate[] {
  const gp = peerOf(field, 'gp');
  const ratios = field.functions.map((name) => {
    const [mine, other] = [field.ours.one, gp].map((cell) => (cell === undefined ? undefined : medianRegret(cell, name, 80)));
    return mine === undefined || other === undefined ? undefined : mine / other;
  });
  const single = ratios.map((ratio, index): Gate => {
    const result = ratio === undefined ? undefined : { text: `${ratio.toPrecision(2)} times`, margin: 1 - ratio };
    return { what: `regret at 80 on ${field.functions[index]!} against gp`, result, needs: '≤ 1 times' };
  });
  const halved = ratios.filter((ratio) => ratio !== undefined && ratio <= 0.5).length;
  const result = ratios.includes(undefined) ? undefined : { text: `${halved} of ${ratios.length}`, margin: halved - 5 };
  return [...single, { what: "at most half of gp's regret", result, needs: '≥ 5 of 7' }];
}

export function gateTable(name: string, all: readonly Gate[]): readonly string[] {
  const rows = all.map(({ what, result, needs }) => {
    if (result === undefined) return [what, needs, 'not measured', '', ''];
    const verdict = result.margin >= 0 ? 'met' : 'MISSED';
    return [what, needs, result.text, verdict, `by ${Math.abs(result.margin).toPrecision(2)}`];
  });
  return [`gates of ${name}`, ...columns([['', 'needs', 'is', '', ''], ...rows]), ''];
}
