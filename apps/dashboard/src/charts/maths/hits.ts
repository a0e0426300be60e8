/** What the pointer is at. Pixels throughout. */

/** Index of the nearest point within reach, or -1; of equals the later, which is drawn on top. */
export function nearestPoint(xs: ArrayLike<number>, ys: ArrayLike<number>, at: readonly [number, number], reach: number): number {
  let best = -1;
  let least = reach * reach;
  for (let i = 0; i < xs.length; i++) {
    const dx = xs[i]! - at[0];
    const dy = ys[i]! - at[1];
    const distance = dx * dx + dy * dy;
    if (distance <= least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

/** Squared distance of a point from a stretch of line. */
export function distanceToStretch(
  [px, py]: readonly [number, number],
  from: readonly [number, number],
  to: readonly [number, number],
): number {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - from[0]) * dx + (py - from[1]) * dy) / length));
  const ex = px - from[0] - share * dx;
  const ey = py - from[1] - share * dy;
  return ex * ex + ey * ey;
}
