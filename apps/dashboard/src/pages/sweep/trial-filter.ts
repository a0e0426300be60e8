/**
 * Filter and order of a table of trials, in the browser: the trials are there already, so that both answer at once. Pure.
 *
 * The language is that of the API (`parseExpression`); names mean what they mean there.
 */

import { type Comparison, type Expression, type ExpressionValue, parseExpression, type TrialView } from '@sweep/api';
import { flattened } from '../../charts/maths/parallel-columns.js';
import { type Sort, sortOf } from '../../ui/sort.js';
import { objectiveOf } from './values.js';

export type Filtered = { readonly ok: true; readonly trials: readonly TrialView[] } | { readonly ok: false; readonly message: string };

export function filterTrials(trials: readonly TrialView[], where: string): Filtered {
  if (where.trim() === '') return { ok: true, trials };
  const parsed = parseExpression(where);
  if (!parsed.ok) return { ok: false, message: `${parsed.message} (at character ${parsed.offset + 1})` };
  const known = trials.length === 0 ? null : unknownName(parsed.expression, trials);
  if (known !== null)
    return { ok: false, message: `no trial has "${known}"; names: number, state, objective, duration, params.NAME, metrics.NAME` };
  try {
    return { ok: true, trials: trials.filter((trial) => holds(parsed.expression, trial)) };
  } catch (error) {
    // A regular expression that is none.
    if (error instanceof SyntaxError) return { ok: false, message: error.message };
    throw error;
  }
}

/** What cannot be compared comes last, whichever way. */
export function sortTrials(trials: readonly TrialView[], sort: Sort): readonly TrialView[] {
  const { by, order } = sortOf(sort);
  if (by === null) return trials;
  const sign = order === 'descending' ? -1 : 1;
  const name = by.replaceAll('`', '');
  const keyed = trials.map((trial) => ({ trial, key: comparable(fieldOf(trial, name)) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    return sign * compare(a.key, b.key);
  });
  return keyed.map(({ trial }) => trial);
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

function comparable(value: unknown): number | string | null {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (value === 'Infinity' || value === '-Infinity') return Number(value);
  if (value === undefined || value === null || value === 'NaN') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Read = (trial: TrialView) => unknown;

const plain: Readonly<Record<string, Read>> = {
  number: ({ number }) => number,
  id: ({ id }) => id,
  state: ({ state }) => state,
  reason: ({ reason }) => reason,
  agent: ({ agent }) => agent,
  attempts: ({ attempts }) => attempts,
  created: ({ createdAt }) => createdAt,
  duration: ({ durationSeconds }) => durationSeconds,
  objective: (trial) => objectiveOf(trial),
};

const prefixes = { params: /^(?:params|config)\./, metrics: /^(?:metrics|summary)\./ };

function fieldOf(trial: TrialView, name: string): unknown {
  if (Object.hasOwn(plain, name)) return plain[name]!(trial);
  const param = (one: string): unknown => flattened(trial.params).get(one);
  if (prefixes.params.test(name)) return param(name.replace(prefixes.params, ''));
  if (prefixes.metrics.test(name)) return metric(trial, name.replace(prefixes.metrics, ''));
  return param(name) ?? metric(trial, name);
}

const metric = ({ summary }: TrialView, name: string): unknown => (Object.hasOwn(summary, name) ? summary[name] : undefined);

/** A name that means nothing for any trial, as a typing error does. */
function unknownName(expression: Expression, trials: readonly TrialView[]): string | null {
  if ('name' in expression) {
    const { name } = expression;
    return Object.hasOwn(plain, name) || trials.some((trial) => fieldOf(trial, name) !== undefined) ? null : name;
  }
  const parts = expression.op === 'not' ? [expression.of] : expression.of;
  return parts.map((part) => unknownName(part, trials)).find((name) => name !== null) ?? null;
}

function holds(expression: Expression, trial: TrialView): boolean {
  if ('name' in expression) return compares(expression, fieldOf(trial, expression.name) ?? null);
  switch (expression.op) {
    case 'and':
      return expression.of.every((part) => holds(part, trial));
    case 'or':
      return expression.of.some((part) => holds(part, trial));
    case 'not':
      return !holds(expression.of, trial);
  }
}

function compares(comparison: Comparison, value: unknown): boolean {
  switch (comparison.op) {
    case 'eq':
      return equal(value, comparison.value);
    case 'in':
      return comparison.values.some((one) => equal(value, one));
    case 'regex':
      return typeof value === 'string' && new RegExp(comparison.pattern, 'u').test(value);
    default:
      return ordered(comparison.op, value, comparison.value);
  }
}

function equal(value: unknown, wanted: ExpressionValue): boolean {
  if (wanted === null || value === null) return value === wanted;
  if (typeof wanted === 'number' && Number.isNaN(wanted)) return value === 'NaN' || Number.isNaN(value);
  return value === wanted || (typeof wanted !== 'boolean' && comparable(value) === wanted);
}

function ordered(op: 'gt' | 'gte' | 'lt' | 'lte', value: unknown, bound: ExpressionValue): boolean {
  const key = comparable(value);
  if (key === null || typeof key !== typeof bound) return false;
  const difference = compare(key, bound as number | string);
  return { gt: difference > 0, gte: difference >= 0, lt: difference < 0, lte: difference <= 0 }[op];
}
