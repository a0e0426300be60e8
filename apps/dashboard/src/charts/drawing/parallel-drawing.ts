/** How parallel coordinates are drawn: lines by the hundred in one stroke, axes, levels, brushes with their numbers. */
import type { ParallelColumn, ParallelView } from '../chart-data.js';
import { viridisColour } from '../maths/colours.js';
import { everyNth, shortened } from '../maths/label-places.js';
import type { ParallelAxis } from '../maths/parallel-lines.js';
import { axisNumber, ticksFor } from '../maths/ticks.js';
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
const piece = 300;

/** Numbers of a brush that reaches the end of its axis stand below. */
export const bottomRoom = 18;

export function parallelBox(size: { readonly width: number; readonly height: number }, axes: number) {
  const side = Math.min(70, size.width / (axes + 1) / 2 + 10);
  return { left: side, right: size.width - side, top: 44, bottom: size.height - bottomRoom };
}

/** Every line in grey, behind. One stroke a line: one stroke of many lines takes browsers longer. */
export function* drawAll(painter: Painter, palette: Palette, { axes, order }: Pick<Lines, 'axes' | 'order'>): Generator<undefined, void> {
  const stroke = { colour: palette.faint, alpha: Math.max(0.04, Math.min(0.5, 60 / order.length)) };
  for (const [i, line] of order.entries()) {
    painter.line(pathOf(axes, line), stroke);
    if (i % piece === piece - 1) yield;
  }
}

/** What passes, in colour: first a sample of all, so that the answer is there at once, then from the worst to the best. */
export function* drawPassing(painter: Painter, palette: Palette, lines: Lines): Generator<undefined, void> {
  const shown = lines.order.filter((line) => lines.pass[line] === 1);
  const stride = Math.ceil(shown.length / piece);
  if (stride > 1) {
    drawShades(
      painter,
      palette,
      lines,
      shown.filter((_, i) => i % stride === 0),
    );
    yield;
  }
  for (let from = 0; from < shown.length; from += piece) {
    drawShades(painter, palette, lines, shown.subarray(from, from + piece));
    yield;
  }
}

function drawShades(painter: Painter, palette: Palette, { axes, goodness }: Lines, drawn: Uint32Array): void {
  const opacity = Math.max(0.25, Math.min(0.9, 400 / drawn.length));
  for (const line of drawn) {
    const good = goodness[line]!;
    const known = !Number.isNaN(good);
    const colour = known ? viridisColour(Math.round(good * shades) / shades, palette.theme) : palette.faint;
    painter.line(pathOf(axes, line), { colour, alpha: opacity * (0.5 + 0.5 * (known ? good : 0)), width: 1.1 });
  }
}

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
