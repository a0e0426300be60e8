/** The objective over two parameters as the model sees it: colour for its mean, faded where it is unsure, lines at round values. */
import { type ReactNode, useCallback } from 'react';
import type { ContourGrid, ContourProps, Goal } from './chart-data.js';
import type { Plot } from './drawing/axes.js';
import type { Box, Painter } from './drawing/painter.js';
import type { Palette } from './drawing/palette.js';
import { type Layer, PointPlot } from './drawing/point-plot.js';
import { pointRows, pointsCsv } from './drawing/point-words.js';
import { blended, viridisColour } from './maths/colours.js';
import { isoLines } from './maths/iso-lines.js';
import { firstFree } from './maths/label-places.js';
import { extent } from './maths/scale.js';
import { axisNumber, numberTicks } from './maths/ticks.js';

export function Contour(props: ContourProps): ReactNode {
  const { points, x, y, grid, goal, objective } = props;
  const behind: Layer = useCallback(
    (painter, plot, palette) => {
      if (grid !== null) drawGrid(painter, plot, palette, { grid, goal });
    },
    [grid, goal],
  );
  return (
    <PointPlot
      {...props}
      behind={behind}
      alsoX={grid === null ? [] : Array.from(grid.xs)}
      alsoY={grid === null ? [] : Array.from(grid.ys)}
      words={`${objective} over ${x.label} and ${y.label}, as the model sees it, with ${points.length} trials. Faded where the model is unsure.`}
      csv={() => pointsCsv(points, x, y)}
      rows={(point) => pointRows(point, x, y)}
    />
  );
}

function drawGrid(
  painter: Painter,
  plot: Plot,
  palette: Palette,
  { grid, goal }: { readonly grid: ContourGrid; readonly goal: Goal },
): void {
  const { xs, ys, mean, deviation } = grid;
  const range = extent(Array.from(mean));
  const unsure = extent(Array.from(deviation));
  if (range === null || unsure === null) return;
  const width = range[1] - range[0] || 1;
  const [xEdges, yEdges] = [edges(xs, plot.x.toPixel), edges(ys, plot.y.toPixel)];
  for (let j = 0; j < ys.length; j++) {
    for (let i = 0; i < xs.length; i++) {
      const value = mean[j * xs.length + i]!;
      if (!Number.isFinite(value)) continue;
      const share = (value - range[0]) / width;
      const colour = viridisColour(goal === 'maximize' ? share : 1 - share, palette.theme);
      const sure = 1 - (deviation[j * xs.length + i]! - unsure[0]) / (unsure[1] - unsure[0] || 1);
      const [left, right] = [xEdges[i]!, xEdges[i + 1]!];
      const [bottom, top] = [yEdges[j]!, yEdges[j + 1]!];
      // Half a pixel over, or seams show between the cells.
      painter.rectangle(
        { x: left, y: top, width: right - left + 0.5, height: bottom - top + 0.5 },
        { colour: blended(palette.surface, colour, 0.15 + 0.55 * sure) },
      );
    }
  }
  drawLines(painter, plot, palette, { grid, range });
}

interface Lines {
  readonly grid: ContourGrid;
  readonly range: readonly [number, number];
}

function drawLines(painter: Painter, plot: Plot, palette: Palette, { grid: { xs, ys, mean }, range }: Lines): void {
  const labels: Box[] = [];
  for (const { value } of numberTicks(range[0], range[1], 6)) {
    const path = isoLines(mean, xs.length, ys.length, value).flatMap(([x0, y0, x1, y1]) => [
      plot.x.toPixel(at(xs, x0)),
      plot.y.toPixel(at(ys, y0)),
      plot.x.toPixel(at(xs, x1)),
      plot.y.toPixel(at(ys, y1)),
      Number.NaN,
      Number.NaN,
    ]);
    painter.line(path, { colour: palette.text, alpha: 0.35 });
    const text = axisNumber(value, 0);
    const label = firstFree(labelsAlong(path, painter.widthOf(text, { size: labelSize })), labels);
    if (label === undefined) continue;
    labels.push(label);
    painter.text(text, label.x, label.y + labelSize / 2, { colour: palette.muted, size: labelSize });
  }
}

const labelSize = 10;

/** Beside the beginning of each stretch. */
function* labelsAlong(path: readonly number[], width: number): Generator<Box> {
  for (let i = 0; i < path.length; i += 6)
    yield { x: path[i]! + 4, y: path[i + 1]! - 7 - labelSize / 2, width: width + 4, height: labelSize };
}

/** A place between two grid lines. */
function at(grid: ArrayLike<number>, place: number): number {
  const left = Math.min(Math.floor(place), grid.length - 2);
  return grid[left]! + (place - left) * (grid[left + 1]! - grid[left]!);
}

/** Between neighbours, and as far out at either end. */
function edges(grid: ArrayLike<number>, toPixel: (value: number) => number): readonly number[] {
  const pixels = Array.from(grid, toPixel);
  const first = pixels[0]! - (pixels[1]! - pixels[0]!) / 2;
  const last = pixels.at(-1)! + (pixels.at(-1)! - pixels.at(-2)!) / 2;
  return [first, ...pixels.slice(1).map((pixel, i) => (pixel + pixels[i]!) / 2), last];
}
