/** Stops a trial whose metric leaves given bounds, or is not a finite number for too long. Looks at no other trial. */
import { OptionError, type Pruner, type PrunerDefinition, type PrunerOption, type TrialCurve, type Verdict } from '../pruner.js';
import { readOptions } from './options.js';

const options: readonly PrunerOption[] = [
  { name: 'lower', type: 'number', describe: 'The metric must not fall below this.' },
  { name: 'upper', type: 'number', describe: 'The metric must not rise above this.' },
  { name: 'min_iter', type: 'integer', default: 1, minimum: 1, describe: 'The report from which on the bounds apply.' },
  {
    name: 'max_nan',
    type: 'integer',
    default: 3,
    minimum: 1,
    describe: 'Reports in a row that are NaN or infinite after which the trial is stopped.',
  },
];

export const threshold: PrunerDefinition = {
  name: 'threshold',
  options,
  create(given): Pruner {
    const read = readOptions(options, given);
    const rule: Rule = {
      lower: read.number('lower') ?? Number.NEGATIVE_INFINITY,
      upper: read.number('upper') ?? Number.POSITIVE_INFINITY,
      minIter: read.required('min_iter'),
      maxNaN: read.required('max_nan'),
    };
    if (rule.lower >= rule.upper) throw new OptionError('upper', '"upper" is more than "lower"');
    return {
      decide: (curves) => curves.filter(({ running }) => running).map((curve) => judge(rule, curve)),
      rungs: () => [],
    };
  },
};

interface Rule {
  readonly lower: number;
  readonly upper: number;
  readonly minIter: number;
  readonly maxNaN: number;
}

/** Any report counts, not only the last: several may arrive together. */
function judge({ lower, upper, minIter, maxNaN }: Rule, { number, values }: TrialCurve): Verdict {
  let lost = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    lost = Number.isFinite(value) ? 0 : lost + 1;
    if (lost >= maxNaN) return { number, stop: true, reason: `${lost} reports in a row without a finite value` };
    if (index + 1 < minIter) continue;
    if (value < lower) return { number, stop: true, reason: `report ${index + 1}: ${value} is below ${lower}` };
    if (value > upper) return { number, stop: true, reason: `report ${index + 1}: ${value} is above ${upper}` };
  }
  return { number, stop: false, reason: 'within the bounds' };
}
