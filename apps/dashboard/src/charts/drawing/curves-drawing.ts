/** How curves are drawn, on the screen inside uPlot's axes and in exported files alike. */
import type { MarkState } from '../chart-data.js';
import { seriesColour } from '../maths/colours.js';
import type { CurveModel, DrawnCurve } from '../maths/curve-model.js';
import type { Points } from '../maths/decimate.js';
import type { Scale } from '../maths/scale.js';
import { drawMark } from './marks.js';
import type { Box, Painter } from './painter.js';
import type { Palette } from './palette.js';

export interface CurvesDrawing {
  readonly model: CurveModel;
  readonly x: Scale;
  readonly y: Scale;
  readonly box: Box;
  readonly rungs: readonly number[];
  readonly front: ReadonlySet<string>;
}

const endMarks: ReadonlySet<MarkState> = new Set(['pruned', 'failed', 'cancelled']);

export function drawCurves(painter: Painter, palette: Palette, drawing: CurvesDrawing): void {
  const { model, x, y, box, front } = drawing;
  painter.within(box, () => {
    drawRungs(painter, palette, drawing);
    if (model.band !== null) drawBand(painter, palette, drawing);
    const anyInFront = model.drawn.some(({ curve }) => front.has(curve.id));
    const inOrder = [...model.drawn.filter(({ curve }) => !front.has(curve.id)), ...model.drawn.filter(({ curve }) => front.has(curve.id))];
    for (const { curve, raw } of inOrder) {
      if (raw !== null) painter.line(pathOf(raw, x, y), { colour: seriesColour(curve.id, palette.theme), width: 1, alpha: 0.22 });
    }
    for (const one of inOrder) {
      const strong = front.has(one.curve.id);
      const faded = anyInFront && !strong;
      drawLine(painter, palette, drawing, { one, width: strong ? 2 : 1.25, alpha: faded ? 0.35 : 1 });
    }
  });
}

/** Each with its number where there is room for it. */
function drawRungs(painter: Painter, palette: Palette, { rungs, x, box }: CurvesDrawing): void {
  let free = box.x;
  for (const [i, rung] of rungs.entries()) {
    const at = Math.round(x.toPixel(rung)) + 0.5;
    painter.line([at, box.y, at, box.y + box.height], { colour: palette.muted, alpha: 0.6, dash: [3, 4] });
    if (at < free) continue;
    const text = `rung ${i + 1}`;
    painter.text(text, at + 4, box.y + 8, { colour: palette.muted });
    free = at + painter.widthOf(text) + 8;
  }
}

function drawBand(painter: Painter, palette: Palette, { model, x, y }: CurvesDrawing): void {
  const { x: xs, low, high } = model.band!;
  const there = Array.from(xs.keys()).filter((i) => Number.isFinite(low[i]!));
  const edge = (values: Float64Array, places: readonly number[]) => places.flatMap((i) => [x.toPixel(xs[i]!), y.toPixel(values[i]!)]);
  painter.area([...edge(high, there), ...edge(low, there.toReversed())], { colour: palette.faint, alpha: 0.25 });
  for (const end of model.ends) {
    if (!endMarks.has(end.state)) continue;
    drawMark(painter, {
      x: x.toPixel(end.x),
      y: y.toPixel(end.y),
      state: end.state,
      colour: palette.states[end.state],
      radius: 2.5,
      alpha: 0.5,
    });
  }
}

interface OneLine {
  readonly one: DrawnCurve;
  readonly width: number;
  readonly alpha: number;
}

function drawLine(painter: Painter, palette: Palette, { x, y, box }: CurvesDrawing, { one, width, alpha }: OneLine): void {
  const { curve, line, gaps } = one;
  const colour = seriesColour(curve.id, palette.theme);
  painter.line(pathOf(line, x, y), { colour, width, alpha });
  const last = line.x.length - 1;
  const lonely = line.x.length === 1;
  if (last >= 0 && (lonely || endMarks.has(curve.state))) {
    drawMark(painter, { x: x.toPixel(line.x[last]!), y: y.toPixel(line.y[last]!), state: curve.state, colour, radius: 3.5, alpha });
  }
  for (const gap of gaps) painter.text('×', x.toPixel(gap), box.y + box.height - 6, { colour: palette.states.failed, align: 'center' });
}

/** On a log axis what is not above zero breaks the line. */
export function pathOf(points: Points, x: Scale, y: Scale): Float64Array {
  const path = new Float64Array(points.x.length * 2);
  for (let i = 0; i < points.x.length; i++) {
    path[2 * i] = x.toPixel(points.x[i]!);
    path[2 * i + 1] = y.toPixel(points.y[i]!);
  }
  return path;
}
