/** W&B sweep files, cases C019-C037: the top level. */
import { describe, expect, it } from 'vitest';
import { accepted, any, argvOf, bayes, file, outcome, random, refused, specOf } from '../../testing/conformance.js';
import { parseSweepFile } from '../index.js';

const more = (extra: string): ReturnType<typeof outcome> => outcome(random(any, extra));

describe('method and parameters', () => {
  it('C019 no method', () => expect(outcome(`program: t\nparameters: ${any}`)).toEqual(refused('E-METHOD-MISSING')));
  it('C020 an unknown method', () => expect(outcome(file('tpe', any))).toEqual(refused('E-METHOD')));
  it('C021 custom without a scheduler', () => expect(outcome(file('custom', any))).toEqual(refused('E-METHOD-CUSTOM')));
  it('C022 no parameters', () => expect(outcome('program: t\nmethod: random')).toEqual(refused('E-PARAMS-MISSING')));
  it('C023 empty parameters', () => expect(outcome(random('{}'))).toEqual(refused('E-PARAMS-EMPTY')));
  it('C024 null parameters', () => expect(outcome(random(''))).toEqual(refused('E-PARAMS-MISSING')));
});

describe('other keys', () => {
  it.each(['foo', 'imports', 'launch', 'settings', 'tune', 'early_stopping', 'resource', 'count', 'tags'])(
    'C025 the unknown key %s is ignored with a warning',
    (key) => {
      expect(more(`${key}: 1`)).toEqual(accepted('E-UNKNOWN-KEY'));
      expect(parseSweepFile(random(any, `${key}: 1`)).findings[0]).toMatchObject({ path: key, severity: 'warning' });
    },
  );
  it('C026 apiVersion and kind', () => {
    expect(more('apiVersion: v1\nkind: sweep')).toEqual(accepted());
    expect(more('kind: job')).toEqual(accepted('E-TYPE'));
    expect(more('apiVersion: 1')).toEqual(accepted('E-TYPE'));
  });
  it('C027 a command that is text is replaced by the default', () => {
    expect(more('command: python train.py')).toEqual(accepted('E-COMMAND'));
    expect(specOf(random(any, 'command: python train.py')).command).toEqual(['${env}', '${interpreter}', '${program}', '${args}']);
  });
  it('C028 numbers in a command become text', () => {
    expect(more('command: [python, 3, 1.5]')).toEqual(accepted());
    expect(argvOf(random(any, 'command: [python, 3, 1.5]'))).toEqual(['python', '3', '1.5']);
  });
  it.each(['0', '1.5', '"3"', 'true'])('C029 run_cap: %s is ignored with a warning', (cap) => {
    expect(more(`run_cap: ${cap}`)).toEqual(accepted('E-RUNCAP'));
  });
  it.each([
    ['3.0', 3],
    ['1', 1],
  ])('C029 run_cap: %s caps the sweep', (cap, trials) => expect(specOf(random(any, `run_cap: ${cap}`)).runCap).toBe(trials));
  it.each(['name: 3', 'description:'])('C030 %s', (line) => expect(more(line)).toEqual(accepted('E-TYPE')));
  it('C030 program: 3', () => expect(outcome(`program: 3\nmethod: random\nparameters: ${any}`).codes).toContain('E-TYPE'));
  it('C031 controller', () => {
    expect(more('controller: {type: remote}')).toEqual(accepted('E-TYPE'));
    expect(more('controller: {}')).toEqual(accepted('E-TYPE'));
    expect(more('controller: {type: local, x: 1}')).toEqual(accepted('N-EXTERNAL'));
    expect(outcome(file('custom', any, 'controller: {type: local}'))).toEqual(accepted('N-EXTERNAL'));
    expect(specOf(random(any, 'controller: {type: local}')).engine).toBe('local');
    expect(more('controller: {type: cloud}')).toEqual(accepted());
  });
});

describe('metrics', () => {
  it('C032 metric and metrics together', () => {
    expect(more('metric: {name: l}\nmetrics: [{name: l}, {name: m}]')).toEqual(accepted('E-METRICS'));
  });
  it('C033 a single entry', () =>
    expect(outcome(file('custom', any, 'scheduler: {engine: optuna}\nmetrics: [{name: l}]')).codes).toContain('E-METRICS'));
  it('C034 with a method of one objective', () => expect(more('metrics: [{name: l}, {name: m}]')).toEqual(accepted('E-METRICS')));
  it('C034 with bayes', () => {
    const text = bayes(any, 'metrics: [{name: l}, {name: m, goal: maximize}]');
    expect(outcome(text)).toEqual(accepted());
    expect(specOf(text).objectives.map(({ name, goal }) => [name, goal])).toEqual([
      ['l', 'minimize'],
      ['m', 'maximize'],
    ]);
  });
});

describe('scheduler', () => {
  const wandb = 'metric: {name: l}\nscheduler: {engine: wandb}\n';
  it('C035 engine wandb', () => {
    expect(outcome(bayes(any, wandb))).toEqual(accepted());
    expect(specOf(bayes(any, wandb)).engine).toBe('wandb');
    expect(outcome(file('custom', any, wandb))).toEqual(accepted('E-SCHEDULER'));
    expect(outcome(bayes(any, `${wandb}early_terminate: {type: hyperband, min_iter: 3}`))).toEqual(accepted('E-SCHEDULER'));
    expect(outcome(bayes(any, `${wandb}controller: {type: local}`))).toEqual(accepted('E-SCHEDULER'));
    expect(outcome(bayes(any, `${wandb}controller: {type: cloud}`))).toEqual(accepted());
  });
  it('C036 other engines', () => {
    expect(more('scheduler: {engine: optuna}')).toEqual(accepted('E-ENGINE'));
    expect(specOf(random(any, 'scheduler: {engine: optuna}')).engine).toBeNull();
    expect(outcome(file('custom', any, 'scheduler: {engine: optuna}'))).toEqual(accepted('N-EXTERNAL'));
    expect(specOf(file('custom', any, 'scheduler: {engine: ax}')).engine).toBe('ax');
    expect(more('scheduler: {source: a.py}')).toEqual(accepted('E-SCHEDULER'));
    expect(more('scheduler: {engine: wandb, optimizer: f}')).toEqual(accepted('E-SCHEDULER'));
  });
  it('C037 the space may come from the scheduler', () => {
    const text = (space: string): string => `program: t\nmethod: bayes\nscheduler: {engine: wandb, source: s.py, search_space: ${space}}`;
    expect(outcome(text('f'))).toEqual(accepted());
    expect(outcome(text('""')).codes).toContain('E-PARAMS-MISSING');
  });
  it('a job without a method belongs to wandb launch-sweep', () => {
    expect(outcome('program: t\nscheduler: {job: e/p/j:v0, num_workers: 4}\n').codes).toContain('E-LAUNCH');
  });
});
