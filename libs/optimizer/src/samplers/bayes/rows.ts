/** Results as rows of a model: repeats averaged, results warped, failures worse than everything that did not fail. */

import type { Vector } from '../../encoding/cube.js';
import type { Rows } from '../../gp/fit.js';
import type { Hypothesis } from '../../gp/hypothesis.js';
import { aligned, halfRank, power, standardized } from '../../gp/warp.js';
import type { Kind, Result } from './results.js';
import { guesser } from './stopped.js';

export interface Table extends Rows {
  readonly vectors: readonly Vector[];
  /** Of each row. */
  readonly keys: readonly string[];
  /** Rows of finished trials come first; only they can be the best. */
  readonly finished: number;
  /** Results and what they became, ascending and distinct: the way back. */
  readonly curve: readonly { readonly value: number; readonly warped: number }[];
}

interface Group {
  readonly key: string;
  readonly vector: Vector;
  readonly values: number[];
  readonly kind: Kind;
  /** Of a stopped trial's value. */
  readonly variance: number;
}

/**
 * @param results all of them, or those that stand for all
 * @param told whether failures can be told from the rest: then a model of their own looks after them
 */
export function tableOf(results: readonly Result[], warp: Hypothesis['warp'], told: boolean): Table {
  const groups = grouped(results);
  const finished = groups.filter(({ kind }) => kind === 'value');
  const stopped = groups.filter(({ kind }) => kind === 'stopped');
  // A model without noise would follow the cliff.
  const failed = warp === 'power' && told ? [] : groups.filter(({ kind }) => kind === 'failed');
  const means = finished.map(({ values }) => mean(values));
  const guesses = stopped.map(({ values }) => mean(values));
  const raw = Float64Array.from([...means, ...guesses]);
  const even = aligned(raw);
  const warped = standardized(warp === 'half-rank' ? halfRank(even) : power(even));
  const penalty = penaltyFor(warped);
  const curve = [...new Map(Array.from(raw, (value, index) => [warped[index]!, value])).entries()]
    .map(([after, value]) => ({ value, warped: after }))
    .sort((a, b) => a.warped - b.warped);
  const all = [...finished, ...stopped, ...failed];
  return {
    vectors: all.map(({ vector }) => vector),
    keys: all.map(({ key }) => key),
    finished: finished.length,
    curve,
    count: all.length,
    targets: Float64Array.from([...warped, ...failed.map(() => penalty)]),
    repeats: Float64Array.from(all, ({ values }) => Math.max(1, values.length)),
    extra: Float64Array.from(all, ({ variance }) => variance),
  };
}

/** One row a point; a point that failed once and worked once worked. */
function grouped(results: readonly Result[]): readonly Group[] {
  const guess = guesser(results);
  const groups = new Map<string, Group>();
  for (const result of results) {
    const { key, vector, kind } = result;
    const known = groups.get(key);
    const { value, variance } = kind === 'stopped' ? guess(result) : { value: result.value, variance: 0 };
    if (known === undefined || weight(kind) > weight(known.kind)) {
      groups.delete(key);
      groups.set(key, { key, vector, kind, variance, values: kind === 'failed' ? [] : [value] });
    } else if (known.kind === kind && kind !== 'failed') known.values.push(value);
  }
  return [...groups.values()];
}

const weight = (kind: Kind): number => (kind === 'value' ? 2 : kind === 'stopped' ? 1 : 0);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function penaltyFor(warped: Float64Array): number {
  if (warped.length === 0) return 1;
  return Math.max(...warped) + 0.5;
}
