/** What the crosshair reads: every drawn curve at one x, largest first, and which one the pointer is nearest to. */
import { between } from './band.js';
import type { DrawnCurve } from './curve-model.js';
import type { Scale } from './scale.js';

export interface CurveValue {
  readonly id: string;
  readonly label: string;
  readonly value: number;
}

export const mostRows = 12;

/** Those of the front are never left out of the twelve. */
export function valuesAt(
  drawn: readonly DrawnCurve[],
  x: number,
  front: ReadonlySet<string>,
): { readonly rows: readonly CurveValue[]; readonly more: number } {
  const all = drawn
    .map(({ curve, line }) => ({ id: curve.id, label: curve.label, value: between(line.x, line.y, x) }))
    .filter(({ value }) => !Number.isNaN(value));
  const kept = [
    ...all.filter(({ id }) => front.has(id)),
    ...all.filter(({ id }) => !front.has(id)).sort((a, b) => b.value - a.value),
  ].slice(0, mostRows);
  return { rows: kept.sort((a, b) => b.value - a.value), more: all.length - kept.length };
}

/** The curve that passes the pointer within reach. */
export function curveAt(
  drawn: readonly DrawnCurve[],
  at: readonly [number, number],
  { x, y }: { readonly x: Scale; readonly y: Scale },
): string | null {
  let least = 12;
  let found: string | null = null;
  for (const { curve, line } of drawn) {
    const distance = Math.abs(y.toPixel(between(line.x, line.y, x.toValue(at[0]))) - at[1]);
    if (distance < least) {
      least = distance;
      found = curve.id;
    }
  }
  return found;
}
