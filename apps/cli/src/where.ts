/**
 * `--where` and `--sort`: which things of a list are shown, and in which order.
 *
 * The language is that of the sweep file's constraints, over names such as `params.lr`, `metrics.loss` and `state`. A thing that lacks a
 * name that the expression needs does not match.
 */

import type { SweepView, TrialView } from '@sweep/api';
import { type Expression, holds, isDict, numeric, type ParamValue, parseConstraint } from '@sweep/optimizer';
import { UsageError } from './exit.js';
import { asNumber } from './show/value.js';

export interface Names<T> {
  /** For the message about an unknown one. */
  readonly known: readonly string[];
  has(name: string): boolean;
  value(item: T, name: string): ParamValue;
}

export function parseWhere<T>(text: string, names: Names<T>): (item: T) => boolean {
  const parsed = parseConstraint(text, (name) => (names.has(name) ? name : undefined));
  if (!parsed.ok) {
    throw new UsageError(`--where: ${parsed.message}\n  ${text}\n  ${' '.repeat(parsed.offset)}^\n  names: ${names.known.join(', ')}`);
  }
  return (item) => matches(parsed.expression, (name) => names.value(item, name));
}

/** A constraint holds for what it does not apply to; a filter does not. So nothing is ever undefined here, but null. */
const matches = (expression: Expression, value: (name: string) => ParamValue): boolean => holds(expression, (name) => value(name) ?? null);

/** `metrics.acc` for smallest first, `-metrics.acc` for largest first; what has no value comes last. */
export function parseSort<T>(text: string, names: Names<T>): (left: T, right: T) => number {
  const [sign, name] = text.startsWith('-') ? [-1, text.slice(1)] : [1, text];
  if (!names.has(name)) throw new UsageError(`--sort ${text}: one of ${names.known.join(', ')}, with a - before it for largest first`);
  return (left, right) => compare(names.value(left, name), names.value(right, name), sign);
}

function compare(left: ParamValue, right: ParamValue, sign: number): number {
  const [a, b] = [orderOf(left), orderOf(right)];
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0);
}

/** Null for what has no place: nothing, and NaN. */
function orderOf(value: ParamValue): number | string | null {
  const number = numeric(value);
  if (number !== undefined) return Number.isNaN(number) ? null : number;
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : null;
}

type Read<T> = (item: T) => ParamValue;

const trialFields: Readonly<Record<string, Read<TrialView>>> = {
  id: ({ id }) => id,
  number: ({ number }) => number,
  state: ({ state }) => state,
  reason: ({ reason }) => reason,
  objective: ({ objective }) => asNumber(Array.isArray(objective) ? objective[0] : objective),
  attempts: ({ attempts }) => attempts,
  agent: ({ agent }) => agent,
  duration: ({ durationSeconds }) => durationSeconds,
};

export const trialNames: Names<TrialView> = {
  known: [...Object.keys(trialFields), 'params.NAME', 'metrics.NAME'],
  has: (name) => Object.hasOwn(trialFields, name) || /^(params|metrics)\../.test(name),
  value(trial, name) {
    const read = Object.hasOwn(trialFields, name) ? trialFields[name] : undefined;
    if (read !== undefined) return read(trial);
    const rest = name.slice(name.indexOf('.') + 1);
    return name.startsWith('params.') ? (memberAt(trial.params as ParamValue, rest) ?? null) : asNumber(trial.summary[rest]);
  },
};

const sweepFields: Readonly<Record<string, Read<SweepView>>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  path: ({ path }) => path,
  state: ({ state }) => state,
  method: ({ method }) => method,
  best: ({ best }) => asNumber(best?.value),
  priority: ({ priority }) => priority,
  trials: ({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0),
  created: ({ createdAt }) => createdAt,
};

export const sweepNames: Names<SweepView> = {
  known: [...Object.keys(sweepFields), 'counts.STATE'],
  has: (name) => Object.hasOwn(sweepFields, name) || name.startsWith('counts.'),
  value(sweep, name) {
    if (name.startsWith('counts.')) return memberAt(sweep.counts, name.slice('counts.'.length)) ?? null;
    return sweepFields[name]!(sweep);
  },
};

/** First the member of that very name, then, at its dots, members of members. */
function memberAt(value: ParamValue, path: string): ParamValue | undefined {
  if (value === null || !isDict(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(value, head)) continue;
    const found = memberAt(value[head]!, path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
