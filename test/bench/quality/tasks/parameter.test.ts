import { Float } from '@sweep/optimizer';
import { parseSweepFile } from '@sweep/sweep-file';
import { describe, expect, it } from 'vitest';
import { OutsideSpace, settingOf, sweepFileText, type TaskParameter, textOf } from './parameter.js';

const rate: TaskParameter = { name: 'lr', kind: 'float', min: 1e-7, max: 10, log: true };
const layers: TaskParameter = { name: 'layers', kind: 'int', min: 1, max: 4, log: false };
const block: TaskParameter = { name: 'block', kind: 'choice', values: ['conv', 'attention'] };
const heads: TaskParameter = { name: 'heads', kind: 'choice', values: [1, 2], when: { block: ['attention'] } };

describe('a setting', () => {
  it('is told apart as Python writes it: twelve digits, floats with a dot', () => {
    expect(textOf(settingOf([rate], { lr: 1.23456789012345 }))).toBe('[1.23456789012]');
    expect(textOf(settingOf([rate], { lr: 1e-7 }))).toBe('[1e-07]');
    expect(textOf(settingOf([rate, layers], { lr: new Float(5), layers: 3 }))).toBe('[5.0, 3]');
  });

  it('has null for a parameter that does not exist beside the others, also if it was proposed', () => {
    expect(settingOf([block, heads], { block: 'conv' })).toEqual(['conv', null]);
    expect(settingOf([block, heads], { block: 'conv', heads: 2 })).toEqual(['conv', null]);
    expect(settingOf([block, heads], { block: 'attention', heads: 2 })).toEqual(['attention', 2]);
  });

  it.each([
    ['a missing parameter', [block, heads], { block: 'attention' }, 'heads is missing'],
    ['a value of another type', [block], { block: 1 }, 'block=1'],
    ['a number beyond the bounds', [rate], { lr: 11 }, 'lr=11 is outside'],
    ['a fraction for an int', [layers], { layers: 1.5 }, 'not an integer'],
    ['a text for a number', [layers], { layers: '2' }, 'not a number'],
  ] as const)('refuses %s', (_, parameters, params, message) => {
    expect(() => settingOf(parameters, params)).toThrow(OutsideSpace);
    expect(() => settingOf(parameters, params)).toThrow(message);
  });

  it('forgives a rounding error at a bound', () => {
    expect(settingOf([rate], { lr: 10 + 1e-9 })).toEqual([new Float(10)]);
  });
});

describe('the sweep file of a task', () => {
  it('means the space of the task', () => {
    const width: TaskParameter = { name: 'width', kind: 'int', min: 16, max: 1024, log: true };
    const { spec, findings } = parseSweepFile(
      sweepFileText({ metric: 'loss', goal: 'minimize', parameters: [rate, layers, block, heads, width] }),
    );
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const domains = Object.fromEntries(spec!.space.parameters.map(({ path, domain }) => [path[0], domain]));
    expect(domains).toEqual({
      lr: { kind: 'log_uniform_values', min: 1e-7, max: 10 },
      layers: { kind: 'int_uniform', min: 1, max: 4 },
      block: { kind: 'categorical', values: ['conv', 'attention'] },
      heads: { kind: 'categorical', values: [1, 2] },
      width: { kind: 'q_log_uniform_values', min: 16, max: 1024, q: { size: 1, int: true } },
    });
    expect(spec!.space.parameters.find(({ path }) => path[0] === 'heads')!.when).toEqual([{ key: '["block"]', values: ['attention'] }]);
  });
});
