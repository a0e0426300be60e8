/**
 * A plot of marks: axes, zoom by dragging, what is under the pointer, and the selection.
 *
 * Owns what scatter, history, slice, contour and front have alike; what each draws behind or above its marks it gives.
 */
import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useState } from 'react';
import type { AxisLook, CategoryLook, ChartHeading, ChartSelection, MarkState } from '../chart-data.js';
import { hashOf } from '../maths/colours.js';
import { nearestPoint } from '../maths/hits.js';
import { robustRange } from '../maths/robust-range.js';
import { extent, padded } from '../maths/scale.js';
import { type Axis, drawAxes, type Plot, plotOf } from './axes.js';
import { ChartFrame } from './chart-frame.js';
import type { Picture } from './export-files.js';
import { drawMark } from './marks.js';
import { measuringPainter } from './measuring.js';
import type { Painter, Size } from './painter.js';
import { type Palette, usePalette } from './palette.js';
import { PlotCanvas, type PlotPointer } from './plot-canvas.js';
import { Readout, type ReadoutRow } from './readout.js';
import { afterClick } from './selecting.js';

export interface PlotPoint {
  readonly id: string;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly state: MarkState;
}

export type Layer = (painter: Painter, plot: Plot, palette: Palette) => void;

export interface PointPlotProps extends ChartHeading {
  readonly points: readonly PlotPoint[];
  readonly x: AxisLook | CategoryLook;
  readonly y: AxisLook | CategoryLook;
  /** What else the axes must show. */
  readonly alsoX?: readonly number[];
  readonly alsoY?: readonly number[];
  readonly behind?: Layer;
  readonly best: string | null;
  readonly words: string;
  readonly csv: () => string;
  readonly rows: (point: PlotPoint) => readonly ReadoutRow[];
  readonly selection: ChartSelection;
  readonly tools?: ReactNode;
}

const reach = 14;
/** Shorter drags are clicks. */
const leastDrag = 5;
const none: readonly number[] = [];

interface Zoom {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export function PointPlot(props: PointPlotProps): ReactNode {
  const { points, selection, best } = props;
  const palette = usePalette();
  const [size, setSize] = useState<Size | null>(null);
  const [showAll, setShowAll] = useState(false);
  const [zoom, setZoom] = useState<Zoom | null>(null);
  const [drag, setDrag] = useState<readonly [PlotPointer, PlotPointer] | null>(null);
  const { axes, outside, cut } = useAxes(props, showAll, zoom);
  const plot = useMemo(() => (size === null ? null : plotOf(measuringPainter(), size, ...axes)), [size, axes]);
  const places = useMemo(() => (plot === null ? null : placesOf(points, plot, props)), [plot, points, props.x, props.y]);
  const picture = usePicture(props, axes, outside);
  const overlay: Picture = useCallback(
    (painter) => {
      if (plot === null || places === null) return;
      for (const [i, { id, state }] of points.entries()) {
        const marked = id === selection.hovered || selection.selected.includes(id);
        if (!marked && id !== best) continue;
        const [x, y] = [places.xs[i]!, places.ys[i]!];
        if (!inside(plot, x, y)) continue;
        drawMark(painter, { x, y, state, colour: palette.accent, radius: 5 });
        painter.ring(x, y, 8, { colour: palette.accent, width: marked ? 2 : 1 });
      }
      if (drag !== null) drawDrag(painter, palette, plot, drag);
    },
    [plot, places, points, selection, best, palette, drag],
  );
  if (points.length === 0) {
    return <ChartFrame {...props} isEmpty picture={picture} size={size} />;
  }
  const at = (pointer: PlotPointer) => (places === null ? -1 : nearestPoint(places.xs, places.ys, pointer.at, reach));
  const hovered = points.findIndex(({ id }) => id === selection.hovered);
  const dragged = drag !== null && distance(drag) >= leastDrag;
  return (
    <ChartFrame
      {...props}
      isEmpty={false}
      picture={picture}
      size={size}
      onKey={(event) => step(event, points, selection)}
      tools={
        <>
          {props.tools}
          {zoom !== null && (
            <button type="button" onClick={() => setZoom(null)}>
              Reset zoom
            </button>
          )}
          {(showAll || cut) && (
            <button type="button" aria-pressed={showAll} onClick={() => setShowAll(!showAll)}>
              Show all
            </button>
          )}
        </>
      }
    >
      <PlotCanvas
        picture={picture}
        overlay={overlay}
        onSize={setSize}
        cursor={dragged ? 'crosshair' : undefined}
        onMove={(pointer) => {
          if (drag !== null) setDrag([drag[0], pointer]);
          else hover(selection, points[at(pointer)]?.id ?? null);
        }}
        onDown={(pointer) => setDrag([pointer, pointer])}
        onUp={(pointer) => {
          if (dragged && plot !== null && drag !== null) setZoom(zoomOf(plot, drag));
          else selection.onSelect(afterClick(selection.selected, points[at(pointer)]?.id ?? null, pointer.shift));
          setDrag(null);
        }}
        onLeave={() => hover(selection, null)}
        onDoubleClick={() => setZoom(null)}
      >
        {hovered >= 0 && drag === null && places !== null && (
          <Readout at={[places.xs[hovered]!, places.ys[hovered]!]} heading={points[hovered]!.label} rows={props.rows(points[hovered]!)} />
        )}
      </PlotCanvas>
    </ChartFrame>
  );
}

function hover(selection: ChartSelection, id: string | null): void {
  if (id !== selection.hovered) selection.onHover(id);
}

function useAxes({ points, x, y, alsoX = none, alsoY = none }: PointPlotProps, showAll: boolean, zoom: Zoom | null) {
  return useMemo(() => {
    const across = rangeOn(
      x,
      points.map((point) => point.x),
      alsoX,
      showAll,
    );
    const up = rangeOn(
      y,
      points.map((point) => point.y),
      alsoY,
      showAll,
    );
    const axes: readonly [Axis, Axis] = [
      { look: x, range: zoom?.x ?? across.range },
      { look: y, range: zoom?.y ?? up.range },
    ];
    const outside = {
      below: up.below,
      above: up.above,
      beside: across.below + across.above,
      unshowable: Math.max(across.unshowable, up.unshowable),
    };
    return {
      axes,
      outside: zoom === null ? outsideText(outside, y.kind !== 'category' && y.log) : '',
      cut: outside.below + outside.above + outside.beside > 0,
    };
  }, [points, x, y, alsoX, alsoY, showAll, zoom]);
}

function rangeOn(look: AxisLook | CategoryLook, values: readonly number[], also: readonly number[], all: boolean) {
  const log = look.kind !== 'category' && look.log;
  const found = robustRange([values], log, all || look.kind === 'category');
  const range = extent([...(found?.range ?? []), ...also], log);
  const { below = 0, above = 0, unshowable = 0 } = found ?? {};
  return { range: padded(range ?? [1, 2], log, 0.05), below, above, unshowable };
}

export interface Outside {
  readonly below: number;
  readonly above: number;
  /** To the left or the right. */
  readonly beside: number;
  readonly unshowable: number;
}

/** @param log of the axis upwards, which shows nothing that is not above zero */
export function outsideText({ below, above, beside, unshowable }: Outside, log: boolean): string {
  const parts = [
    above > 0 ? `▲ ${above} above` : '',
    below > 0 ? `▼ ${below} below` : '',
    beside > 0 ? `${beside} beside` : '',
    unshowable > 0 ? `${unshowable} ${log ? 'not above zero' : 'NaN or ∞'}` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function usePicture(props: PointPlotProps, axes: readonly [Axis, Axis], outside: string): Picture {
  const { points, behind } = props;
  return useCallback(
    (painter, size, palette) => {
      const plot = plotOf(painter, size, ...axes);
      drawAxes(painter, palette, plot, outside);
      const { xs, ys } = placesOf(points, plot, props);
      painter.within(plot.box, () => behind?.(painter, plot, palette));
      const alpha = points.length > 2000 ? 0.4 : 0.8;
      for (const [i, { state }] of points.entries()) {
        const [x, y] = [xs[i]!, ys[i]!];
        if (inside(plot, x, y)) drawMark(painter, { x, y, state, colour: palette.states[state], radius: 3, alpha });
      }
    },
    [points, behind, axes, outside, props.x, props.y],
  );
}

/** Where each point stands; on an axis of levels beside the level by its id, so that equal ones do not hide each other. */
function placesOf(points: readonly PlotPoint[], plot: Plot, { x, y }: Pick<PointPlotProps, 'x' | 'y'>) {
  const aside = (id: string) => ((hashOf(id) % 1000) / 1000 - 0.5) * 0.5;
  const place = (look: AxisLook | CategoryLook, scale: Plot['x'], value: number, id: string) =>
    scale.toPixel(look.kind === 'category' ? value + aside(id) : value);
  return {
    xs: Float64Array.from(points, (point) => place(x, plot.x, point.x, point.id)),
    ys: Float64Array.from(points, (point) => place(y, plot.y, point.y, `${point.id}y`)),
  };
}

const inside = ({ box }: Plot, x: number, y: number): boolean =>
  x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 && y <= box.y + box.height + 1;

const distance = ([from, to]: readonly [PlotPointer, PlotPointer]): number => Math.hypot(from.at[0] - to.at[0], from.at[1] - to.at[1]);

function drawDrag(painter: Painter, palette: Palette, { box }: Plot, drag: readonly [PlotPointer, PlotPointer]): void {
  if (distance(drag) < leastDrag) return;
  const [[x0, y0], [x1, y1]] = [drag[0].at, drag[1].at];
  const area = { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) };
  painter.within(box, () => {
    painter.rectangle(area, { colour: palette.accent, alpha: 0.12 });
    painter.frame(area, { colour: palette.accent });
  });
}

function zoomOf(plot: Plot, [from, to]: readonly [PlotPointer, PlotPointer]): Zoom {
  const sorted = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a]);
  return {
    x: sorted(plot.x.toValue(from.at[0]), plot.x.toValue(to.at[0])),
    y: sorted(plot.y.toValue(from.at[1]), plot.y.toValue(to.at[1])),
  };
}

/** Arrows go from mark to mark in order of x, Enter selects, Escape clears. */
function step(event: KeyboardEvent, points: readonly PlotPoint[], selection: ChartSelection): void {
  if (event.key === 'Escape') selection.onSelect([]);
  if (event.key === 'Enter' && selection.hovered !== null)
    selection.onSelect(afterClick(selection.selected, selection.hovered, event.shiftKey));
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  const ordered = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)).toSorted((a, b) => a.x - b.x);
  const now = ordered.findIndex(({ id }) => id === selection.hovered);
  const next = ordered[now < 0 ? (by > 0 ? 0 : ordered.length - 1) : Math.min(ordered.length - 1, Math.max(0, now + by))];
  if (next !== undefined) selection.onHover(next.id);
}
