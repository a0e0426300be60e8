import type { MetricLimit, Objective } from '@sweep/domain';
import { pruners } from '@sweep/optimizer';
import type { LastValue } from '@sweep/store';
import { describe, expect, it } from 'vitest';
import { type Measuring, measuredBy, withSummary } from './measured.js';

const last = (name: string, change: Partial<LastValue> = {}): LastValue => ({
  name,
  step: 2,
  value: 4,
  time: 0,
  min: 2,
  max: 5,
  count: 3,
  ...change,
});
const objective: Objective = { name: 'loss', goal: 'minimize', target: null, value: 'last' };
const limit: MetricLimit = { name: 'ms', goal: 'minimize', value: 'last', keep: 'below', bound: 50 };
const measure = (spec: Partial<Measuring['spec']>, logged: readonly LastValue[]) =>
  measuredBy({ spec: { objectives: [objective], limits: [limit], ...spec }, pruner: null }, logged, []);

describe('what a trial measured', () => {
  it('is the last value of each objective and of each limited metric, whatever else was logged', () => {
    expect(measure({}, [last('loss'), last('ms', { value: 40 }), last('other')])).toEqual({ values: [4], limits: [40], curve: [] });
  });

  it('is the best value where the file says so: for a limit, the best for keeping it', () => {
    const values: Partial<Measuring['spec']> = { objectives: [{ ...objective, value: 'best' }], limits: [{ ...limit, value: 'best' }] };
    expect(measure(values, [last('loss'), last('ms', { value: 60, min: 30 })])).toMatchObject({ values: [2], limits: [30] });
    const above: Partial<Measuring['spec']> = { limits: [{ ...limit, keep: 'above', goal: 'maximize', value: 'best' }] };
    expect(measure(above, [last('ms', { max: 70 })])).toMatchObject({ values: [null], limits: [70] });
  });

  it('is null where nothing was logged, or nothing finite', () => {
    expect(measure({}, [last('ms', { value: Number.NaN })])).toMatchObject({ values: [null], limits: [null] });
  });

  it('is what the summary says of it, also where it was logged; the best may be in either', () => {
    const spec = { objectives: [objective], limits: [limit] };
    const said = withSummary(spec, [last('loss'), last('other')], '{"loss":3,"ms":{"p50":1},"other":9,"x":NaN}');
    expect(said).toEqual([last('loss', { value: 3 }), last('other')]);
    expect(withSummary(spec, [last('loss')], '{"loss":1}')).toEqual([last('loss', { value: 1, min: 1 })]);
    expect(measure({}, withSummary(spec, [], '{"loss":7,"ms":2}'))).toMatchObject({ values: [7], limits: [2] });
    const nested = { objectives: [{ ...objective, name: 'loss.min' }], limits: [] };
    expect(withSummary(nested, [last('loss')], '{"loss":{"min":2}}')).toMatchObject([{ name: 'loss' }, { name: 'loss.min', value: 2 }]);
  });

  it.each([null, 'no JSON', '[]', '{"loss":NaN}', '{"loss":"3"}', '{"loss":true}', '{"loss":null}'])(
    'is what was logged where the summary is %s',
    (summary) => {
      expect(withSummary({ objectives: [objective], limits: [] }, [last('loss')], summary)).toEqual([last('loss')]);
    },
  );

  it('has a way in sweeps that stop trials early, of the first objective', () => {
    const pruner = pruners.get('hyperband')!.create({ min_iter: 2, eta: 2 }, 'minimize');
    const by = { spec: { objectives: [objective], limits: [] }, pruner };
    expect(measuredBy(by, [last('loss')], [9, 8, 7, 6]).curve).toEqual([
      [2, 8],
      [4, 6],
    ]);
    expect(measuredBy({ ...by, spec: { objectives: [], limits: [] } }, [], []).curve).toEqual([]);
  });
});
