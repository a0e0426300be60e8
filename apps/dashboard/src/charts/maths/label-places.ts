/** Labels that never overlap: which are written, where, and how much of each. */

/** In pixels; x and y of the corner at the upper left. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Of labels at ascending places those that fit beside one another, evenly: the first, the last, and every n-th between.
 *
 * @param places of their middles, in pixels
 * @param sizes along the same direction
 * @param gap that stays free between two
 */
export function everyNth(places: readonly number[], sizes: readonly number[], gap: number): readonly number[] {
  for (let nth = 1; nth < Math.max(2, places.length); nth++) {
    const chosen = placesEvery(places.length, nth);
    if (fit(chosen, places, sizes, gap)) return chosen;
  }
  return places.length === 0 ? [] : [0];
}

const placesEvery = (n: number, nth: number): readonly number[] => Array.from({ length: Math.ceil(n / nth) }, (_, i) => i * nth);

function fit(chosen: readonly number[], places: readonly number[], sizes: readonly number[], gap: number): boolean {
  return chosen.every((index, i) => {
    const before = chosen[i - 1];
    if (before === undefined) return true;
    return Math.abs(places[index]! - places[before]!) >= (sizes[index]! + sizes[before]!) / 2 + gap;
  });
}

/** The first of the boxes that overlaps none of those taken; undefined where each does. */
export function firstFree<B extends Box>(boxes: Iterable<B>, taken: readonly Box[]): B | undefined {
  for (const box of boxes) if (!taken.some((other) => overlap(box, other))) return box;
  return undefined;
}

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** The text, or as much of its beginning and its end as fits, with a "…" between; empty where not even that fits. */
export function shortened(text: string, most: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= most) return text;
  const letters = [...text];
  for (let kept = letters.length - 1; kept >= 2; kept--) {
    const tail = Math.floor(kept / 3);
    const short = `${letters.slice(0, kept - tail).join('')}…${tail === 0 ? '' : letters.slice(-tail).join('')}`;
    if (widthOf(short) <= most) return short;
  }
  return widthOf('…') <= most ? '…' : '';
}
