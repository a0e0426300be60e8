/** From an axis's own numbers to pixels and back. */
export interface Scale {
  readonly range: readonly [number, number];
  readonly log: boolean;
  readonly toPixel: (value: number) => number;
  readonly toValue: (pixel: number) => number;
}

/**
 * @param range low and high; of a log scale above zero
 * @param pixels where they stand; the first may be the larger
 */
export function scaleOf(range: readonly [number, number], pixels: readonly [number, number], log = false): Scale {
  const [low, high] = log ? [Math.log(range[0]), Math.log(range[1])] : range;
  const [from, to] = pixels;
  const span = high - low;
  return {
    range,
    log,
    toPixel(value) {
      if (span === 0) return (from + to) / 2;
      return from + (((log ? Math.log(value) : value) - low) / span) * (to - from);
    },
    toValue(pixel) {
      const at = low + ((pixel - from) / (to - from)) * span;
      return log ? Math.exp(at) : at;
    },
  };
}

export function extent(values: Iterable<number>, log = false): readonly [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** Room around the values, and some width where all are the same. @param share of the width, on either side */
export function padded([low, high]: readonly [number, number], log: boolean, share = 0.04): readonly [number, number] {
  if (log) {
    const factor = low === high ? 2 : (high / low) ** share;
    return [low / factor, high * factor];
  }
  const room = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * share;
  return [low - room, high + room];
}

/** Places of n levels, spread evenly with half a step at either end. */
export const levelRange = (levels: number): readonly [number, number] => [-0.5, Math.max(levels, 1) - 0.5];
