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
export function drawAxes(painter: Painter, palette: Palette, plot: Plot): void {
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
  painter.text(
    shortened(yLabel, right, (part) => painter.widthOf(part)),
    0,
    9,
    written,
  );
  painter.text(
    shortened(xLabel, box.width, (part) => painter.widthOf(part)),
    right,
    bottom + 29,
    { ...written, align: 'right' },
  );
}

function drawBelow(painter: Painter, palette: Palette, { box, x, xTicks }: Plot): void {
  const bottom = box.y + box.height;
  const places = xTicks.map(({ value }) => x.toPixel(value));
  const mostWide = xTicks.length === 0 ? 0 : Math.max(24, (box.width / xTicks.length) * 1.6);
  const texts = xTicks.map(({ label }) => shortened(label, mostWide, (part) => painter.widthOf(part)));
  for (const place of places) painter.line([place, bottom, place, bottom + 4], { colour: palette.faint });
  const named = texts.flatMap((text, index) => (text === '' ? [] : [index]));
  const chosen = everyNth(
    named.map((index) => places[index]!),
    named.map((index) => painter.widthOf(texts[index]!)),
    8,
  );
  for (const i of chosen) {
    const index = named[i]!;
    const half = painter.widthOf(texts[index]!) / 2;
    const place = Math.min(Math.max(places[index]!, half), box.x + box.width + 12 - half);
    painter.text(texts[index]!, place, bottom + 12, { colour: palette.muted, align: 'center' });
  }
}

/** On half a pixel, so that it is one pixel sharp. */
function level(from: number, to: number, y: number): readonly number[] {
  const sharp = Math.round(y) + 0.5;
  return [from, sharp, to, sharp];
}
