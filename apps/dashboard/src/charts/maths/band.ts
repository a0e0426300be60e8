/** Between which values many curves lie, along x: shown instead of lines that nobody could tell apart. */
import { firstWhere } from './robust-range.js';

export interface Band {
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Each stretch of x takes the extremes of what the curves show in it; a curve without a point there counts with the line between its
 * neighbours, so the band does not flicker where curves have different steps.
 */
export function bandOf(curves: readonly { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[], xs: Float64Array): Band {
  const low = new Float64Array(xs.length).fill(Number.NaN);
  const high = new Float64Array(xs.length).fill(Number.NaN);
  const take = (at: number, value: number): void => {
    if (!Number.isFinite(value)) return;
    if (!(low[at]! <= value)) low[at] = value;
    if (!(high[at]! >= value)) high[at] = value;
  };
  for (const { x, y } of curves) {
    const width = xs.length < 2 ? 0 : xs[1]! - xs[0]!;
    for (let i = 0; i < x.length && width > 0; i++) {
      const at = Math.round((x[i]! - xs[0]!) / width);
      if (at >= 0 && at < xs.length) take(at, y[i]!);
    }
    for (let at = 0; at < xs.length; at++) take(at, between(x, y, xs[at]!));
  }
  return { x: xs, low, high };
}

/** The curve's value at x by the straight line between its neighbours; NaN outside. */
export function between(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number {
  if (x.length === 0 || at < x[0]! || at > x[x.length - 1]!) return Number.NaN;
  const right = firstWhere(x, (value) => value >= at);
  if (x[right] === at || right === 0) return y[right]!;
  const left = right - 1;
  const share = (at - x[left]!) / (x[right]! - x[left]!);
  return y[left]! + share * (y[right]! - y[left]!);
}

/** Evenly spread places. */
export const spread = ([low, high]: readonly [number, number], n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => low + ((high - low) * i) / Math.max(1, n - 1));
