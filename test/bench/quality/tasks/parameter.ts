/**
 * Parameters of a benchmark task: how they are written in a sweep file, and which proposed values count.
 *
 * Owns the identity of a configuration (`Setting`, `textOf`), on which the noise depends. Knows no landscape.
 */
import { Float, float, numeric, type Params, type ParamValue, sameValue } from '@sweep/optimizer';
import { pythonJson } from '@sweep/sweep-file';

interface Named {
  readonly name: string;
  /** The parameter exists only if each named one has one of these values. */
  readonly when?: Readonly<Record<string, readonly ParamValue[]>>;
}

export type TaskParameter = Named &
  (
    | { readonly kind: 'choice'; readonly values: readonly ParamValue[] }
    | { readonly kind: 'float' | 'int'; readonly min: number; readonly max: number; readonly log: boolean }
  );

/** The values of a task's parameters in their order; null for one that does not exist beside the others. */
export type Setting = readonly ParamValue[];

/** A proposal that lies outside the space. */
export class OutsideSpace extends Error {
  override readonly name = 'OutsideSpace';
}

/** @throws OutsideSpace */
export function settingOf(parameters: readonly TaskParameter[], params: Params): Setting {
  const active = new Map<string, ParamValue>();
  return parameters.map((parameter) => {
    const { name, when } = parameter;
    const exists = Object.entries(when ?? {}).every(([other, values]) => {
      const value = active.get(other);
      return value !== undefined && values.some((candidate) => sameValue(candidate, value));
    });
    const proposed = params[name];
    if (proposed === undefined) {
      if (exists) throw new OutsideSpace(`parameter ${name} is missing`);
      return null;
    }
    const value = acceptedValue(parameter, proposed);
    if (!exists) return null;
    active.set(name, value);
    return value;
  });
}

function acceptedValue(parameter: TaskParameter, proposed: ParamValue): ParamValue {
  const { name } = parameter;
  if (parameter.kind === 'choice') {
    const value = parameter.values.find((candidate) => sameValue(candidate, proposed));
    if (value === undefined) throw new OutsideSpace(`${name}=${pythonJson(proposed)} is not among ${pythonJson(parameter.values)}`);
    return value;
  }
  const { kind, min, max } = parameter;
  const x = numeric(proposed);
  if (x === undefined || !Number.isFinite(x)) throw new OutsideSpace(`${name}=${pythonJson(proposed)} is not a number`);
  if (kind === 'int' && !Number.isInteger(x)) throw new OutsideSpace(`${name}=${x} is not an integer`);
  const tolerance = kind === 'float' ? 1e-9 * Math.max(1, Math.abs(min), Math.abs(max)) : 0;
  if (x < min - tolerance || x > max + tolerance) throw new OutsideSpace(`${name}=${x} is outside [${min}, ${max}]`);
  if (kind === 'int') return x;
  if (x < min || x > max) return float(Math.min(Math.max(x, min), max));
  return proposed;
}

/** The same for two settings exactly if they are the same configuration: JSON as Python writes it, floats at 12 digits. */
export function textOf(setting: Setting): string {
  return pythonJson(setting.map((value) => (isFloat(value) ? float(Number(numeric(value)!.toPrecision(12))) : value)));
}

const isFloat = (value: ParamValue): boolean => value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));

/** The task as a sweep file. */
export function sweepFileText(task: { metric: string; goal: string; parameters: readonly TaskParameter[] }): string {
  const parameters = task.parameters.map((parameter) => `  ${parameter.name}: ${definition(parameter)}`);
  return [
    'program: train.py',
    'method: bayes',
    `metric: {name: ${task.metric}, goal: ${task.goal}}`,
    'parameters:',
    ...parameters,
    '',
  ].join('\n');
}

function definition(parameter: TaskParameter): string {
  const conditions = Object.entries(parameter.when ?? {}).map(([other, values]) => `${other}: ${list(values)}`);
  const when = conditions.length === 0 ? '' : `, when: {${conditions.join(', ')}}`;
  if (parameter.kind === 'choice') return `{values: ${list(parameter.values)}${when}}`;
  const { kind, log, min, max } = parameter;
  if (kind === 'float')
    return `{distribution: ${log ? 'log_uniform_values' : 'uniform'}, min: ${decimal(min)}, max: ${decimal(max)}${when}}`;
  return log
    ? `{distribution: q_log_uniform_values, min: ${min}, max: ${max}, q: 1${when}}`
    : `{distribution: int_uniform, min: ${min}, max: ${max}${when}}`;
}

const list = (values: readonly ParamValue[]): string => `[${values.map(pythonJson).join(', ')}]`;
/** With a dot, since YAML 1.1 reads `1e-05` as text. */
const decimal = (x: number): string => pythonJson(float(x)).replace(/^([^.]*)e/, '$1.0e');
