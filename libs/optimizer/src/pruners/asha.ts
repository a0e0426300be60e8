/**
 * Asynchronous successive halving that stops instead of pausing: a trial goes on from a rung while it is among the best 1/eta there.
 *
 * Li et al., "A system for massively parallel hyperparameter tuning" (MLSys 2020). Rungs are counted in finite logged values. Unlike
 * hyperband here, nothing is stopped on thin evidence: a rung decides from 2·eta trials on, and the best trial is never stopped.
 */
import type { Pruner, PrunerDefinition, TrialCurve, Verdict } from '../pruner.js';
import { bandOptions, bandReached, bands } from './bands.js';
import { type Goal, type Losses, losses, shown, spare } from './curve.js';
import { readOptions } from './options.js';

export const asha: PrunerDefinition = {
  name: 'asha',
  options: bandOptions,
  create(given, goal): Pruner {
    const read = readOptions(bandOptions, given);
    const rule: Rule = { rungs: bands(read), eta: read.required('eta'), goal };
    return { decide: (curves) => decide(rule, curves), rungs: (count) => rule.rungs.slice(0, count) };
  },
};

interface Rule {
  readonly rungs: readonly number[];
  readonly eta: number;
  readonly goal: Goal;
}

function decide(rule: Rule, curves: readonly TrialCurve[]): readonly Verdict[] {
  const all = curves.map((curve) => losses(curve, rule.goal));
  const recorded = new Map<number, Float64Array>();
  const verdicts = all
    .filter(({ running }) => running)
    .map((trial): Verdict => {
      const rung = bandReached(rule.rungs, trial.values.length);
      if (rung === undefined) {
        return {
          number: trial.number,
          stop: false,
          reason: `before the first rung ${rule.rungs[0]}: ${trial.values.length} values so far`,
        };
      }
      const peers = recorded.get(rung) ?? recordedAt(all, rung);
      recorded.set(rung, peers);
      return judge(rule, trial, { rung, peers });
    });
  return spare(verdicts, all);
}

/** Best first. */
function recordedAt(all: readonly Losses[], rung: number): Float64Array {
  return Float64Array.from(all.filter(({ values }) => values.length >= rung).map(({ values }) => values[rung - 1]!)).sort();
}

function judge({ eta, goal }: Rule, trial: Losses, at: { readonly rung: number; readonly peers: Float64Array }): Verdict {
  const { rung, peers } = at;
  const { number } = trial;
  const enough = Math.ceil(2 * eta);
  if (peers.length < enough) return { number, stop: false, reason: `rung ${rung}: ${peers.length} of ${enough} trials needed to compare` };
  const loss = trial.values[rung - 1]!;
  const limit = peers[Math.floor(peers.length / eta) - 1]!;
  const stop = loss > limit;
  const comparison = `${shown(loss, goal)} is ${stop ? 'worse than' : 'among'} the best 1/${eta} of ${peers.length} trials, ${shown(limit, goal)} or better`;
  return { number, stop, reason: `rung ${rung}: ${comparison}` };
}
