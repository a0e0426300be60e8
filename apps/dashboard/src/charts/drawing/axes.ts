/** Axes of a plot: how much room they need, where their ticks stand, and how they are drawn. */
import type { AxisLook, CategoryLook } from '../chart-data.js';
import { everyNth, shortened } from '../maths/label-places.js';
import { levelRange, type Scale, scaleOf } from '../maths/scale.js';
import { type Tick, ticksFor } from '../maths/ticks.js';
import type { Box, Painter, Size } from './painter.js';
import type { Palette } from './palette.js';

export interface Axis {
  readonly look: AxisLook | CategoryLook;
  /** Ignored for levels. */
  readonly range: readonly [number, number];
}

export interface Plot {
  /** Inside the axes. */
  readonly box: Box;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly labels: readonly [string, string];
}

const tickGap = 6;
const labelHeight = 16;
const topRoom = 22;
const widestLabel = 110;

export function plotOf(painter: Painter, size: Size, x: Axis, y: Axis): Plot {
  const bottom = 20 + labelHeight;
  const height = Math.max(10, size.height - topRoom - bottom);
  const yTicks = ticksOf(y, height / 44);
  const widest = Math.max(0, ...yTicks.map(({ label }) => painter.widthOf(label)));
  const left = Math.min(widestLabel, Math.min(size.width / 3, widest)) + tickGap + 4;
  const box = { x: left, y: topRoom, width: Math.max(10, size.width - left - 12), height };
  return {
    box,
    x: scaleOf(rangeOf(x), [box.x, box.x + box.width], isLog(x)),
    y: scaleOf(rangeOf(y), [box.y + box.height, box.y], isLog(y)),
    xTicks: ticksOf(x, box.width / 80),
    yTicks,
    labels: [x.look.label, y.look.label],
  };
}

const isLog = ({ look }: Axis): boolean => look.kind !== 'category' && look.log;
const rangeOf = ({ look, range }: Axis) => (look.kind === 'category' ? levelRange(look.levels.length) : range);

function ticksOf({ look, range }: Axis, most: number): readonly Tick[] {
  if (look.kind === 'category') return look.levels.map((label, value) => ({ value, label }));
  return ticksFor(look, range, most);
}

/** Grid behind, numbers outside, the name of y above its numbers and that of x at its end: nothing is read with a turned head. */
export function drawAxes(painter: Painter, palette: Palette, plot: Plot, note = ''): void {
  const { box, y } = plot;
  const bottom = box.y + box.height;
  const right = box.x + box.width;
  const grid = { colour: palette.rule };
  const written = { colour: palette.muted };
  for (const { value } of plot.yTicks) painter.line(level(box.x, right, y.toPixel(value)), grid);
  painter.line(level(box.x, right, bottom), { colour: palette.faint });
  const yPlaces = plot.yTicks.map(({ value }) => y.toPixel(value));
  for (const index of everyNth(
    yPlaces,
    yPlaces.map(() => 11),
    2,
  )) {
    const room = box.x - tickGap;
    const text = shortened(plot.yTicks[index]!.label, room, (part) => painter.widthOf(part));
    painter.text(text, box.x - tickGap, yPlaces[index]!, { ...written, align: 'right' });
  }
  drawBelow(painter, palette, plot);
  const [xLabel, yLabel] = plot.labels;
  const widthOf = (part: string) => painter.widthOf(part);
  const beside = shortened(note, right, widthOf);
  painter.text(beside, right, 9, { ...written, align: 'right' });
  painter.text(shortened(yLabel, right - widthOf(beside) - 12, widthOf), 0, 9, written);
  painter.text(
    shortened(xLabel, box.width, (part) => painter.widthOf(part)),
    right,
    bottom + 29,
    { ...written, align: 'right' },
  );
}

function drawBelow(painter: Painter, palette: Palette, { box, x, xTicks }: Plot): void {
  const bottom = box.y + box.height;
  const ends = [0, box.x + box.width + 12] as const;
  // Levels are all written, each in its own room; numbers are written whole or not at all.
  const room = xTicks.length === 0 ? 0 : Math.max(12, box.width / xTicks.length - 8);
  const levels = xTicks.every(({ value }, i) => value === i);
  const named = xTicks
    .filter(({ label }) => label !== '')
    .map(({ value, label }) => {
      const text = levels ? shortened(label, room, (part) => painter.widthOf(part)) : label;
      const half = painter.widthOf(text) / 2;
      return { text, width: 2 * half, place: Math.min(Math.max(x.toPixel(value), ends[0] + half), ends[1] - half) };
    });
  for (const { value } of xTicks) painter.line([x.toPixel(value), bottom, x.toPixel(value), bottom + 4], { colour: palette.faint });
  const chosen = everyNth(
    named.map(({ place }) => place),
    named.map(({ width }) => width),
    6,
  );
  for (const i of chosen) painter.text(named[i]!.text, named[i]!.place, bottom + 12, { colour: palette.muted, align: 'center' });
}

/** On half a pixel, so that it is one pixel sharp. */
function level(from: number, to: number, y: number): readonly number[] {
  const sharp = Math.round(y) + 0.5;
  return [from, sharp, to, sharp];
}
