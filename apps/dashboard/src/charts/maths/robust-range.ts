/** The range that an axis shows: most of the values, and how many lie outside. Nothing is cut without being counted. */
export interface RobustRange {
  readonly range: readonly [number, number];
  readonly below: number;
  readonly above: number;
  /** NaN and infinities, and on a log axis what is not above zero. */
  readonly unshowable: number;
}

/**
 * From the 1st to the 99th percentile, where that makes the picture at least twice as large; else everything.
 *
 * @param all show everything that can be shown
 */
export function robustRange(columns: readonly ArrayLike<number>[], log: boolean, all: boolean): RobustRange | null {
  const length = columns.reduce((sum, column) => sum + column.length, 0);
  const shown = new Float64Array(length);
  let n = 0;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (Number.isFinite(value) && (!log || value > 0)) shown[n++] = value;
    }
  }
  if (n === 0) return null;
  const sorted = shown.subarray(0, n).sort();
  const whole = [sorted[0]!, sorted[n - 1]!] as const;
  const unshowable = length - n;
  const middle = [sorted[Math.floor((n - 1) * 0.01)]!, sorted[Math.ceil((n - 1) * 0.99)]!] as const;
  const width = ([low, high]: readonly [number, number]) => (log ? Math.log(high / low) : high - low);
  if (all || width(middle) === 0 || width(whole) < 2 * width(middle)) return { range: whole, below: 0, above: 0, unshowable };
  return { range: middle, below: countBelow(sorted, middle[0]), above: n - countNotAbove(sorted, middle[1]), unshowable };
}

const countBelow = (sorted: Float64Array, bound: number): number => firstWhere(sorted, (value) => value >= bound);
const countNotAbove = (sorted: Float64Array, bound: number): number => firstWhere(sorted, (value) => value > bound);

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
