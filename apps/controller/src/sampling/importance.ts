/**
 * How strongly each parameter goes together with the objective, by ranks: blind to scale and to outliers.
 *
 * Numbers: Spearman's rank correlation. Everything else: the correlation ratio of the objective's ranks over the groups of equal
 * values, corrected for the number of groups (epsilon squared; Kelley, PNAS 21(9), 1935), so that many groups alone explain nothing.
 * It says what goes together, not what causes.
 */
import { Float, type Params, type ParamValue, stringifyJson } from '@sweep/optimizer';

export interface Sample {
  readonly params: Params;
  readonly value: number;
}

export interface Importance {
  /** Names joined by dots. */
  readonly param: string;
  /** 0 … 1. */
  readonly importance: number;
  /** −1 … 1 for numbers: the sign says in which direction the objective grows. Null for other parameters. */
  readonly correlation: number | null;
  /** Trials that have the parameter. */
  readonly samples: number;
}

/** Below this any parameter can look important by chance. */
export const fewestSamples = 5;

/** Strongest first. Parameters with fewer than two different values are left out: nothing can be said about them. */
export function importances(samples: readonly Sample[]): readonly Importance[] {
  const measured = samples.filter(({ value }) => Number.isFinite(value)).map(({ params, value }) => ({ leaves: leavesOf(params), value }));
  const names = new Set(measured.flatMap(({ leaves }) => [...leaves.keys()]));
  return [...names]
    .map((param) => importanceOf(param, measured))
    .filter((one) => one !== null)
    .sort((a, b) => b.importance - a.importance || (a.param < b.param ? -1 : 1));
}

function importanceOf(
  param: string,
  measured: readonly { readonly leaves: ReadonlyMap<string, ParamValue>; readonly value: number }[],
): Importance | null {
  const having = measured.filter(({ leaves }) => leaves.has(param));
  const values = having.map(({ leaves }) => leaves.get(param)!);
  const groups = values.map((value) => stringifyJson(value, { nonFinite: 'text' }));
  if (having.length < fewestSamples || new Set(groups).size < 2) return null;
  const objective = ranks(having.map(({ value }) => value));
  const numbers = values.map(numberOf);
  if (numbers.every((value) => value !== null)) {
    const correlation = pearson(ranks(numbers), objective);
    return { param, importance: Math.abs(correlation), correlation, samples: having.length };
  }
  return { param, importance: correlationRatio(groups, objective), correlation: null, samples: having.length };
}

function leavesOf(params: Params, prefix = ''): Map<string, ParamValue> {
  const leaves = new Map<string, ParamValue>();
  for (const [name, value] of Object.entries(params)) {
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);
    if (nested) for (const [path, leaf] of leavesOf(value as Params, `${prefix}${name}.`)) leaves.set(path, leaf);
    else leaves.set(`${prefix}${name}`, value);
  }
  return leaves;
}

function numberOf(value: ParamValue): number | null {
  const number = value instanceof Float ? value.value : typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** 1 … n; equal values share the mean of their ranks. */
export function ranks(values: readonly number[]): readonly number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const result = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) result[order[i]!] = (start + end + 1) / 2;
    start = end;
  }
  return result;
}

/** 0 when one side does not vary. */
function pearson(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  const [varianceX, varianceY] = [squares(x, meanX), squares(y, meanY)];
  if (varianceX === 0 || varianceY === 0) return 0;
  const covariance = x.reduce((sum, value, index) => sum + (value - meanX) * (y[index]! - meanY), 0);
  return Math.max(-1, Math.min(1, covariance / Math.sqrt(varianceX * varianceY)));
}

function correlationRatio(groups: readonly string[], values: readonly number[]): number {
  const total = squares(values, mean(values));
  const names = [...new Set(groups)];
  const degrees = values.length - names.length;
  if (total === 0 || degrees <= 0) return 0;
  const within = names
    .map((name) => values.filter((_, index) => groups[index] === name))
    .reduce((sum, members) => sum + squares(members, mean(members)), 0);
  return Math.sqrt(Math.max(0, 1 - (within / degrees) * ((values.length - 1) / total)));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = (values: readonly number[], center: number): number => values.reduce((sum, value) => sum + (value - center) ** 2, 0);
