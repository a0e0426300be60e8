/** Stops a trial that has not improved on its own best value for a number of reports. Looks at no other trial. */
import type { Pruner, PrunerDefinition, PrunerOption, TrialCurve, Verdict } from '../pruner.js';
import { type Goal, shown } from './curve.js';
import { readOptions } from './options.js';

const options: readonly PrunerOption[] = [
  {
    name: 'patience',
    type: 'integer',
    default: 10,
    minimum: 1,
    describe: 'Reports without an improvement after which the trial is stopped.',
  },
  {
    name: 'min_delta',
    type: 'number',
    default: 0,
    minimum: 0,
    describe: 'An improvement is better than the best value by more than this.',
  },
];

export const patience: PrunerDefinition = {
  name: 'patience',
  options,
  create(given, goal): Pruner {
    const read = readOptions(options, given);
    const rule: Rule = { reports: read.required('patience'), minDelta: read.required('min_delta'), goal };
    return {
      decide: (curves) => curves.filter(({ running }) => running).map((curve) => judge(rule, curve)),
      rungs: () => [],
    };
  },
};

interface Rule {
  readonly reports: number;
  readonly minDelta: number;
  readonly goal: Goal;
}

/** A value that is not finite is a report that improves nothing. */
function judge({ reports, minDelta, goal }: Rule, { number, values }: TrialCurve): Verdict {
  const sign = goal === 'maximize' ? -1 : 1;
  let best = Number.POSITIVE_INFINITY;
  let since = 0;
  for (let index = 0; index < values.length; index += 1) {
    const loss = sign * values[index]!;
    since += 1;
    if (!Number.isFinite(loss) || !(loss < best - minDelta)) continue;
    best = loss;
    since = 0;
  }
  const stop = since >= reports;
  const known = Number.isFinite(best) ? `best value ${shown(best, goal)}` : 'no finite value';
  return { number, stop, reason: `${known}, ${since} reports ${stop ? '' : `of ${reports} `}without an improvement` };
}
