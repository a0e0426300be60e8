/**
 * W&B's `early_terminate: hyperband`, to the letter (wandb/sweeps, `hyperband_stopping.py`), so that the same file stops the same trials.
 *
 * Based on Li et al., "Hyperband" (JMLR 2018). An iteration is a finite logged value, not a step.
 */
import type { Pruner, PrunerDefinition, PrunerOption, TrialCurve, Verdict } from '../pruner.js';
import { bandOptions, bandReached, bands } from './bands.js';
import { type Goal, type Losses, losses, lowest, shown } from './curve.js';
import { readOptions } from './options.js';

const options: readonly PrunerOption[] = [
  ...bandOptions,
  { name: 'strict', type: 'boolean', default: true, describe: 'Compare the value at the band; if false, the best value so far.' },
];

export const hyperband: PrunerDefinition = {
  name: 'hyperband',
  options,
  create(given, goal): Pruner {
    const read = readOptions(options, given);
    const rule: Rule = { bands: bands(read), eta: read.required('eta'), strict: read.flag('strict'), goal };
    return { decide: (curves) => decide(rule, curves), rungs: (count) => rule.bands.slice(0, count) };
  },
};

interface Rule {
  readonly bands: readonly number[];
  readonly eta: number;
  readonly strict: boolean;
  readonly goal: Goal;
}

function decide(rule: Rule, curves: readonly TrialCurve[]): readonly Verdict[] {
  const all = curves.map((curve) => losses(curve, rule.goal));
  const thresholds = new Map<number, Threshold>();
  return all
    .filter(({ running }) => running)
    .map((trial) => judge(rule, trial, (band) => remembered(thresholds, band, () => thresholdAt(rule, all, band))));
}

interface Threshold {
  readonly loss: number;
  readonly trials: number;
}

function remembered(known: Map<number, Threshold>, band: number, compute: () => Threshold): Threshold {
  const threshold = known.get(band) ?? compute();
  known.set(band, threshold);
  return threshold;
}

function thresholdAt({ eta }: Rule, all: readonly Losses[], band: number): Threshold {
  const reached = Float64Array.from(all.filter(({ values }) => values.length >= band).map(({ values }) => values[band - 1]!)).sort();
  // Multiplied by the reciprocal, as there: the rounding decides which trial the threshold is.
  return { loss: reached[Math.floor((1 / eta) * reached.length)] ?? Number.POSITIVE_INFINITY, trials: reached.length };
}

function judge({ bands: list, strict, goal }: Rule, trial: Losses, threshold: (band: number) => Threshold): Verdict {
  const band = bandReached(list, trial.values.length);
  if (band === undefined)
    return { number: trial.number, stop: false, reason: `before the first band ${list[0]}: ${trial.values.length} values so far` };
  const { loss: limit, trials } = threshold(band);
  const loss = strict ? trial.values[band - 1]! : lowest(trial.values);
  const stop = loss > limit;
  const comparison = `${shown(loss, goal)} is ${stop ? 'worse' : 'not worse'} than the threshold ${shown(limit, goal)} of ${trials} trials`;
  return { number: trial.number, stop, reason: `band ${band}: ${comparison}` };
}
