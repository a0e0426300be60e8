/**
 * A JSON Schema (draft 7) of the sweep file for editors: completion, types, misspelt keys.
 *
 * Made from the same tables that the reader uses. It says less than the reader: relations between keys are not in it.
 */
import { type PrunerOption, pruners } from '@sweep/optimizer';
import { retryCauses } from './extensions/extensions.js';
import { methods, schedulerKeys } from './method.js';
import { distributionNames, formOf } from './parameters/distributions.js';

export type JsonSchema = { readonly [keyword: string]: unknown };

const text: JsonSchema = { type: 'string' };
const number: JsonSchema = { type: 'number' };
/** Editors read YAML 1.2, where 1e-5 is a number; the text is allowed for those that do not. */
const bound: JsonSchema = { type: ['number', 'string'] };
const whole = (minimum?: number): JsonSchema => ({ type: 'integer', ...(minimum === undefined ? {} : { minimum }) });
const oneOf = (...words: readonly string[]): JsonSchema => ({ enum: words });
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const duration: JsonSchema = {
  anyOf: [
    { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?[smhd]$' },
    { type: 'number', exclusiveMinimum: 0 },
  ],
};
const size: JsonSchema = {
  anyOf: [
    { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)? ?[KMGT]?i?B$' },
    { type: 'number', minimum: 0 },
  ],
};

function closed(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', properties, additionalProperties: false, ...(required.length > 0 ? { required } : {}) };
}

export function sweepFileJsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sweep file',
    definitions: { parameters: parameters(), metric: metric() },
    ...closed({ ...wandbProperties(), ...extensionProperties() }, ['method']),
  };
}

function wandbProperties(): Readonly<Record<string, JsonSchema>> {
  return {
    method: oneOf(...methods),
    parameters: { $ref: '#/definitions/parameters' },
    metric: { $ref: '#/definitions/metric' },
    metrics: { ...listOf({ $ref: '#/definitions/metric' }), minItems: 2 },
    early_terminate: { oneOf: [...pruners.values()].map(({ name, options }) => pruner(name, options)) },
    command: listOf({}),
    ...Object.fromEntries(
      ['program', 'name', 'description', 'project', 'entity', 'job', 'image_uri', 'apiVersion'].map((key) => [key, text]),
    ),
    run_cap: whole(1),
    controller: { type: 'object', properties: { type: oneOf('local', 'cloud') }, required: ['type'] },
    scheduler: closed({ ...Object.fromEntries(schedulerKeys.map((key) => [key, text])), engine: oneOf('wandb', 'optuna', 'ax') }, [
      'engine',
    ]),
    kind: oneOf('sweep'),
  };
}

function extensionProperties(): Readonly<Record<string, JsonSchema>> {
  const cause: JsonSchema = { anyOf: [oneOf(...retryCauses), closed({ exit: { anyOf: [whole(0), listOf(whole(0))] } }, ['exit'])] };
  return {
    constraints: listOf(text),
    zip: listOf({ ...listOf(text), minItems: 2 }),
    seed: whole(),
    retry: closed({ max: whole(0), on: { anyOf: [cause, listOf(cause)] }, backoff: duration }),
    disconnect: closed({ while_away: oneOf('continue', 'stop'), lost_after: duration }),
    timeout: duration,
    resources: closed({
      gpus: whole(0),
      gpu_memory: size,
      cpus: { type: 'number', exclusiveMinimum: 0 },
      memory: size,
      labels: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
    }),
    priority: whole(),
    parallel: whole(1),
    budget: closed({ trials: whole(1), time: duration, failures: whole(1) }),
    collect: closed({ stdout: { anyOf: [text, listOf(text)] }, tensorboard: text }),
    code: closed({ ship: { type: 'boolean' }, include: { anyOf: [text, listOf(text)] }, exclude: { anyOf: [text, listOf(text)] } }),
  };
}

function metric(): JsonSchema {
  return closed(
    {
      name: text,
      goal: oneOf('minimize', 'maximize'),
      target: number,
      impute: oneOf('latest', 'best', 'worst'),
      impute_while_running: oneOf('latest', 'best', 'worst', 'false'),
      value: oneOf('best', 'last'),
      constraint: { type: 'string', pattern: '^\\s*(<=|>=)\\s*\\S+\\s*$' },
    },
    ['name'],
  );
}

function parameters(): JsonSchema {
  const shapes = distributionNames.map(shape);
  const group = closed({ parameters: { $ref: '#/definitions/parameters' }, when: when() }, ['parameters']);
  return { type: 'object', minProperties: 1, additionalProperties: { anyOf: [...shapes, group] } };
}

/** Those whose keys alone tell them apart need no `distribution`. */
const inferred: readonly string[] = ['constant', 'categorical', 'categorical_w_probabilities', 'int_uniform', 'uniform'];

function shape(name: (typeof distributionNames)[number]): JsonSchema {
  const { required, optional } = formOf(name);
  const keys = Object.fromEntries([...required, ...optional].map((key) => [key, keySchema(name, key)]));
  const needed = inferred.includes(name) ? required : ['distribution', ...required];
  return closed({ distribution: { const: name }, ...keys, when: when(), prior: prior() }, needed);
}

function keySchema(distribution: string, key: string): JsonSchema {
  if (key === 'value') return {};
  if (key === 'values') return { type: 'array', minItems: 1 };
  if (key === 'probabilities') return listOf({ type: 'number', minimum: 0 });
  return distribution === 'int_uniform' ? { type: 'integer' } : bound;
}

function when(): JsonSchema {
  return { type: 'object', minProperties: 1 };
}

function prior(): JsonSchema {
  return closed({ around: {}, confidence: oneOf('low', 'medium', 'high') }, ['around']);
}

function pruner(name: string, options: readonly PrunerOption[]): JsonSchema {
  return closed({ type: { const: name }, ...Object.fromEntries(options.map((option) => [option.name, optionSchema(option)])) }, ['type']);
}

function optionSchema(option: PrunerOption): JsonSchema {
  const { type, describe, minimum, exclusiveMinimum } = option;
  return {
    type: type === 'text' ? 'string' : type,
    description: describe,
    ...(option.default === undefined ? {} : { default: option.default }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(exclusiveMinimum === undefined ? {} : { exclusiveMinimum }),
  };
}
