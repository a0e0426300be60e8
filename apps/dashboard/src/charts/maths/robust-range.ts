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

/** Of fewer values than this one per cent is nobody: what lies far from the middle is left out instead. */
const few = 200;

/**
 * From the 1st to the 99th percentile; a side on which that gains little shows everything.
 *
 * @param all show everything that can be shown
 */
export function robustRange(columns: readonly ArrayLike<number>[], log: boolean, all: boolean): RobustRange | null {
  const length = columns.reduce((sum, column) => sum + column.length, 0);
  const whole = wholeOf(columns, log);
  if (whole.shown === 0) return null;
  const unshowable = length - whole.shown;
  const range = all ? ([whole.low, whole.high] as const) : without(whole, middleOf(columns, log, Math.ceil(length / mostSorted)), log);
  return { range, ...outsideOf(columns, log, range), unshowable };
}

/** Each side is cut only where what lies outside would take a third of the picture. */
function without(
  { low, high }: { readonly low: number; readonly high: number },
  middle: readonly [number, number],
  log: boolean,
): readonly [number, number] {
  const far = (from: number, to: number): number => (log ? Math.log(to / from) : to - from);
  const width = far(middle[0], middle[1]);
  if (width === 0) return [low, high];
  return [far(low, middle[0]) > width / 2 ? middle[0] : low, far(middle[1], high) > width / 2 ? middle[1] : high];
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

function middleOf(columns: readonly ArrayLike<number>[], log: boolean, stride: number): readonly [number, number] {
  const sample: number[] = [];
  for (const column of columns) {
    for (let i = 0; i < column.length; i += stride) {
      const value = column[i]!;
      if (Number.isFinite(value) && (!log || value > 0)) sample.push(value);
    }
  }
  const sorted = Float64Array.from(sample).sort();
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)]!;
  if (sorted.length >= few || log) return [at(0.01), at(0.99)];
  // Three times as far out as four fifths of the values are wide.
  const [low, high] = [at(0.1), at(0.9)];
  const inside = sorted.filter((value) => value >= low - 3 * (high - low) && value <= high + 3 * (high - low));
  return [inside[0]!, inside[inside.length - 1]!];
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
