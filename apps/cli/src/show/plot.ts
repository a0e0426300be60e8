/**
 * A series drawn in the terminal with braille dots, two across and four down in each character.
 *
 *     1.2 ┤⡇
 *         │⠱⡀
 *     0.1 ┤ ⠈⠒⠤⣀
 *          0       99
 */
import { number } from './value.js';

export interface PlotSize {
  /** Characters, axis included. */
  readonly width: number;
  readonly height: number;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Dot bits of a braille character by column and row: https://www.unicode.org/charts/PDF/U2800.pdf */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

export function plot(title: string, steps: readonly number[], values: readonly number[], size: PlotSize): string {
  const points = values.map((y, index) => ({ x: steps[index] ?? index, y })).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (points.length === 0) return `${title}: no finite value`;
  const xs = rangeOf(points.map(({ x }) => x));
  const ys = rangeOf(points.map(({ y }) => y));
  const labels = { top: number(ys.high, 4), bottom: number(ys.low, 4) };
  const margin = Math.max(labels.top.length, labels.bottom.length);
  const columns = Math.max(8, size.width - margin - 2);
  const rows = Math.max(3, size.height - 2);
  const canvas = draw(points, { xs, ys }, { columns, rows });
  const body = canvas.map((line, row) => {
    const label = row === 0 ? labels.top : row === rows - 1 ? labels.bottom : '';
    return `${label.padStart(margin)} ${label === '' ? '│' : '┤'}${line}`.trimEnd();
  });
  const left = number(xs.low);
  const right = number(xs.high);
  const foot = `${' '.repeat(margin + 2)}${left}${right.padStart(Math.max(right.length + 1, columns - left.length))}`;
  return [title, ...body, foot].join('\n');
}

function rangeOf(values: readonly number[]): Range {
  let [low, high] = [values[0]!, values[0]!];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return { low, high };
}

/** 0 to `cells - 1`; the middle when there is only one value. */
const place = (value: number, { low, high }: Range, cells: number): number =>
  high === low ? Math.floor(cells / 2) : Math.round(((value - low) / (high - low)) * (cells - 1));

function draw(
  points: readonly { readonly x: number; readonly y: number }[],
  { xs, ys }: { readonly xs: Range; readonly ys: Range },
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string[] {
  const cells = Array.from({ length: rows }, () => new Uint8Array(columns));
  const [wide, high] = [columns * 2, rows * 4];
  const set = (x: number, y: number): void => {
    const row = high - 1 - y;
    cells[row >> 2]![x >> 1]! |= dots[x % 2]![row % 4]!;
  };
  let last: { x: number; y: number } | undefined;
  for (const point of points) {
    const next = { x: place(point.x, xs, wide), y: place(point.y, ys, high) };
    if (last === undefined) set(next.x, next.y);
    else line(last, next, set);
    last = next;
  }
  return cells.map((row) => Array.from(row, (bits) => (bits === 0 ? ' ' : String.fromCodePoint(0x2800 + bits))).join(''));
}

function line(from: { x: number; y: number }, to: { x: number; y: number }, set: (x: number, y: number) => void): void {
  const length = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1);
  for (let i = 0; i <= length; i++) {
    set(from.x + Math.round(((to.x - from.x) * i) / length), from.y + Math.round(((to.y - from.y) * i) / length));
  }
}
