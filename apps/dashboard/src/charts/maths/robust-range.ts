/** The range that an axis shows: most of the values, and how many lie outside. Nothing is cut without being counted. */
export interface RobustRange {
  readonly range: readonly [number, number];
  readonly below: number;
  readonly above: number;
  /** NaN and infinities, and on a log axis what is not above zero. */
  readonly unshowable: number;
}

/** Percentiles of so many values are those of all, as far as an eye can tell; sorting a million would take longer than drawing them. */
const mostSorted = 20_000;

/**
 * From the 1st to the 99th percentile, where that makes the picture at least twice as large; else everything.
 *
 * @param all show everything that can be shown
 */
export function robustRange(columns: readonly ArrayLike<number>[], log: boolean, all: boolean): RobustRange | null {
  const length = columns.reduce((sum, column) => sum + column.length, 0);
  const whole = wholeOf(columns, log);
  if (whole.shown === 0) return null;
  const unshowable = length - whole.shown;
  const range = [whole.low, whole.high] as const;
  const middle = middleOf(columns, log, Math.ceil(length / mostSorted));
  const width = ([low, high]: readonly [number, number]) => (log ? Math.log(high / low) : high - low);
  if (all || middle === null || width(middle) === 0 || width(range) < 2 * width(middle)) return { range, below: 0, above: 0, unshowable };
  return { range: middle, ...outsideOf(columns, log, middle), unshowable };
}

function wholeOf(columns: readonly ArrayLike<number>[], log: boolean) {
  let [low, high, shown] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      shown++;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { low, high, shown };
}

function middleOf(columns: readonly ArrayLike<number>[], log: boolean, stride: number): readonly [number, number] | null {
  const sample: number[] = [];
  for (const column of columns) {
    for (let i = 0; i < column.length; i += stride) {
      const value = column[i]!;
      if (Number.isFinite(value) && (!log || value > 0)) sample.push(value);
    }
  }
  const sorted = Float64Array.from(sample).sort();
  if (sorted.length === 0) return null;
  return [sorted[Math.floor((sorted.length - 1) * 0.01)]!, sorted[Math.ceil((sorted.length - 1) * 0.99)]!];
}

function outsideOf(columns: readonly ArrayLike<number>[], log: boolean, [low, high]: readonly [number, number]) {
  let [below, above] = [0, 0];
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      if (value < low) below++;
      else if (value > high) above++;
    }
  }
  return { below, above };
}

/** Place of the first that holds, of values that hold from some place on. */
export function firstWhere(sorted: ArrayLike<number>, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
