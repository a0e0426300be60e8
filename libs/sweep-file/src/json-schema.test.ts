import { pruners } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import { any, random } from '../testing/conformance.js';
import { type JsonSchema, parseSweepFile, sweepFileJsonSchema } from './index.js';

const root = sweepFileJsonSchema();

/** The few keywords that the schema uses. */
function fits(schema: JsonSchema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, rule]) => keywords[keyword]?.(rule as never, value, schema) ?? true);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function typeFits(type: string, value: unknown): boolean {
  if (type === 'object') return isObject(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

const keywords: Readonly<Record<string, (rule: never, value: unknown, schema: JsonSchema) => boolean>> = {
  $ref: (rule: string, value) => fits((root['definitions'] as Record<string, JsonSchema>)[rule.split('/').at(-1) ?? ''] ?? {}, value),
  type: (rule: string | string[], value) => [rule].flat().some((type) => typeFits(type, value)),
  enum: (rule: unknown[], value) => rule.includes(value),
  const: (rule: unknown, value) => rule === value,
  anyOf: (rule: JsonSchema[], value) => rule.some((each) => fits(each, value)),
  oneOf: (rule: JsonSchema[], value) => rule.filter((each) => fits(each, value)).length === 1,
  required: (rule: string[], value) => !isObject(value) || rule.every((key) => Object.hasOwn(value, key)),
  properties: (rule: Record<string, JsonSchema>, value) =>
    !isObject(value) || Object.entries(value).every(([key, member]) => rule[key] === undefined || fits(rule[key], member)),
  additionalProperties: (rule: false | JsonSchema, value, schema) => {
    const known = Object.keys((schema['properties'] as object | undefined) ?? {});
    return (
      !isObject(value) || Object.entries(value).every(([key, member]) => known.includes(key) || (rule !== false && fits(rule, member)))
    );
  },
  items: (rule: JsonSchema, value) => !Array.isArray(value) || value.every((item) => fits(rule, item)),
  minItems: (rule: number, value) => !Array.isArray(value) || value.length >= rule,
  minProperties: (rule: number, value) => !isObject(value) || Object.keys(value).length >= rule,
  minimum: (rule: number, value) => typeof value !== 'number' || value >= rule,
  exclusiveMinimum: (rule: number, value) => typeof value !== 'number' || value > rule,
  pattern: (rule: string, value) => typeof value !== 'string' || new RegExp(rule).test(value),
};

const example = `
program: train.py
method: bayes
metric: {name: acc, goal: maximize, target: 0.9, value: best}
seed: 3
parameters:
  opt: {values: [sgd, adam]}
  lr: {distribution: log_uniform_values, min: 1.0e-5, max: 0.1, prior: {around: 0.0003, confidence: low}}
  beta: {min: 0.8, max: 0.999, when: {opt: adam}}
  net: {parameters: {depth: {min: 1, max: 9}, act: {value: relu}, drop: {distribution: q_uniform, min: 0.0, max: 0.5, q: 0.1}}}
constraints: [net.depth < 5 or opt == "sgd"]
early_terminate: {type: median}
run_cap: 50
parallel: 4
timeout: 90m
priority: -1
budget: {trials: 60, time: 3600, failures: 5}
resources: {gpus: 1, gpu_memory: 10GB, cpus: 0.5, labels: {rack: 7}}
retry: {max: 1, "on": [lost, exit: [75], any], backoff: 5}
disconnect: {while_away: stop, lost_after: 2m}
collect: {stdout: ['loss=(?<loss>[0-9.]+)'], tensorboard: logs}
code: {ship: true, include: ['*.py']}
`;

const configOf = (text: string): unknown => JSON.parse(JSON.stringify(parseSweepFile(text).config));

describe('the schema for editors', () => {
  it('accepts a file that uses most keys, as the reader does', () => {
    expect(parseSweepFile(example)).toMatchObject({ accepted: true, findings: [] });
    expect(fits(root, configOf(example))).toBe(true);
  });

  it.each([
    'foo: 1',
    'method: tpe',
    'run_cap: 0',
    'retry: {maximum: 1}',
    'retry: {on: [gremlins]}',
    'early_terminate: {type: asha, min_itr: 1}',
    'early_terminate: {type: unknown}',
    'parameters: {}',
    'parameters: {a: 1}',
    'parameters: {a: {min: 1}}',
    'parameters: {a: {min: 0.5, max: 1.0, distribution: int_uniform}}',
    'timeout: soon',
    'resources: {gpu_memory: 3 bananas}',
    'metric: {goal: minimize}',
  ])('refuses %s', (line) => {
    const key = line.split(':')[0] ?? '';
    const rest = random(any)
      .split('\n')
      .filter((each) => !each.startsWith(key))
      .join('\n');
    expect(fits(root, configOf(rest))).toBe(key !== 'method');
    expect(fits(root, configOf(`${rest}\n${line}\n`))).toBe(false);
  });

  it('has every option of every pruner, with its meaning', () => {
    const types = (root['properties'] as { early_terminate: { oneOf: { properties: Record<string, JsonSchema> }[] } }).early_terminate
      .oneOf;
    expect(types.map(({ properties }) => properties['type']?.['const'])).toEqual([...pruners.keys()]);
    for (const { properties } of types) {
      for (const option of pruners.get(properties['type']?.['const'] as string)?.options ?? []) {
        expect(properties[option.name]?.['description']).toBe(option.describe);
      }
    }
  });
});
