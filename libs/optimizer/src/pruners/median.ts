/**
 * The median rule: a trial whose best value so far is worse than the median of its peers at the same step is stopped.
 *
 * Golovin et al., "Google Vizier" (KDD 2017), with the peers' values instead of their running averages. The best trial and the last
 * one running are never stopped.
 */
import type { Pruner, PrunerDefinition, PrunerOption, TrialCurve, Verdict } from '../pruner.js';
import { type Goal, type Losses, losses, lowest, shown, spare } from './curve.js';
import { readOptions } from './options.js';

const options: readonly PrunerOption[] = [
  { name: 'min_iter', type: 'integer', default: 1, minimum: 1, describe: 'Values that a trial logs before it is compared.' },
  { name: 'min_trials', type: 'integer', default: 5, minimum: 1, describe: 'Other trials that must have come as far.' },
];

export const median: PrunerDefinition = {
  name: 'median',
  options,
  create(given, goal): Pruner {
    const read = readOptions(options, given);
    const rule: Rule = { minIter: read.required('min_iter'), minTrials: read.required('min_trials'), goal };
    return { decide: (curves) => decide(rule, curves), rungs: () => [] };
  },
};

interface Rule {
  readonly minIter: number;
  readonly minTrials: number;
  readonly goal: Goal;
}

function decide(rule: Rule, curves: readonly TrialCurve[]): readonly Verdict[] {
  const all = curves.map((curve) => losses(curve, rule.goal));
  // Trials at the same step share one sorted list.
  const lists = new Map<number, Float64Array>();
  const verdicts = all
    .filter(({ running }) => running)
    .map((trial): Verdict => {
      const { number, values } = trial;
      if (values.length < rule.minIter)
        return { number, stop: false, reason: `${values.length} of ${rule.minIter} values needed to compare` };
      const step = trial.steps[values.length - 1]!;
      const list = lists.get(step) ?? valuesAt(all, step);
      lists.set(step, list);
      return judge(rule, trial, { step, list });
    });
  return spare(verdicts, all);
}

/** Of each trial that has come as far: its last value up to the step. Sorted, best first. */
function valuesAt(all: readonly Losses[], step: number): Float64Array {
  const found: number[] = [];
  for (const { steps, values } of all) {
    if (values.length === 0 || steps[values.length - 1]! < step) continue;
    const index = lastUpTo(steps, step);
    if (index >= 0) found.push(values[index]!);
  }
  return Float64Array.from(found).sort();
}

/** Index of the last entry at most `step` in an ascending list; -1 if there is none. */
function lastUpTo(steps: Float64Array, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function judge({ minTrials, goal }: Rule, { number, values }: Losses, at: { readonly step: number; readonly list: Float64Array }): Verdict {
  const { step, list } = at;
  const peers = list.length - 1;
  if (peers < minTrials) return { number, stop: false, reason: `step ${step}: ${peers} of ${minTrials} other trials needed to compare` };
  const own = list.indexOf(values[values.length - 1]!);
  const peer = (rank: number): number => list[rank < own ? rank : rank + 1]!;
  const limit = (peer((peers - 1) >> 1) + peer(peers >> 1)) / 2;
  const loss = lowest(values);
  const stop = loss > limit;
  const comparison = `the best value ${shown(loss, goal)} is ${stop ? 'worse' : 'not worse'} than the median ${shown(limit, goal)} of ${peers} other trials`;
  return { number, stop, reason: `step ${step}: ${comparison}` };
}
