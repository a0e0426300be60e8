/** Axes of parallel coordinates from params of trials: only of those that vary, objective last. */
import type { ParallelColumn } from '../chart-data.js';

export interface ParamsOf {
  readonly params: Readonly<Record<string, unknown>>;
}

/** Beyond so many levels an axis of texts says nothing. */
const mostLevels = 200;

/** Of numbers spread evenly half lie below the half of the largest; of those that span decades, below far less. */
const lowHalf = 0.25;

/** Numbers spread over at least two decades, all above zero and most of them small, are shown by their logarithm. */
export function looksLogarithmic(values: ArrayLike<number>): boolean {
  const known = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const [low = 0, high = 0] = [known[0], known.at(-1)];
  if (!(low > 0) || !Number.isFinite(high) || high < 100 * low) return false;
  return known[Math.floor(known.length / 2)]! <= lowHalf * high;
}

/** @param objective null while there is none; its values are NaN where a trial has none */
export function parallelColumns(
  trials: readonly ParamsOf[],
  objective: { readonly name: string; readonly values: ArrayLike<number> } | null,
): readonly ParallelColumn[] {
  const flat = trials.map(({ params }) => flattened(params));
  const names = [...new Set(flat.flatMap((params) => [...params.keys()]))];
  const columns = names.flatMap(
    (name) =>
      columnOf(
        name,
        flat.map((params) => params.get(name)),
      ) ?? [],
  );
  return objective === null
    ? columns
    : [...columns, { name: objective.name, kind: 'number', log: looksLogarithmic(objective.values), values: objective.values }];
}

/** Nested params by their names joined with dots; lists are levels by their text. */
export function flattened(params: Readonly<Record<string, unknown>>, prefix = ''): ReadonlyMap<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [inner, leaf] of flattened(value as Record<string, unknown>, `${prefix}${name}.`)) flat.set(inner, leaf);
    else flat.set(prefix + name, value);
  }
  return flat;
}

function columnOf(name: string, values: readonly unknown[]): ParallelColumn | null {
  const given = values.filter((value) => value !== undefined);
  const texts = new Set(given.map(levelText));
  if (texts.size < 2) return null;
  if (given.every((value) => typeof value === 'number')) {
    const numbers = Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN));
    return { name, kind: 'number', log: looksLogarithmic(numbers), values: numbers };
  }
  if (texts.size > mostLevels) return null;
  const levels = [...texts].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const place = new Map(levels.map((level, index) => [level, index]));
  return {
    name,
    kind: 'category',
    levels,
    values: Int32Array.from(values, (value) => (value === undefined ? -1 : place.get(levelText(value))!)),
  };
}

const levelText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
