/** W&B sweep files, cases C001-C018: loading and types. */
import { Float } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import { accepted, argvOf, domainOf, outcome, proposals, random, refused } from '../../testing/conformance.js';

describe('loading and types', () => {
  it('C001 an empty file is refused', () => expect(outcome('')).toEqual(refused('E-YAML')));
  it('C002 two documents are refused', () => expect(outcome(`${random('{a: {value: 1}}')}---\nmethod: grid\n`)).toEqual(refused('E-YAML')));
  it('C003 tab indentation is refused', () =>
    expect(outcome('method: random\nparameters:\n\ta:\n\t\tvalue: 1\n')).toEqual(refused('E-YAML')));
  it('C004 a list is no sweep file', () => expect(outcome('- method: random\n')).toEqual(refused('E-NOTMAP')));
  it('C005 the last of two equal keys counts', () => {
    expect(outcome(random('{a: {value: 1}}', 'run_cap: 1\nrun_cap: 2'))).toEqual(accepted());
  });
  it('C006 a merge key brings defaults', () => {
    const text =
      'program: t.py\nmethod: random\nparameters:\n  d: &d {distribution: uniform, min: 0.0, max: 1.0}\n  a: {<<: *d, max: 2.0}\n';
    expect(domainOf(text)).toEqual({ kind: 'uniform', min: 0, max: 2 });
  });
  it('C007 yes and off are booleans, y is text', () => {
    expect(domainOf(random('{a: {values: [yes, off, y]}}'))).toEqual({ kind: 'categorical', values: [true, false, 'y'] });
  });
  it('C008 None is text, ~ is null', () => {
    expect(domainOf(random('{a: {value: None}}'))).toEqual({ kind: 'constant', value: 'None' });
    expect(domainOf(random('{a: {value: ~}}'))).toEqual({ kind: 'constant', value: null });
  });
  it('C009 octal, text and sexagesimal', () => {
    expect(domainOf(random('{a: {values: [010, 08, 1:30]}}'))).toEqual({ kind: 'categorical', values: [8, '08', 90] });
  });
  it('C010 a date is refused', () => expect(outcome(random('{a: {value: 2020-01-01}}'))).toEqual(refused('E-DATE')));
  it('C011 a tag makes a float', () => {
    expect(domainOf(random('{a: {min: !!float 1e-5, max: 0.1}}'))).toEqual({ kind: 'uniform', min: 1e-5, max: 0.1 });
  });
  it('C012 1.e-5 is a float', () => {
    const text = random('{a: {min: 1.e-5, max: 1.e-3, distribution: log_uniform_values}}');
    expect(outcome(text)).toEqual(accepted());
    expect(domainOf(text)).toEqual({ kind: 'log_uniform_values', min: 1e-5, max: 1e-3 });
  });
  it('C013 macros in a flow list need quotes, in a block list not', () => {
    expect(outcome(random('{a: {value: 1}}', 'command: [${env}, ${args}]'))).toEqual(refused('E-YAML'));
    expect(outcome(random('{a: {value: 1}}', 'command:\n  - ${env}\n  - ${args}'))).toEqual(accepted());
  });
  it('C014 1e-3 in values stays text', () => {
    const text = random('{a: {values: [1e-3]}}');
    expect(proposals(text, 1).params).toEqual([{ a: '1e-3' }]);
    expect(argvOf(text)).toContain('--a=1e-3');
    expect(domainOf(random('{a: {values: [1e-3, 0.1]}}'))).toEqual({ kind: 'categorical', values: ['1e-3', 0.1] });
  });
  it.each([
    ['C015', '{a: {min: 1e-5, max: 1e-3}}', { kind: 'uniform', min: 1e-5, max: 1e-3 }],
    ['C016', '{a: {min: 1e-5, max: 1e-3, distribution: log_uniform_values}}', { kind: 'log_uniform_values', min: 1e-5, max: 1e-3 }],
    ['C017', '{a: {min: 1e-6, max: 8e-5, distribution: log_uniform_values}}', { kind: 'log_uniform_values', min: 1e-6, max: 8e-5 }],
  ])('%s bounds written as text are numbers, with a notice', (_, parameters, domain) => {
    expect(outcome(random(parameters))).toEqual(accepted('N-NUMBER-TEXT'));
    expect(domainOf(random(parameters))).toEqual(domain);
  });
  it('C018 a quoted number is text', () => {
    expect(outcome(random('{a: {min: "0.1", max: 1, distribution: uniform}}'))).toEqual(refused('E-PARAM-SHAPE'));
  });
  it('a whole float stays a float', () => {
    expect(domainOf(random('{a: {value: 16.0}}'))).toEqual({ kind: 'constant', value: new Float(16) });
  });
});
