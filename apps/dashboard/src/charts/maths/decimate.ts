/** Fewer points that draw the same picture: of each stretch of x its first, smallest, largest and last point. */
import { firstWhere } from './robust-range.js';

export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * A line through what is kept covers the same pixels as one through everything, as long as a stretch is no wider than a pixel
 * (Jugel et al., "M4", https://www.vldb.org/pvldb/vol7/p797-jugel.pdf). Points without a finite y stay only as gaps.
 *
 * @param x ascending
 * @param range what is seen of x; one point beyond either end is kept, so that lines run out of the picture
 * @param stretches usually the width in device pixels
 */
export function decimate(x: ArrayLike<number>, y: ArrayLike<number>, range: readonly [number, number], stretches: number): Points {
  const [from, to] = windowOf(x, range);
  const n = to - from;
  if (n <= stretches * 4) return { x: copy(x, from, to), y: copy(y, from, to) };
  const keep: number[] = [];
  const low = x[from]!;
  const width = (x[to - 1]! - low) / stretches || 1;
  let start = from;
  while (start < to) {
    const bin = Math.floor((x[start]! - low) / width);
    const end = endOfBin(x, { start, to }, low + (bin + 1) * width);
    keepOf(y, start, end, keep);
    start = end;
  }
  return { x: pick(x, keep), y: pick(y, keep) };
}

/** Places of what is seen, and one more at either side. */
function windowOf(x: ArrayLike<number>, [low, high]: readonly [number, number]): readonly [number, number] {
  const from = firstWhere(x, (value) => value >= low);
  const to = firstWhere(x, (value) => value > high);
  return [Math.max(0, from - 1), Math.min(x.length, to + 1)];
}

function endOfBin(x: ArrayLike<number>, { start, to }: { readonly start: number; readonly to: number }, bound: number): number {
  let end = start + 1;
  while (end < to && x[end]! < bound) end++;
  return end;
}

function keepOf(y: ArrayLike<number>, start: number, end: number, keep: number[]): void {
  let least = -1;
  let most = -1;
  let gap = -1;
  for (let i = start; i < end; i++) {
    const value = y[i]!;
    if (!Number.isFinite(value)) gap = i;
    else {
      if (least < 0 || value < y[least]!) least = i;
      if (most < 0 || value > y[most]!) most = i;
    }
  }
  // A stretch with values and gaps is drawn through: the gap is narrower than a pixel.
  const places = least < 0 ? [gap] : [start, least, most, end - 1].filter((i) => Number.isFinite(y[i]!));
  places.sort((a, b) => a - b);
  for (const place of places) if (keep.at(-1) !== place) keep.push(place);
}

const copy = (column: ArrayLike<number>, from: number, to: number): Float64Array =>
  column instanceof Float64Array ? column.subarray(from, to) : Float64Array.from({ length: to - from }, (_, i) => column[from + i]!);
const pick = (column: ArrayLike<number>, places: readonly number[]): Float64Array => Float64Array.from(places, (place) => column[place]!);
