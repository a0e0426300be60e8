/**
 * uPlot as charts use it: axes, crosshair, zoom by dragging, crosshairs of several charts moved together. The lines are painted by
 * curves-drawing.ts, so that exported files show the same.
 *
 * Owns uPlot's life: made once it has a size, told of changes, destroyed at the end.
 */
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { AxisLook } from '../chart-data.js';
import { scaleOf } from '../maths/scale.js';
import { ticksFor } from '../maths/ticks.js';
import type { Plot } from './axes.js';
import { canvasPainter } from './canvas-painter.js';
import { fontOf, type Painter, type Size } from './painter.js';
import { type Palette, usePalette } from './palette.js';

export interface UplotCanvasProps {
  readonly x: AxisLook;
  readonly y: AxisLook;
  readonly ranges: readonly [readonly [number, number], readonly [number, number]];
  readonly draw: (painter: Painter, palette: Palette, plot: Pick<Plot, 'x' | 'y' | 'box'>) => void;
  readonly syncKey: string | null;
  readonly onSize: (size: Size) => void;
  readonly onZoom: (zoom: readonly [number, number] | null) => void;
  /** Pixels from the upper left of the whole; null once it is elsewhere, or in another chart. */
  readonly onMove: (at: readonly [number, number] | null, plot: Pick<Plot, 'x' | 'y' | 'box'> | null) => void;
  readonly onClick: (shift: boolean) => void;
  readonly children?: ReactNode;
}

export function UplotCanvas(props: UplotCanvasProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const palette = usePalette();
  const size = usePlaceSize(place, props.onSize);
  const told = useRef(props);
  told.current = props;
  const colours = useRef(palette);
  colours.current = palette;
  const plot = useRef<uPlot | null>(null);
  const ready = size !== null;
  const { x, y, syncKey } = props;
  useLayoutEffect(() => {
    if (!ready) return;
    const made = new uPlot(optionsOf({ x, y, syncKey }, told, colours), emptyData, place.current!);
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [ready, x, y, syncKey]);
  useLayoutEffect(() => {
    const current = plot.current;
    if (current === null || size === null) return;
    if (current.width !== size.width || current.height !== size.height) current.setSize(size);
    const [xRange, yRange] = props.ranges;
    current.batch(() => {
      current.setScale('x', { min: xRange[0], max: xRange[1] });
      current.setScale('y', { min: yRange[0], max: yRange[1] });
    });
    // Scales that stay as they are draw nothing, and the lines may be others.
    current.redraw(false);
  }, [size, props.ranges, props.draw, palette, x, y, syncKey]);
  return (
    <div ref={place} className="plot-canvas">
      {props.children}
    </div>
  );
}

/** Two places, so that scales exist; all lines are ours. */
const emptyData: uPlot.AlignedData = [
  [0, 1],
  [null, null],
];

type Told = RefObject<UplotCanvasProps>;

function optionsOf(
  { x, y, syncKey }: Pick<UplotCanvasProps, 'x' | 'y' | 'syncKey'>,
  told: Told,
  colours: RefObject<Palette>,
): uPlot.Options {
  const scale = (look: AxisLook): uPlot.Scale => ({ time: false, auto: false, distr: look.log ? 3 : 1 });
  return {
    width: 100,
    height: 100,
    padding: [22, 12, 0, 4],
    legend: { show: false },
    scales: { x: scale(x), y: scale(y) },
    series: [{}, { scale: 'y', show: true, paths: () => null }],
    axes: [axisOf(x, colours, { side: 2, space: 80 }), axisOf(y, colours, { side: 3, space: 44 })],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      ...(syncKey === null ? {} : { sync: { key: syncKey, scales: ['x', null] } }),
    },
    hooks: {
      draw: [(self) => drawInside(self, told, colours)],
      setCursor: [(self) => told.current.onMove(pointerIn(self), insideOf(self))],
      setSelect: [(self) => zoomTo(self, told)],
      ready: [(self) => listen(self, told)],
    },
  };
}

function axisOf(
  look: AxisLook,
  colours: RefObject<Palette>,
  { side, space }: { readonly side: 2 | 3; readonly space: number },
): uPlot.Axis {
  const ticksIn = (self: uPlot, low: number, high: number) => ticksFor(look, [low, high], (side === 2 ? self.width : self.height) / space);
  return {
    side,
    scale: side === 2 ? 'x' : 'y',
    stroke: () => colours.current.muted,
    font: fontOf(),
    // uPlot multiplies sizes by the density itself.
    size: side === 2 ? 36 : (self, values) => widest(self, values) + 12,
    gap: 4,
    grid: { show: side === 3, stroke: () => colours.current.rule, width: 1 },
    ticks: { show: side === 2, stroke: () => colours.current.faint, width: 1, size: 4 },
    border: { show: side === 2, stroke: () => colours.current.faint, width: 1 },
    splits: (self, _, low, high) => ticksIn(self, low, high).map(({ value }) => value),
    values: (self, splits) => {
      const range = self.scales[side === 2 ? 'x' : 'y']!;
      const labels = new Map(ticksIn(self, range.min!, range.max!).map(({ value, label }) => [value, label]));
      return splits.map((value) => labels.get(value) ?? '');
    },
  };
}

function widest(self: uPlot, values: readonly string[] | null): number {
  self.ctx.font = fontOf();
  return Math.max(20, ...(values ?? []).map((text) => self.ctx.measureText(text).width));
}

/** In CSS pixels, from the upper left of the canvas. */
function insideOf(self: uPlot): Pick<Plot, 'x' | 'y' | 'box'> {
  const density = uPlot.pxRatio;
  const { left, top, width, height } = self.bbox;
  const box = { x: left / density, y: top / density, width: width / density, height: height / density };
  const { x, y } = self.scales;
  return {
    box,
    x: scaleOf([x!.min!, x!.max!], [box.x, box.x + box.width], x!.distr === 3),
    y: scaleOf([y!.min!, y!.max!], [box.y + box.height, box.y], y!.distr === 3),
  };
}

function drawInside(self: uPlot, told: Told, colours: RefObject<Palette>): void {
  const { ctx } = self;
  const plot = insideOf(self);
  const { x, y, draw } = told.current;
  const painter = canvasPainter(ctx);
  ctx.save();
  ctx.setTransform(uPlot.pxRatio, 0, 0, uPlot.pxRatio, 0, 0);
  draw(painter, colours.current, plot);
  const named = { colour: colours.current.muted };
  painter.text(y.label, 0, 9, named);
  painter.text(x.label, plot.box.x + plot.box.width, plot.box.y + plot.box.height + 29, { ...named, align: 'right' });
  ctx.restore();
}

/** Null when another chart moved the crosshair. */
function pointerIn(self: uPlot): readonly [number, number] | null {
  const { left = -10, top = -10, event } = self.cursor;
  if (left < 0 || event === undefined || event === null || !self.over.contains(event.target as Node)) return null;
  const density = uPlot.pxRatio;
  return [left + self.bbox.left / density, top + self.bbox.top / density];
}

function zoomTo(self: uPlot, told: Told): void {
  const { left, width } = self.select;
  if (width < 5) return;
  told.current.onZoom([self.posToVal(left, 'x'), self.posToVal(left + width, 'x')]);
  self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

function listen(self: uPlot, told: Told): void {
  let from = 0;
  self.over.addEventListener('pointerdown', (event) => {
    from = event.clientX;
  });
  self.over.addEventListener('click', (event) => {
    if (Math.abs(event.clientX - from) < 5) told.current.onClick(event.shiftKey);
  });
  self.over.addEventListener('dblclick', () => told.current.onZoom(null));
}

function usePlaceSize(place: RefObject<HTMLDivElement | null>, onSize: (size: Size) => void): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  const told = useRef(onSize);
  told.current = onSize;
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      if (width < 1 || height < 1) return;
      setSize({ width: Math.floor(width), height: Math.floor(height) });
      told.current({ width, height });
    });
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, [place]);
  return size;
}
