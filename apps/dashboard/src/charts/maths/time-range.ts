/** What of time is shown, and how it is zoomed. */

/** All bars and the present, with some room at the right for what still runs. */
export function wholeRange(
  bars: readonly { readonly start: number; readonly end: number | null }[],
  now: number,
): readonly [number, number] {
  const first = bars.reduce((least, { start }) => Math.min(least, start), now);
  const last = bars.reduce((most, { end }) => Math.max(most, end ?? now), first);
  const width = Math.max(1000, last - first);
  return [first, last + width * 0.02];
}

/** About a place that stays where it is. @param factor below 1 comes nearer */
export function zoomed(
  [low, high]: readonly [number, number],
  at: number,
  factor: number,
  whole: readonly [number, number],
): readonly [number, number] | null {
  const from = Math.max(whole[0], at - (at - low) * factor);
  const to = Math.min(whole[1], at + (high - at) * factor);
  if (to - from < 10) return [low, high];
  return from <= whole[0] && to >= whole[1] ? null : [from, to];
}

/** Moved by so much, but not beyond what there is. */
export function panned([low, high]: readonly [number, number], by: number, whole: readonly [number, number]): readonly [number, number] {
  const shift = Math.min(whole[1] - high, Math.max(whole[0] - low, by));
  return [low + shift, high + shift];
}
