/** W&B sweep files, cases C038-C068: the shapes of parameters. */
import { Float } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import { accepted, domainOf, outcome, proposals, random, refused } from '../../testing/conformance.js';
import { parseSweepFile } from '../index.js';

const one = (parameter: string): ReturnType<typeof outcome> => outcome(random(`{a: ${parameter}}`));
const domain = (parameter: string): ReturnType<typeof domainOf> => domainOf(random(`{a: ${parameter}}`));
const count = (text: string, code: string): number => parseSweepFile(text).findings.filter((finding) => finding.code === code).length;

describe('malformed parameters', () => {
  it.each([
    ['C038', '1'],
    ['C039', '[1,2]'],
    ['C040', ''],
  ])('%s {a: %s} is no mapping', (_, parameter) => expect(one(parameter)).toEqual(refused('E-PARAM-NOTMAP')));
  it('C041 an empty one has two findings', () => expect(count(random('{a: {}}'), 'E-PARAM-SHAPE')).toBe(2));
  it.each([
    ['C042', '{value: 1, values: [1]}'],
    ['C043', '{values: [1], min: 1, max: 2}'],
    ['C044', '{values: []}'],
    ['C044', '{values: 3}'],
    ['C044', '{min: 1}'],
    ['C044', '{mu: 0, sigma: 1}'],
    ['C044', '{probabilities: [1.0]}'],
    ['C044', '{value: 1, desc: hi}'],
    ['C050', '{min: 0.0, max: 1.0, distribution: int_uniform}'],
    ['C051', '{min: 2., max: 8., distribution: int_uniform}'],
    ['C052', '{min: 0, max: 10, q: 2}'],
    ['C053', '{distribution: uniform, min: 0, max: 1, q: 0.1}'],
    ['C054', '{distribution: q_uniform, min: 0, max: 1, q: 0}'],
    ['C054', '{distribution: q_uniform, min: 0, max: 1, q: -1}'],
    ['C055', '{distribution: log_uniform_values, min: 0, max: 2}'],
    ['C057', '{distribution: lognormal, mu: 0, sigma: 1}'],
    ['C057', '{distribution: gaussian}'],
    ['C058', '{distribution: normal, sigma: -1}'],
    ['C058', '{distribution: normal, min: 0}'],
    ['C059', '{distribution: beta, a: 0}'],
    ['C060', '{distribution: uniform, value: 5}'],
    ['C061', '{values: [1,2], probabilities: [0.5,0.5], distribution: categorical}'],
    ['C062', '{values: [1,2], probabilities: [1.5,-0.5]}'],
    ['C066', '{parameters: {b: {value: 1}}, values: [1]}'],
    ['C066', '{parameters: {}}'],
    ['C066', '{parameters: {b: 3}}'],
  ])('%s %s fits no shape', (_, parameter) => expect(one(parameter)).toEqual(refused('E-PARAM-SHAPE')));
  it.each(['{min: 1, max: 1}', '{min: 3, max: 1}'])('C045 %s is an empty range, said twice', (parameter) => {
    expect(one(parameter)).toEqual(refused('E-MINMAX'));
    expect(count(random(`{a: ${parameter}}`), 'E-MINMAX')).toBe(2);
  });
  it('C067 an empty range in a group is refused at once', () =>
    expect(one('{parameters: {b: {min: 3, max: 1}}}')).toEqual(refused('E-MINMAX')));
  it('a bound that is no number makes the range ambiguous', () => expect(one('{min: low, max: 1}')).toEqual(refused('E-AMBIG')));
});

describe('inference', () => {
  it('C046 ints', () => expect(domain('{min: 0, max: 1}')).toEqual({ kind: 'int_uniform', min: 0, max: 1 }));
  it('C047 floats', () => expect(domain('{min: 0.0, max: 1.0}')).toEqual({ kind: 'uniform', min: 0, max: 1 }));
  it('C048 an int and a float', () => {
    expect(one('{min: 0, max: 0.5}')).toEqual(accepted('N-AMBIGUOUS'));
    expect(domain('{min: 0, max: 0.5}')).toEqual({ kind: 'uniform', min: 0, max: 0.5 });
  });
  it('C049 ints with a named distribution', () => {
    expect(one('{min: 0, max: 1, distribution: uniform}')).toEqual(accepted());
    expect(domain('{min: 0, max: 1, distribution: uniform}').kind).toBe('uniform');
  });
  it('C068 an int and a float in a group', () => expect(one('{parameters: {b: {min: 0, max: 0.5}}}')).toEqual(accepted()));
});

describe('distributions', () => {
  it.each(['log_uniform', 'q_log_uniform', 'inv_log_uniform'])('C056 %s is deprecated and usable', (name) => {
    const text = random(`{a: {distribution: ${name}, min: -9, max: -2}}`);
    expect(outcome(text)).toEqual(accepted('W-DEPRECATED'));
    expect(parseSweepFile(text).findings[0]?.hint).toContain(`${name}_values`);
  });
  it('C056 the hint shows the bounds as values', () => {
    const hint = parseSweepFile(random('{a: {distribution: log_uniform, min: -9, max: -2}}')).findings[0]?.hint;
    expect(hint).toContain('min: 0.0001234');
    expect(hint).toContain('max: 0.1353');
  });
  it('C058 defaults of normal', () => expect(domain('{distribution: normal}')).toEqual({ kind: 'normal', mu: 0, sigma: 1 }));
  it('C059 defaults of beta', () => {
    expect(domain('{distribution: beta}')).toEqual({ kind: 'beta', a: 1, b: 1 });
    expect(domain('{distribution: q_beta}')).toEqual({ kind: 'q_beta', a: 1, b: 1, q: { size: 1, int: false } });
  });
  it('C060 a named constant', () => expect(domain('{distribution: constant, value: 5}')).toEqual({ kind: 'constant', value: 5 }));
  it('C061 probabilities', () => {
    const weighted = { kind: 'categorical', values: [1, 2], probabilities: [0.5, 0.5] };
    expect(domain('{values: [1,2], probabilities: [0.5,0.5]}')).toEqual(weighted);
    expect(domain('{values: [1,2], probabilities: [0.5,0.5], distribution: categorical_w_probabilities}')).toEqual(weighted);
  });
  it('C062 probabilities that do not fit', () => {
    expect(one('{values: [1,2,3], probabilities: [0.5,0.5]}')).toEqual(accepted('E-PROB-LEN'));
    expect(one('{values: [1,2], probabilities: [0.5,0.4]}')).toEqual(accepted('E-PROB-SUM'));
  });
  it('a step written as a float gives floats', () => {
    expect(domain('{distribution: q_uniform, min: 0, max: 10, q: 2.0}')).toMatchObject({ q: { size: 2, int: false } });
    expect(domain('{distribution: q_uniform, min: 0, max: 10, q: 2}')).toMatchObject({ q: { size: 2, int: true } });
  });
});

describe('names, values and groups', () => {
  it.each(['a.b', 'x-y', '_c'])('C063 %s is a name', (name) => expect(outcome(random(`{${name}: {value: 1}}`))).toEqual(accepted()));
  it.each(['a b', 'a/b', '--lr'])('C063 %s breaks the rule', (name) =>
    expect(outcome(random(`{${name}: {value: 1}}`))).toEqual(accepted('E-PARAM-NAME')),
  );
  it('C064 values keep their types', () => {
    expect(domain('{values: [null, 2, 2.0, "a", [2,3], {k: v}]}')).toEqual({
      kind: 'categorical',
      values: [null, 2, new Float(2), 'a', [2, 3], { k: 'v' }],
    });
  });
  it('C065 groups nest', () => {
    expect(proposals(random('{a: {parameters: {b: {value: 3}, c: {parameters: {d: {value: x}}}}}}'), 1).params).toEqual([
      { a: { b: 3, c: { d: 'x' } } },
    ]);
  });
});
