/** How the timeline is drawn: lanes with their names, bars by state, the present, and idle time at the right. */
import { shortened } from '../maths/label-places.js';
import type { Lane, LaneBar } from '../maths/lanes.js';
import { type Scale, scaleOf } from '../maths/scale.js';
import { ticksFor } from '../maths/ticks.js';
import type { Box, Painter, Size } from './painter.js';
import type { Palette } from './palette.js';

export const laneHeight = 22;
const rowHeight = 18;
export const axisHeight = 26;
const idleWidth = 76;

export interface PlacedLane {
  readonly lane: Lane;
  readonly name: string;
  readonly top: number;
  readonly height: number;
}

export interface TimelinePlot {
  readonly lanes: readonly PlacedLane[];
  readonly box: Box;
  readonly x: Scale;
}

export const heightOf = (lanes: readonly Lane[]): number => lanes.reduce((sum, lane) => sum + heightOfLane(lane), axisHeight + 18);
const heightOfLane = ({ rows }: Lane): number => laneHeight + (rows - 1) * rowHeight;

/** An agent's name stands at its first slot only. */
export function timelinePlot(painter: Painter, { width }: Size, lanes: readonly Lane[], range: readonly [number, number]): TimelinePlot {
  const names = lanes.map(({ agent, slot }) => `${agent} · ${slot}`);
  const widest = Math.max(0, ...names.map((name) => painter.widthOf(name)));
  const left = Math.min(width * 0.3, widest) + 10;
  let top = 18;
  const placed = lanes.map((lane, i) => {
    const height = heightOfLane(lane);
    const own = { lane, name: names[i]!, top, height };
    top += height;
    return own;
  });
  const box = { x: left, y: 18, width: Math.max(20, width - left - idleWidth), height: top - 18 };
  return { lanes: placed, box, x: scaleOf(range, [box.x, box.x + box.width]) };
}

export function barBox({ x, box }: TimelinePlot, { top }: PlacedLane, { start, end, row }: LaneBar): Box {
  const left = Math.max(box.x, x.toPixel(start));
  const right = Math.min(box.x + box.width, x.toPixel(end));
  // A bar that is shorter than a pixel is still one.
  return { x: left, y: top + 3 + row * rowHeight, width: Math.max(1, right - left - 1), height: rowHeight - 3 };
}

export const isInSight = ({ x, box }: TimelinePlot, { start, end }: LaneBar): boolean =>
  x.toPixel(end) >= box.x && x.toPixel(start) <= box.x + box.width;

export interface TimelineDrawing {
  readonly plot: TimelinePlot;
  readonly now: number;
  readonly ended: boolean;
  readonly idleText: (ms: number) => string;
}

export function drawTimeline(painter: Painter, palette: Palette, { plot, now, ended, idleText }: TimelineDrawing): void {
  const { box, x, lanes } = plot;
  const bottom = box.y + box.height;
  for (const { value, label } of ticksFor({ kind: 'date', log: false }, x.range, box.width / 90)) {
    const at = Math.round(x.toPixel(value)) + 0.5;
    painter.line([at, box.y, at, bottom], { colour: palette.rule });
    painter.text(label, at, bottom + 12, { colour: palette.muted, align: 'center' });
  }
  for (const lane of lanes) drawLane(painter, palette, plot, { lane, idle: idleText(lane.lane.idle) });
  painter.text('idle', box.x + box.width + idleWidth - 4, 9, { colour: palette.muted, align: 'right' });
  const at = x.toPixel(now);
  if (at < box.x || at > box.x + box.width) return;
  painter.line([at, box.y - 4, at, bottom], { colour: palette.accent, dash: [3, 3] });
  painter.text(ended ? 'end' : 'now', at, 9, { colour: palette.accent, align: 'center' });
}

function drawLane(
  painter: Painter,
  palette: Palette,
  plot: TimelinePlot,
  { lane: placed, idle }: { readonly lane: PlacedLane; readonly idle: string },
): void {
  const { box } = plot;
  const { lane, name, top, height } = placed;
  const middle = top + height / 2;
  painter.text(
    shortened(name, box.x - 8, (text) => painter.widthOf(text)),
    0,
    middle,
    { colour: palette.text },
  );
  painter.text(idle, box.x + box.width + idleWidth - 4, middle, { colour: palette.muted, align: 'right' });
  painter.line([box.x, top + height - 0.5, box.x + box.width, top + height - 0.5], { colour: palette.rule });
  for (const one of lane.bars) {
    if (!isInSight(plot, one)) continue;
    drawBar(painter, palette, barBox(plot, placed, one), one);
  }
}

function drawBar(painter: Painter, palette: Palette, box: Box, { bar }: LaneBar): void {
  const colour = palette.states[bar.state];
  painter.rectangle(box, { colour, alpha: bar.state === 'running' || bar.state === 'stopping' ? 0.55 : 0.85 });
  if (bar.state === 'failed')
    painter.line([box.x, box.y, box.x + Math.min(8, box.width), box.y + box.height], { colour: palette.surface, width: 1.5 });
  if (painter.widthOf(bar.label) + 8 <= box.width)
    painter.text(bar.label, box.x + 4, box.y + box.height / 2 + 0.5, { colour: palette.surface });
}

export function barAt(plot: TimelinePlot, [px, py]: readonly [number, number]): LaneBar | null {
  const placed = plot.lanes.find(({ top, height }) => py >= top && py < top + height);
  const hit = placed?.lane.bars.findLast((one) => {
    const box = barBox(plot, placed, one);
    return px >= box.x - 1 && px <= box.x + box.width + 1 && py >= box.y - 1 && py <= box.y + box.height + 1;
  });
  return hit ?? null;
}
