/** Parallel coordinates in numbers: in what order axes stand, where each line crosses them, which lines the brushes let pass. */
import type { Goal, ParallelColumn, ParallelView } from '../chart-data.js';
import { distanceToStretch } from './hits.js';
import { robustRange } from './robust-range.js';
import { extent, levelRange, type Scale, scaleOf } from './scale.js';

export interface ParallelAxis {
  readonly column: ParallelColumn;
  readonly x: number;
  readonly scale: Scale;
  /** Where each line crosses; NaN where it does not. */
  readonly ys: Float32Array;
}

export const emptyView: ParallelView = { order: [], flipped: [], log: [], brushes: {} };

/** Columns in the chosen order, those that nobody placed after them as they came. */
export function ordered(columns: readonly ParallelColumn[], order: readonly string[]): readonly ParallelColumn[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const placed = order.flatMap((name) => byName.get(name) ?? []);
  return [...placed, ...columns.filter(({ name }) => !order.includes(name))];
}

/** `log` of the view is a difference: what a column suggests, turned over. */
export const isLogAxis = (column: ParallelColumn, view: Pick<ParallelView, 'log'>): boolean =>
  column.kind === 'number' && column.log !== view.log.includes(column.name) && positive(column.values);

export const canBeLog = (column: ParallelColumn): boolean => column.kind === 'number' && positive(column.values);

/** Asked for each axis whenever anything is drawn. */
const knownPositive = new WeakMap<object, boolean>();

function positive(values: ArrayLike<number>): boolean {
  const known = knownPositive.get(values) ?? !Array.prototype.some.call(values, (value: number) => value <= 0);
  knownPositive.set(values, known);
  return known;
}

export function axesOf(
  columns: readonly ParallelColumn[],
  view: ParallelView,
  box: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
): readonly ParallelAxis[] {
  const sorted = ordered(columns, view.order);
  return sorted.map((column, i) => {
    const x = sorted.length === 1 ? (box.left + box.right) / 2 : box.left + ((box.right - box.left) * i) / (sorted.length - 1);
    const flipped = view.flipped.includes(column.name);
    const scale = scaleOf(
      rangeOf(column, isLogAxis(column, view)),
      flipped ? [box.top, box.bottom] : [box.bottom, box.top],
      isLogAxis(column, view),
    );
    const missing = (value: number) => Number.isNaN(value) || (column.kind === 'category' && value < 0);
    return {
      column,
      x,
      scale,
      ys: Float32Array.from(column.values, (value) => (missing(value) ? Number.NaN : clamped(scale.toPixel(value), box))),
    };
  });
}

/** Infinities stand at the end of the axis. */
const clamped = (y: number, { top, bottom }: { readonly top: number; readonly bottom: number }): number =>
  Math.min(bottom, Math.max(top, y));

function rangeOf(column: ParallelColumn, log: boolean): readonly [number, number] {
  if (column.kind === 'category') return levelRange(column.levels.length);
  const range = extent(Array.from(column.values), log);
  if (range === null) return log ? [1, 10] : [0, 1];
  if (range[0] < range[1]) return range;
  return log ? [range[0] / 2, range[0] * 2] : [range[0] - 1, range[0] + 1];
}

/** 1 for each line that all brushes let pass; a line without a value passes no brush of that axis. */
export function passing(columns: readonly ParallelColumn[], brushes: ParallelView['brushes'], lines: number): Uint8Array {
  const pass = new Uint8Array(lines).fill(1);
  for (const column of columns) {
    const brush = brushes[column.name];
    if (brush === undefined) continue;
    const [low, high] = brush;
    for (let i = 0; i < lines; i++) {
      const value = column.values[i]!;
      if (!(value >= low && value <= high)) pass[i] = 0;
    }
  }
  return pass;
}

/** How good each line is, 0 … 1, NaN where it has no result; a few far out do not make the rest look alike. */
export function goodnessOf(values: ArrayLike<number>, goal: Goal): Float32Array {
  const range = robustRange([values], false, false)?.range ?? [0, 1];
  const width = range[1] - range[0] || 1;
  return Float32Array.from({ length: values.length }, (_, i) => {
    const share = Math.min(1, Math.max(0, (values[i]! - range[0]) / width));
    return goal === 'maximize' ? share : 1 - share;
  });
}

/** Those without a result first, then from the worst to the best, so that the best lie on top. */
export function drawingOrder(goodness: ArrayLike<number>): Uint32Array {
  const key = (i: number): number => (Number.isNaN(goodness[i]!) ? -1 : goodness[i]!);
  return Uint32Array.from({ length: goodness.length }, (_, i) => i).sort((a, b) => key(a) - key(b));
}

/** The line under the pointer, or -1; of several the one that is drawn last. */
export function lineAt(axes: readonly ParallelAxis[], order: Uint32Array, pass: Uint8Array, at: readonly [number, number]): number {
  const right = axes.findIndex(({ x }) => x >= at[0]);
  const [from, to] = [axes[right - 1], axes[right]];
  if (from === undefined || to === undefined) return -1;
  let best = -1;
  let least = 36;
  for (const line of order) {
    if (pass[line] !== 1) continue;
    const distance = distanceToStretch(at, [from.x, from.ys[line]!], [to.x, to.ys[line]!]);
    if (distance <= least) {
      least = distance;
      best = line;
    }
  }
  return best;
}

/** Puts the axis at another place. */
export function moved(names: readonly string[], name: string, to: number): readonly string[] {
  const rest = names.filter((one) => one !== name);
  const place = Math.min(rest.length, Math.max(0, to));
  return [...rest.slice(0, place), name, ...rest.slice(place)];
}

export const toggled = (names: readonly string[], name: string): readonly string[] =>
  names.includes(name) ? names.filter((one) => one !== name) : [...names, name];

/** The brush moved along its axis by a share of the axis, kept inside; without one, the half towards which it was moved. */
export function nudged(
  axis: ParallelAxis,
  brush: readonly [number, number] | undefined,
  { by, grow }: { readonly by: number; readonly grow: number },
): readonly [number, number] {
  const { scale } = axis;
  const share = (value: number): number => place(scale, value);
  const [low, high] = brush === undefined ? (by >= 0 ? [0.5, 1] : [0, 0.5]) : [share(brush[0]), share(brush[1])];
  if (brush === undefined) return [valueAt(scale, low), valueAt(scale, high)];
  const shift = Math.min(1 - high, Math.max(-low, by));
  const from = Math.max(0, low + shift - grow);
  const to = Math.min(1, high + shift + grow);
  return from < to ? [valueAt(scale, from), valueAt(scale, to)] : brush;
}

function place({ range: [low, high], log }: Scale, value: number): number {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

function valueAt({ range: [low, high], log }: Scale, share: number): number {
  return log ? low * (high / low) ** share : low + share * (high - low);
}
