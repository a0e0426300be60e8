/** How parallel coordinates are drawn: the colours of lines, axes, levels, brushes with their numbers. */
import type { ParallelColumn, ParallelView } from '../chart-data.js';
import { blended, pixelOf, viridisColour } from '../maths/colours.js';
import { everyNth, shortened } from '../maths/label-places.js';
import type { ParallelAxis } from '../maths/parallel-lines.js';
import { axisNumber, ticksFor } from '../maths/ticks.js';
import type { LineSet } from './line-layer.js';
import type { Painter } from './painter.js';
import type { Palette } from './palette.js';

export interface Lines {
  readonly axes: readonly ParallelAxis[];
  /** In which they are drawn. */
  readonly order: Uint32Array;
  readonly pass: Uint8Array;
  readonly goodness: Float32Array;
}

const shades = 24;

/** Numbers of a brush that reaches the end of its axis stand below. */
export const bottomRoom = 18;

export function parallelBox(size: { readonly width: number; readonly height: number }, axes: number) {
  const side = Math.min(70, size.width / (axes + 1) / 2 + 10);
  return { left: side, right: size.width - side, top: 44, bottom: size.height - bottomRoom };
}

/** Every line, behind: however many lie over each other, they stay paler than what passes. */
export function groundOf({ axes, order }: Pick<Lines, 'axes' | 'order'>, palette: Palette): LineSet {
  const alpha = Math.max(0.06, Math.min(1, 120 / order.length));
  const ink = { colour: pixelOf(blended(palette.surface, palette.faint, 0.45)), alpha: Math.round(256 * alpha) };
  return { ...placesOf(axes), order, inkOf: () => ink };
}

/** What passes, in colour, from the worst to the best. */
export function passingOf({ axes, order, pass, goodness }: Lines, palette: Palette): LineSet {
  const shown = order.filter((line) => pass[line] === 1);
  const inks = shadesOf(shown.length, palette).map(({ colour, alpha }) => ({ colour: pixelOf(colour), alpha: Math.round(256 * alpha) }));
  return { ...placesOf(axes), order: shown, inkOf: (line) => inks[shadeOf(goodness[line]!)]! };
}

const placesOf = (axes: readonly ParallelAxis[]) => ({ xs: axes.map(({ x }) => x), ys: axes.map(({ ys }) => ys) });

/** The same for files. */
export function drawPassing(painter: Painter, palette: Palette, { axes, order, pass, goodness }: Lines): void {
  const shown = order.filter((line) => pass[line] === 1);
  const strokes = shadesOf(shown.length, palette);
  for (const line of shown) painter.line(pathOf(axes, line), { ...strokes[shadeOf(goodness[line]!)]!, width: 1.1 });
}

/** Without a result first, then from the worst to the best. The fewer lines, the more each covers. */
function shadesOf(lines: number, palette: Palette): readonly { readonly colour: string; readonly alpha: number }[] {
  const opacity = Math.max(0.25, Math.min(0.9, 400 / lines));
  const known = Array.from({ length: shades + 1 }, (_, i) => ({
    colour: viridisColour(i / shades, palette.theme),
    alpha: opacity * (0.5 + (0.5 * i) / shades),
  }));
  return [{ colour: palette.faint, alpha: opacity * 0.5 }, ...known];
}

const shadeOf = (good: number): number => (Number.isNaN(good) ? 0 : 1 + Math.round(good * shades));

export function pathOf(axes: readonly ParallelAxis[], line: number): readonly number[] {
  const path: number[] = [];
  for (const { x, ys } of axes) path.push(x, ys[line]!);
  return path;
}

export interface AxesDrawing {
  readonly axes: readonly ParallelAxis[];
  readonly bottom: number;
  readonly top: number;
  /** Whose axis shows the colours. */
  readonly coloured: string | null;
  readonly better: (goodness: number) => number;
}

export function drawParallelAxes(painter: Painter, palette: Palette, drawing: AxesDrawing): void {
  for (const [i, axis] of drawing.axes.entries()) {
    const { x, column } = axis;
    const next = drawing.axes[i + 1];
    painter.line([x, drawing.top, x, drawing.bottom], { colour: palette.muted });
    if (column.name === drawing.coloured) drawColours(painter, palette, axis, drawing);
    const room = next === undefined ? 60 : (next.x - x) * 0.62;
    drawTicks(painter, palette, axis, { room, top: drawing.top, bottom: drawing.bottom });
  }
}

function drawColours(painter: Painter, palette: Palette, { x }: ParallelAxis, { top, bottom, better }: AxesDrawing): void {
  const steps = 32;
  const height = (bottom - top) / steps;
  for (let i = 0; i < steps; i++) {
    const goodness = better((i + 0.5) / steps);
    painter.rectangle(
      { x: x - 2.5, y: top + i * height, width: 5, height: height + 0.5 },
      { colour: viridisColour(goodness, palette.theme) },
    );
  }
}

interface TickRoom {
  readonly room: number;
  readonly top: number;
  readonly bottom: number;
}

/** On a ground of their own, so that they are read among lines. */
function drawTicks(painter: Painter, palette: Palette, axis: ParallelAxis, { room, top, bottom }: TickRoom): void {
  const ticks = ticksOf(axis, (bottom - top) / 40);
  const places = ticks.map(({ value }) => axis.scale.toPixel(value));
  for (const index of everyNth(
    places,
    places.map(() => 12),
    1,
  )) {
    const y = Math.min(bottom - 5, Math.max(top + 5, places[index]!));
    const text = shortened(ticks[index]!.label, room, (part) => painter.widthOf(part));
    painter.line([axis.x - 3, places[index]!, axis.x, places[index]!], { colour: palette.muted });
    painter.rectangle({ x: axis.x + 4, y: y - 7, width: painter.widthOf(text) + 4, height: 14 }, { colour: palette.surface, alpha: 0.75 });
    painter.text(text, axis.x + 6, y, { colour: palette.muted });
  }
}

function ticksOf({ column, scale }: ParallelAxis, most: number) {
  if (column.kind === 'category') return column.levels.map((label, value) => ({ value, label }));
  return ticksFor({ kind: 'number', log: scale.log }, scale.range, most).filter(({ label }) => label !== '');
}

/** A handle over the range, with what it lets pass written at its ends. */
export function drawBrushes(painter: Painter, palette: Palette, axes: readonly ParallelAxis[], brushes: ParallelView['brushes']): void {
  for (const { column, x, scale } of axes) {
    const brush = brushes[column.name];
    if (brush === undefined) continue;
    const [a, b] = [scale.toPixel(brush[0]), scale.toPixel(brush[1])];
    const [top, bottom] = [Math.min(a, b), Math.max(a, b)];
    painter.rectangle({ x: x - 6, y: top, width: 12, height: bottom - top }, { colour: palette.accent, alpha: 0.3 });
    painter.frame({ x: x - 6, y: top, width: 12, height: bottom - top }, { colour: palette.accent, width: 1.5 });
    if (column.kind === 'category') continue;
    const [upper, lower] = a < b ? [brush[0], brush[1]] : [brush[1], brush[0]];
    note(painter, palette, axisNumber(upper, 0), [x, top - 9]);
    note(painter, palette, axisNumber(lower, 0), [x, bottom + 9]);
  }
}

function note(painter: Painter, palette: Palette, text: string, [x, y]: readonly [number, number]): void {
  const width = painter.widthOf(text, { bold: true }) + 8;
  painter.rectangle({ x: x - width / 2, y: y - 8, width, height: 16 }, { colour: palette.surface, alpha: 0.95 });
  painter.text(text, x, y, { colour: palette.accent, align: 'center', bold: true });
}

/** As people read it: levels by name. */
export const shownValue = (column: ParallelColumn, line: number): string => {
  const value = column.values[line]!;
  if (column.kind === 'category') return column.levels[value] ?? '–';
  return Number.isNaN(value) ? '–' : axisNumber(value, 0);
};

/** With every digit, for files. */
export function exactValue(column: ParallelColumn, line: number): string | number | null {
  const value = column.values[line]!;
  if (column.kind === 'category') return column.levels[value] ?? null;
  return Number.isNaN(value) ? null : value;
}
