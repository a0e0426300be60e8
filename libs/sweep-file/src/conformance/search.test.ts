/** W&B sweep files, cases C069-C122: sampling, grids and Bayes, as far as the file decides. */
import { Float, numeric, type Observation, type ParamValue, type Proposal, valueAt } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  any,
  asked,
  bayes,
  domainOf,
  file,
  grid,
  outcome,
  proposals,
  random,
  refused,
  specOf,
  testedElsewhere,
} from '../../testing/conformance.js';
import { expectedTrials } from '../index.js';

const at = (parameter: string, u: number): ParamValue => valueAt(domainOf(random(`{a: ${parameter}}`)), u);
const close = (parameter: string, u: number, value: number): void => expect(numeric(at(parameter, u))).toBeCloseTo(value, 5);
const points = (parameters: string): unknown => proposals(grid(parameters)).params;
const values = (parameter: string): unknown[] => proposals(grid(`{a: ${parameter}}`)).params.map(({ a }) => a);
const float = (value: number): Float => new Float(value);

describe('the value at a given u', () => {
  it('C069 int_uniform', () => expect([0.1, 0.25, 0.5, 0.75, 1].map((u) => at('{min: 1, max: 4}', u))).toEqual([1, 1, 2, 3, 4]));
  it('C070 q_uniform with an int step', () => {
    expect([0.25, 0.5, 0.9, 1].map((u) => at('{distribution: q_uniform, min: 0, max: 10, q: 3}', u))).toEqual([3, 6, 9, 9]);
  });
  it('C071 q_uniform rounds half to even, and without q gives floats', () => {
    expect([0.25, 0.75].map((u) => at('{distribution: q_uniform, min: 0, max: 10}', u))).toEqual([float(2), float(8)]);
  });
  it('C072 C073 q_uniform does not clip', () => {
    expect([0, 0.5, 1].map((u) => at('{distribution: q_uniform, min: 1, max: 2, q: 5}', u))).toEqual([0, 0, 0]);
    expect([0, 1].map((u) => at('{distribution: q_uniform, min: 0.5, max: 4.5, q: 1}', u))).toEqual([0, 4]);
  });
  it('C074 log_uniform_values', () => {
    for (const [u, value] of [
      [0.25, 0.001],
      [0.5, 0.01],
      [0.75, 0.1],
    ] as const)
      close('{distribution: log_uniform_values, min: 1.0e-4, max: 1}', u, value);
  });
  it('C075 log_uniform', () => close('{distribution: log_uniform, min: -9, max: 0}', 0.5, 0.011109));
  it('C076 C077 q_log_uniform_values', () => {
    const parameter = '{distribution: q_log_uniform_values, min: 32, max: 256, q: 8}';
    expect([0, 0.25, 0.5, 0.75, 1].map((u) => at(parameter, u))).toEqual([32, 56, 88, 152, 256]);
    expect(at('{distribution: q_log_uniform_values, min: 1, max: 256}', 0.5)).toEqual(float(16));
  });
  it('C078 C079 the inverse log family', () => {
    close('{distribution: inv_log_uniform_values, min: 0.9, max: 0.999}', 0.5, 0.948209);
    for (const [u, value] of [
      [0, 0.135335],
      [0.5, 0.367879],
      [1, 1],
    ] as const)
      close('{distribution: inv_log_uniform, min: 0, max: 2}', u, value);
  });
  it('C080 the normal family', () => {
    close('{distribution: normal}', 0.25, -0.67449);
    expect([0.25, 0.75].map((u) => at('{distribution: q_normal, mu: 1, sigma: 2, q: 0.5}', u))).toEqual([-0.5, 2.5]);
    close('{distribution: log_normal}', 0.75, 1.963031);
    expect([0.25, 0.75].map((u) => at('{distribution: q_log_normal, mu: 2, q: 1}', u))).toEqual([4, 15]);
  });
  it('C081 beta', () => {
    close('{distribution: beta, a: 2, b: 5}', 0.5, 0.26445);
    close('{distribution: q_beta, a: 2, b: 5, q: 0.1}', 0.5, 0.3);
  });
  it('C082 C083 categories', () => {
    expect([0.1, 0.25, 0.5].map((u) => at('{values: [a, b, c], probabilities: [0.2, 0.3, 0.5]}', u))).toEqual(['a', 'b', 'c']);
    expect([0.25, 0.5, 0.75].map((u) => at('{values: [a, b, c]}', u))).toEqual(['a', 'b', 'c']);
  });
});

describe('a grid', () => {
  it('C084 goes through the product, the last name fastest', () => {
    expect(proposals(grid('{z: {values: [1,2]}, a: {values: [x,y]}}'))).toEqual({
      params: [
        { a: 'x', z: 1 },
        { a: 'x', z: 2 },
        { a: 'y', z: 1 },
        { a: 'y', z: 2 },
      ],
      exhausted: true,
    });
  });
  it('C085 C086 sorts names as plain text', () => {
    expect(specOf(grid('{b: {values: [1,2]}, A: {values: [x,y]}, _c: {values: [9]}}')).space.parameters.map(({ path }) => path[0])).toEqual(
      ['A', '_c', 'b'],
    );
    expect(specOf(grid('{lr10: {value: 1}, lr2: {value: 1}, lr1: {value: 1}}')).space.parameters.map(({ path }) => path[0])).toEqual([
      'lr1',
      'lr10',
      'lr2',
    ]);
  });
  it('C087 sorts each level of groups', () => {
    expect(points('{p: {parameters: {z: {values: [1,2]}, b: {values: [3,4]}}}, a: {values: [x]}}')).toEqual([
      { a: 'x', p: { b: 3, z: 1 } },
      { a: 'x', p: { b: 3, z: 2 } },
      { a: 'x', p: { b: 4, z: 1 } },
      { a: 'x', p: { b: 4, z: 2 } },
    ]);
  });
  it('C088 C089 C090 C091 enumerates ranges', () => {
    expect(values('{min: -1, max: 1}')).toEqual([-1, 0, 1]);
    expect(values('{distribution: q_uniform, min: 0, max: 1, q: 0.25}')).toEqual([float(0), 0.25, 0.5, 0.75]);
    expect(values('{distribution: q_uniform, min: 0, max: 10, q: 3}')).toEqual([0, 3, 6, 9]);
    expect(values('{distribution: q_uniform, min: 0, max: 4}')).toEqual([0, 1, 2, 3].map(float));
  });
  it.each([
    '{min: 0.0, max: 1.0}',
    '{values: [1,2], probabilities: [0.5,0.5]}',
    '{distribution: normal}',
    '{distribution: log_uniform_values, min: 1, max: 2}',
  ])('C092 cannot enumerate %s', (parameter) => expect(outcome(grid(`{a: ${parameter}}`))).toEqual(refused('E-GRID-TYPE')));
  it('C093 of constants is one point', () =>
    expect(proposals(grid('{a: {value: 1}, b: {value: 2}}'))).toEqual({ params: [{ a: 1, b: 2 }], exhausted: true }));
  it('C094 C104 has each distinct value once, in its last spelling', () => {
    const text = grid('{a: {values: [1, 1.0, "1", true, null]}}');
    expect(proposals(text).params).toEqual([{ a: float(1) }, { a: '1' }, { a: true }, { a: null }]);
    expect(expectedTrials(specOf(text))).toBe(4);
    expect(expectedTrials(specOf(random(any)))).toBeNull();
  });
  it('C099 3e6 without a point is text', () => {
    expect(values('{values: [3e6]}')).toEqual(['3e6']);
    expect(values('{values: [3.0e+6]}')).toEqual([float(3e6)]);
  });
  testedElsewhere(
    'tested in libs/optimizer',
    ...['C095', 'C096', 'C097', 'C098', 'C100', 'C101', 'C102', 'C103'].map((name) => `${name} points covered by trials`),
  );
});

describe('bayes', () => {
  it('C105 needs a metric with a name', () => {
    expect(outcome(bayes(any, ''))).toEqual(refused('E-METRIC-MISSING'));
    expect(outcome(bayes(any, 'metric: loss'))).toEqual(refused('E-METRIC-SHAPE'));
    expect(outcome(bayes(any, 'metric: {goal: minimize}'))).toEqual(refused('E-METRIC-NAME'));
    expect(outcome(file('random', any, 'metric: {goal: minimize}'))).toEqual(accepted('E-METRIC-NAME'));
  });
  it('C106 a bad goal is dropped', () => {
    expect(outcome(bayes(any, 'metric: {name: l, goal: Max}'))).toEqual(accepted('E-METRIC-GOAL'));
    expect(specOf(bayes(any, 'metric: {name: l, goal: Max}')).objectives[0]?.goal).toBe('minimize');
  });
  it('C107 needs something to search', () => expect(outcome(bayes('{a: {value: 1}}'))).toEqual(refused('E-BAYES-EMPTY')));
  it('C108 one value is something', () => expect(outcome(bayes('{a: {values: [1]}}'))).toEqual(accepted()));
  it('C116 impute_while_running', () => {
    expect(outcome(bayes(any, 'metric: {name: l, impute_while_running: false}'))).toEqual(accepted('N-BOOL-TEXT'));
    expect(specOf(bayes(any, 'metric: {name: l, impute_while_running: best}')).objectives[0]?.imputeWhileRunning).toBe('best');
    expect(outcome(bayes(any, 'metric: {name: l, impute_while_running: 3}'))).toEqual(refused('E-METRIC-SHAPE'));
    expect(outcome(bayes(any, 'metric: {name: l, impute: 3}'))).toEqual(accepted('E-METRIC-SHAPE'));
  });
  it('C121 accepts probabilities', () => expect(outcome(bayes('{a: {values: [1,2], probabilities: [0.5,0.5]}}'))).toEqual(accepted()));
  testedElsewhere(
    'tested in apps/controller',
    'C111 which value of a trial counts',
    'C112 a summary beside a history',
    'C117 prior runs with another value',
    'C118 prior runs without a value',
  );
  testedElsewhere('tested in libs/optimizer, whose encoding is another', 'C122 encoding');
});

describe('what bayes proposes', () => {
  const numbers = '{x: {min: 0.0, max: 1.0}, k: {min: 1, max: 9}}';
  const at = (number: number, change: Partial<Observation> = {}): Observation => ({
    number,
    params: { x: number / 200, k: 1 + (number % 9) },
    state: 'completed',
    values: [number],
    ...change,
  });
  const many = (count: number, change: Partial<Observation> = {}): readonly Observation[] =>
    Array.from({ length: count }, (_, index) => at(index + 1, change));
  const params = (proposals: readonly Proposal[]) => proposals.map((proposal) => proposal.params);

  it('C109 with one result or none, a point of the space', () => {
    for (const known of [[], [at(1)]]) {
      const [proposal] = asked(bayes(numbers), known);
      expect(numeric(proposal!.params['x'])).toBeGreaterThanOrEqual(0);
      expect(proposal!.detail?.arm).toBe('design');
    }
  });
  it('C110 after equal results too', () => expect(asked(bayes(numbers), many(12, { values: [3] }))).toHaveLength(1));
  it('C113 failed trials are given what `impute` says: the worst, or their own', () => {
    const failed = at(13, { state: 'failed', blame: 'config', values: [2] });
    const after = (impute: string, last: Observation): unknown =>
      params(asked(bayes(numbers, `metric: {name: l, impute: ${impute}}`), [...many(12), last], 8));
    const completed = (value: number): Observation => at(13, { values: [value] });
    expect(after('worst', failed)).toEqual(after('worst', completed(12)));
    expect(after('latest', failed)).toEqual(after('latest', completed(2)));
    expect(after('best', failed)).toEqual(after('best', completed(2)));
    expect(after('best', { ...failed, values: [null] })).toEqual(after('best', completed(12)));
    expect(after('worst', failed)).not.toEqual(after('latest', failed));
  });
  it('C113 what a machine did is not imputed', () => {
    const lost = at(13, { state: 'failed', blame: 'infra', values: [null] });
    const text = bayes(numbers, 'metric: {name: l, impute: worst}');
    expect(params(asked(text, [...many(12), lost], 4))).not.toEqual(params(asked(text, [...many(12), at(13, { values: [12] })], 4)));
  });
  it('C114 without any result, 0 is imputed', () => {
    const failed = many(6, { state: 'failed', blame: 'config', values: [null] });
    const text = bayes(numbers, 'metric: {name: l, impute: worst}');
    expect(params(asked(text, failed, 4))).toEqual(params(asked(text, many(6, { values: [0] }), 4)));
  });
  it('C115 finished without a finite value counts as a failure', () => {
    const last = at(13, { values: [null] });
    expect(params(asked(bayes(numbers), [...many(12), last], 4))).toEqual(
      params(asked(bayes(numbers), [...many(12), { ...last, state: 'failed', blame: 'config' }], 4)),
    );
  });
  it('C119 while four trials are under way and none has finished, four further points', () => {
    const live = many(4, { state: 'live', values: [] });
    const keys = [...live.map(({ params: own }) => own), ...params(asked(bayes(numbers), live, 4))].map((own) => JSON.stringify(own));
    expect(new Set(keys).size).toBe(8);
  });
  it('C120 after 150 results too', () => expect(asked(bayes(numbers), many(150), 2)).toHaveLength(2));
  it('C121 with probabilities', () => {
    const text = bayes('{a: {values: [1, 2, 3], probabilities: [0.5, 0.25, 0.25]}, b: {min: 0.0, max: 1.0}}');
    for (const { params: own } of asked(text, [], 12)) expect([1, 2, 3]).toContain(own['a']);
  });
});
