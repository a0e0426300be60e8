/** The numbered cases were executed against W&B's engine (wandb/sweeps, August 2026). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curves, stops } from '../../testing/index.js';
import { OptionError, type Pruner, type PrunerDefinition, type PrunerOptions, type TrialCurve } from '../pruner.js';
import { asha } from './asha.js';
import { hyperband } from './hyperband.js';
import { median } from './median.js';
import { patience } from './patience.js';
import { threshold } from './threshold.js';

function curve(values: readonly number[], running = true): Omit<TrialCurve, 'number'> {
  return { running, values, steps: values.map((_, step) => step) };
}

const numbered = (list: readonly Omit<TrialCurve, 'number'>[]): TrialCurve[] => list.map((one, index) => ({ number: index + 1, ...one }));
const running = (...list: readonly (readonly number[])[]): TrialCurve[] => numbered(list.map((values) => curve(values)));
const open = (definition: PrunerDefinition, options: PrunerOptions, goal: 'minimize' | 'maximize' = 'minimize'): Pruner =>
  definition.create(options, goal);

function refusedOption(definition: PrunerDefinition, options: PrunerOptions): string | undefined {
  try {
    definition.create(options, 'minimize');
    return undefined;
  } catch (error) {
    if (error instanceof OptionError) return error.option;
    throw error;
  }
}

describe('hyperband', () => {
  const stopped = (options: PrunerOptions, all: readonly TrialCurve[], goal: 'minimize' | 'maximize' = 'minimize'): number[] =>
    stops(open(hyperband, options, goal), all);

  it.each([
    ['C123', { min_iter: 3 }, [3, 9, 27, 81]],
    ['C124', { min_iter: 30, eta: 1.5 }, [30, 45, 67, 101]],
    ['C125', { max_iter: 27, s: 2 }, [3, 9]],
    ['C126', { max_iter: 10, s: 2 }, [1, 3]],
    ['C127', { max_iter: 5, s: 2, eta: 2 }, [1, 2]],
    ['C131', { max_iter: 27, s: 2, min_iter: 5 }, [3, 9]],
  ])('%s has its bands', (_, options, bands) => {
    expect(open(hyperband, options).rungs(4)).toEqual(bands);
  });

  it('has 100 bands in the form with min_iter', () => {
    expect(open(hyperband, { min_iter: 1 }).rungs(1000)).toHaveLength(100);
  });

  it.each([
    ['C128', { max_iter: 2, s: 2 }, 'max_iter'],
    ['C129', {}, 'min_iter'],
    ['C129', { max_iter: 9 }, 's'],
    ['C129', { s: 2 }, 'min_iter'],
    ['C129', { min_iter: 0 }, 'min_iter'],
    ['C129', { min_iter: 1, eta: 1 }, 'eta'],
    ['C129', { min_iter: 1, extra: 1 }, 'extra'],
    ['C130', { min_iter: 1.5 }, 'min_iter'],
    ['C131', { max_iter: 9, min_iter: 1 }, 's'],
    ['', { min_iter: true }, 'min_iter'],
    ['', { min_iter: 1, strict: 'yes' }, 'strict'],
    ['', { min_iter: 1, eta: Number.NaN }, 'eta'],
  ])('%s refuses %j, naming %s', (_, options, option) => {
    expect(refusedOption(hyperband, options)).toBe(option);
  });

  it('C133 never stops a lone trial', () => {
    expect(stopped({ min_iter: 1 }, running([1, 2, 3, 4, 5]))).toEqual([]);
  });

  it('C134 does not stop at a tie with the threshold', () => {
    expect(stopped({ min_iter: 1, eta: 2 }, running([5], [5], [5], [5]))).toEqual([]);
  });

  it('C135 takes the element at the rounded-down share', () => {
    expect(stopped({ min_iter: 1, eta: 2 }, running([5], [6]))).toEqual([]);
    expect(stopped({ min_iter: 1, eta: 3 }, running([5], [6]))).toEqual([2]);
  });

  it('C136 stops the worst, whichever way is better', () => {
    expect(stopped({ min_iter: 1, eta: 2 }, running([5], [6], [7], [8]))).toEqual([4]);
    expect(stopped({ min_iter: 1, eta: 2 }, running([5], [6], [7], [8]), 'maximize')).toEqual([1]);
  });

  it('C137 compares the value at the band if strict, else the best so far', () => {
    const all = running([1, 1], [2, 2], [3, 3], [9, 9, 0]);
    expect(stopped({ min_iter: 2, eta: 2 }, all)).toEqual([4]);
    expect(stopped({ min_iter: 2, eta: 2, strict: false }, all)).toEqual([]);
  });

  it('C138 counts ended trials, and stops none of them', () => {
    const all = numbered([curve([1], false), curve([2], false), curve([3], false), curve([4])]);
    expect(stopped({ min_iter: 1, eta: 2 }, all)).toEqual([4]);
    expect(stopped({ min_iter: 1, eta: 2 }, numbered([curve([1]), curve([2]), curve([3]), curve([4], false)]))).toEqual([]);
  });

  it('C139 drops what is not finite before it counts', () => {
    const [verdict] = open(hyperband, { min_iter: 2, eta: 2 }).decide(running([Number.NaN, 6, Number.NaN, 7]));
    expect(verdict).toEqual({ number: 1, stop: false, reason: 'band 2: 7 is not worse than the threshold 7 of 1 trials' });
    expect(open(hyperband, { min_iter: 3, eta: 2 }).decide(running([Number.NaN, 6, Number.NaN, 7]))[0]!.reason).toContain(
      '2 values so far',
    );
  });

  it('C140 judges by the last band reached', () => {
    const all = numbered([curve([10, 9], false), curve([10, 10]), curve([10, 8, 8]), curve([10, 7, 7]), curve([10, 6, 6], false)]);
    expect(stopped({ max_iter: 5, s: 2, eta: 2 }, all)).toEqual([2]);
    expect(open(hyperband, { max_iter: 5, s: 2, eta: 2 }).decide(all)[0]!.reason).toBe(
      'band 2: 10 is worse than the threshold 8 of 5 trials',
    );
  });

  it('may stop a trial between its bands, when others turn out better', () => {
    const slow = curve([5, 5, 5]);
    expect(stopped({ min_iter: 1, eta: 2 }, numbered([slow, curve([9]), curve([9])]))).toEqual([]);
    expect(stopped({ min_iter: 1, eta: 2 }, numbered([slow, curve([1, 1]), curve([1, 1]), curve([1, 1])]))).toEqual([1]);
  });
});

describe('asha', () => {
  const options = { min_iter: 1, eta: 2 };

  it('stops at a rung what is not among the best 1/eta', () => {
    expect(stops(open(asha, options), running([1], [2], [3], [4]))).toEqual([3, 4]);
    expect(stops(open(asha, options, 'maximize'), running([1], [2], [3], [4]))).toEqual([1, 2]);
  });

  it('stops nobody before 2·eta trials are recorded at the rung', () => {
    expect(stops(open(asha, options), running([1], [2], [3]))).toEqual([]);
    expect(stops(open(asha, { min_iter: 1 }), running([1], [2], [3], [4], [5]))).toEqual([]);
    expect(stops(open(asha, { min_iter: 1 }), running([1], [2], [3], [4], [5], [6]))).toEqual([3, 4, 5, 6]);
  });

  it('lets ties go on', () => {
    expect(stops(open(asha, options), running([1], [2], [2], [2], [2], [3]))).toEqual([6]);
  });

  it('never stops the best trial so far, even if it was bad at the rung', () => {
    const all = running([1, 1], [2, 2], [9, 9, 0], [3, 3]);
    expect(stops(open(asha, { min_iter: 2, eta: 2 }), all)).toEqual([4]);
    expect(open(asha, { min_iter: 2, eta: 2 }).decide(all)[2]!.reason).toContain('best trial so far');
  });

  it('never stops the last trial running, nor all at once', () => {
    const ended = [1, 2, 3, 4].map((value) => curve([value], false));
    expect(stops(open(asha, options), numbered([...ended, curve([9])]))).toEqual([]);
    expect(stops(open(asha, options), numbered([...ended, curve([9]), curve([8]), curve([7])]))).toEqual([5, 6]);
  });

  it('compares with those still running, stopped and completed alike', () => {
    expect(stops(open(asha, options), numbered([curve([1], false), curve([2], false), curve([3]), curve([1.5])]))).toEqual([3]);
  });

  it('waits for the first rung', () => {
    expect(open(asha, { min_iter: 3 }).decide(running([9, 9]))[0]).toEqual({
      number: 1,
      stop: false,
      reason: 'before the first rung 3: 2 values so far',
    });
    expect(open(asha, { min_iter: 3 }).rungs(3)).toEqual([3, 9, 27]);
  });
});

describe('median', () => {
  it('stops what is worse than the median of its peers at its step', () => {
    const peers = [
      [9, 1],
      [9, 2],
      [9, 3],
      [9, 4],
      [9, 5],
    ];
    expect(stops(open(median, { min_iter: 2 }), running(...peers, [9, 3]))).toEqual([4, 5]);
    expect(
      stops(open(median, { min_iter: 2 }, 'maximize'), running(...peers.map((values) => values.map((value) => -value)), [-9, -3])),
    ).toEqual([4, 5]);
  });

  it('compares at the same step, though others have gone further or log less often', () => {
    const far = [1, 2, 3, 4, 5].map((start) => ({ running: true, values: [start, start - 10], steps: [0, 100] }));
    expect(stops(open(median, {}), numbered([...far, { running: true, values: [4], steps: [50] }]))).toEqual([6]);
    expect(stops(open(median, {}), numbered([...far, { running: true, values: [3], steps: [50] }]))).toEqual([]);
  });

  it('needs enough peers that came as far', () => {
    expect(stops(open(median, {}), running([1], [1], [1], [1], [9]))).toEqual([]);
    expect(stops(open(median, { min_trials: 4 }), running([1], [1], [1], [1], [9]))).toEqual([5]);
    expect(stops(open(median, { min_trials: 4 }), running([1], [1], [1], [1], [9, 9]))).toEqual([]);
  });

  it('does not count the trial itself among its peers', () => {
    expect(open(median, {}).decide(running([1], [3], [5], [7], [9], [11]))[0]!.reason).toBe(
      'step 0: the best value 1 is not worse than the median 7 of 5 other trials',
    );
  });

  it('takes a trial’s best value, not its last', () => {
    expect(stops(open(median, { min_trials: 2 }), running([5, 5], [5, 5], [5, 5], [4, 9]))).toEqual([]);
  });

  it('never stops the last trial running', () => {
    const ended = [1, 2, 3, 4, 5].map((value) => curve([value], false));
    expect(stops(open(median, {}), numbered([...ended, curve([9])]))).toEqual([]);
  });
});

describe('patience', () => {
  it('stops after so many reports without an improvement', () => {
    const pruner = open(patience, { patience: 3 });
    expect(stops(pruner, running([5, 4, 4, 4], [5, 4, 4, 4, 4], [5, 4, 4, 4, 3]))).toEqual([2]);
  });

  it('asks for an improvement of more than min_delta, in the direction of the goal', () => {
    expect(stops(open(patience, { patience: 2, min_delta: 0.5 }), running([5, 4.5, 4.6], [5, 4.4, 4.6]))).toEqual([1]);
    expect(stops(open(patience, { patience: 2 }, 'maximize'), running([1, 2, 3], [3, 2, 1]))).toEqual([2]);
  });

  it('counts reports that are not finite', () => {
    expect(
      stops(open(patience, { patience: 3 }), running([1, Number.NaN, Number.NaN, Number.NaN], [Number.NaN, Number.NaN, Number.NaN, 1])),
    ).toEqual([1]);
  });

  it('leaves ended trials alone, and looks at no other', () => {
    expect(stops(open(patience, { patience: 1 }), numbered([curve([1, 1], false), curve([1, 1]), curve([9])]))).toEqual([2]);
  });

  it('refuses options that mean nothing', () => {
    expect([refusedOption(patience, { patience: 0 }), refusedOption(patience, { min_delta: -1 })]).toEqual(['patience', 'min_delta']);
  });
});

describe('threshold', () => {
  it('stops outside of the bounds, wherever in the curve', () => {
    expect(stops(open(threshold, { lower: 0, upper: 10 }), running([0, 10], [11], [-1], [1, 11, 1]))).toEqual([2, 3, 4]);
  });

  it('lets the first reports be anything', () => {
    expect(stops(open(threshold, { upper: 10, min_iter: 3 }), running([99, 99], [99, 99, 1], [1, 1, 99]))).toEqual([3]);
  });

  it('stops after so many reports in a row that are not finite', () => {
    const { NaN: nan, POSITIVE_INFINITY: infinite } = Number;
    expect(stops(open(threshold, {}), running([nan, nan, 1, nan, nan], [1, nan, infinite, nan]))).toEqual([2]);
  });

  it('refuses bounds without room between them', () => {
    expect(refusedOption(threshold, { lower: 2, upper: 2 })).toBe('upper');
  });
});

describe.each([asha, median])('$name', (definition) => {
  const eager: PrunerOptions = definition === asha ? { min_iter: 1, eta: 1.5 } : { min_trials: 1 };
  const goals = fc.constantFrom('minimize' as const, 'maximize' as const);
  const bestOf = ({ values }: TrialCurve, goal: 'minimize' | 'maximize'): number =>
    Math.min(
      ...Array.from(values)
        .filter(Number.isFinite)
        .map((value) => (goal === 'minimize' ? value : -value)),
    );

  it('never stops the incumbent', () => {
    fc.assert(
      fc.property(curves, goals, (all, goal) => {
        const record = Math.min(...all.map((one) => bestOf(one, goal)));
        const stopped = stops(open(definition, eager, goal), all);
        for (const one of all) if (stopped.includes(one.number)) expect(bestOf(one, goal)).toBeGreaterThan(record);
      }),
    );
  });

  it('leaves at least one of the running trials', () => {
    fc.assert(
      fc.property(curves, goals, (all, goal) => {
        const alive = all.filter((one) => one.running).length;
        fc.pre(alive > 0);
        expect(stops(open(definition, eager, goal), all).length).toBeLessThan(alive);
      }),
    );
  });

  it('does stop some, so that these are not empty promises', () => {
    const ended = [1, 2, 3, 4].map((value) => curve([value], false));
    expect(stops(open(definition, eager), numbered([...ended, curve([8]), curve([9])]))).toEqual([6]);
  });
});
