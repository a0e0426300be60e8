/** Parallel coordinates: one axis a parameter, one line a trial, coloured by the objective. Brushes on axes choose lines. */
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { formatNumber } from '../ui/format.js';
import type { ParallelColumn, ParallelProps, ParallelView } from './chart-data.js';
import { ChartFrame } from './drawing/chart-frame.js';
import type { Picture } from './drawing/export-files.js';
import type { LinePicture } from './drawing/line-layer.js';
import { type Size } from './drawing/painter.js';
import { usePalette } from './drawing/palette.js';
import {
  bottomRoom,
  drawBrushes,
  drawParallelAxes,
  drawPassing,
  exactValue,
  groundOf,
  type Lines,
  parallelBox,
  passingOf,
  pathOf,
  shownValue,
} from './drawing/parallel-drawing.js';
import { ParallelHeads } from './drawing/parallel-heads.js';
import { PlotCanvas } from './drawing/plot-canvas.js';
import { Readout } from './drawing/readout.js';
import { afterClick } from './drawing/selecting.js';
import { useBrushing } from './drawing/use-brushing.js';
import { pixelOf } from './maths/colours.js';
import { csvOf } from './maths/csv.js';
import { axesOf, drawingOrder, goodnessOf, isLogAxis, lineAt, passing } from './maths/parallel-lines.js';

const usualHeight = 320;
const leastAxisWidth = 72;
/** All of it lies in the layers above. */
const nothing: Picture = () => undefined;

export function ParallelCoordinates(props: ParallelProps): ReactNode {
  const { ids, columns, objective, view, onView, selection, height = usualHeight } = props;
  const [size, setSize] = useState<Size | null>(null);
  const [pointer, setPointer] = useState<readonly [number, number] | null>(null);
  const brushing = useBrushing(view.brushes, (brushes) => onView({ ...view, brushes }));
  const lines = useLines(props, brushing.brushes, size);
  const pictures = usePictures(props, lines, size);
  const palette = usePalette();
  const { drawAxes } = pictures;
  const overlay: Picture = useCallback(
    (painter, { height }) => {
      if (lines === null) return;
      for (const id of new Set([...selection.selected, selection.hovered])) {
        const line = id === null ? -1 : ids.indexOf(id);
        if (line >= 0) painter.line(pathOf(lines.axes, line), { colour: palette.accent, width: 2.5 });
      }
      drawAxes(painter, palette, lines.axes, height - bottomRoom);
      drawBrushes(painter, palette, lines.axes, brushing.brushes);
    },
    [lines, selection, ids, palette, drawAxes, brushing.brushes],
  );
  const hovered = selection.hovered === null ? -1 : ids.indexOf(selection.hovered);
  const under = (at: readonly [number, number]) => (lines === null ? -1 : lineAt(lines.axes, lines.order, lines.pass, at));
  const passed = lines?.pass.reduce((sum, one) => sum + one, 0) ?? ids.length;
  return (
    <ChartFrame
      {...props}
      height={height}
      leastWidth={columns.length * leastAxisWidth}
      isEmpty={ids.length === 0 || columns.length < 2}
      picture={pictures.whole}
      size={size}
      words={wordsOf(props, passed)}
      csv={() => linesCsv(ids, columns)}
      onKey={(event) => {
        if (event.key !== 'Escape') return;
        if (Object.keys(view.brushes).length > 0) onView({ ...view, brushes: {} });
        else selection.onSelect([]);
      }}
      tools={
        <BrushTools
          passed={passed}
          of={ids.length}
          brushed={Object.keys(view.brushes).length > 0}
          onShow={props.onShow}
          onClear={() => onView({ ...view, brushes: {} })}
        />
      }
    >
      <PlotCanvas
        picture={nothing}
        lines={pictures.layer}
        overlay={overlay}
        onSize={setSize}
        cursor={brushing.cursor}
        onMove={({ at }) => {
          if (brushing.move(lines?.axes ?? [], at)) return;
          setPointer(at);
          const id = ids[under(at)] ?? null;
          if (id !== selection.hovered) selection.onHover(id);
        }}
        onDown={({ at }) => brushing.begin(lines?.axes ?? [], at)}
        onUp={({ at, shift }) => {
          if (!brushing.end()) selection.onSelect(afterClick(selection.selected, ids[under(at)] ?? null, shift));
        }}
        onLeave={() => {
          setPointer(null);
          if (selection.hovered !== null) selection.onHover(null);
        }}
      >
        {lines !== null && <ParallelHeads axes={lines.axes} view={view} onView={onView} />}
        {hovered >= 0 && pointer !== null && (
          <LineReadout at={pointer} id={ids[hovered]!} line={hovered} columns={columns} strong={objective?.name ?? ''} />
        )}
      </PlotCanvas>
    </ChartFrame>
  );
}

const linesCsv = (ids: readonly string[], columns: readonly ParallelColumn[]): string =>
  csvOf(
    ['id', ...columns.map(({ name }) => name)],
    ids.map((id, line) => [id, ...columns.map((column) => exactValue(column, line))]),
  );

interface BrushToolsProps {
  readonly passed: number;
  readonly of: number;
  readonly brushed: boolean;
  readonly onShow: () => void;
  readonly onClear: () => void;
}

function BrushTools({ passed, of, brushed, onShow, onClear }: BrushToolsProps): ReactNode {
  if (!brushed) return null;
  return (
    <>
      <span className="chart-choice">
        {formatNumber(passed)} of {formatNumber(of)}
      </span>
      <button type="button" onClick={onShow}>
        Show in the table
      </button>
      <button type="button" onClick={onClear}>
        Clear brushes
      </button>
    </>
  );
}

interface LineReadoutProps {
  readonly at: readonly [number, number];
  readonly id: string;
  readonly line: number;
  readonly columns: readonly ParallelColumn[];
  readonly strong: string;
}

const mostRows = 12;

function LineReadout({ at, id, line, columns, strong }: LineReadoutProps): ReactNode {
  const rows = columns
    .slice(-mostRows)
    .map((column) => ({ colour: null, name: column.name, value: shownValue(column, line), strong: column.name === strong }));
  return <Readout at={at} heading={id} rows={rows} more={Math.max(0, columns.length - mostRows)} />;
}

function useLines({ ids, columns, objective, view }: ParallelProps, given: ParallelView['brushes'], size: Size | null): Lines | null {
  const { order, flipped, log } = useSame({ order: view.order, flipped: view.flipped, log: view.log });
  const brushes = useSame(given);
  const axes = useMemo(
    () => (size === null ? null : axesOf(columns, { order, flipped, log, brushes: {} }, parallelBox(size, columns.length))),
    [columns, order, flipped, log, size],
  );
  const coloured = columns.find(({ name }) => name === objective?.name);
  const goodness = useMemo(() => {
    if (coloured === undefined || objective === null) return new Float32Array(ids.length).fill(Number.NaN);
    // As far apart as they stand on their axis.
    const values = isLogAxis(coloured, { log }) ? Array.from(coloured.values, Math.log) : coloured.values;
    return goodnessOf(values, objective.goal);
  }, [coloured, objective, ids, log]);
  const sorted = useMemo(() => drawingOrder(goodness), [goodness]);
  return useMemo(
    () => (axes === null ? null : { axes, order: sorted, goodness, pass: passing(columns, brushes, ids.length) }),
    [axes, sorted, goodness, columns, brushes, ids],
  );
}

/** The value as it came first, while others say the same: what is made of it need not be made again. */
function useSame<T>(value: T): T {
  const [kept, keep] = useState(value);
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept;
  keep(value);
  return value;
}

function usePictures({ columns, objective, view }: ParallelProps, lines: Lines | null, size: Size | null) {
  const axes = lines?.axes;
  const order = lines?.order;
  const drawAxes = useCallback(
    (painter: Parameters<Picture>[0], palette: Parameters<Picture>[2], drawn: Lines['axes'], bottom: number) => {
      const flipped = view.flipped.includes(objective?.name ?? '');
      // From the top down: the top is the largest value unless the axis is flipped.
      const better = (share: number) => ((objective?.goal === 'maximize') !== flipped ? 1 - share : share);
      drawParallelAxes(painter, palette, { axes: drawn, top: 44, bottom, coloured: objective?.name ?? null, better });
    },
    [objective, view.flipped],
  );
  const palette = usePalette();
  const ground = useMemo(
    () => (axes === undefined || order === undefined ? null : groundOf({ axes, order }, palette)),
    [axes, order, palette],
  );
  const layer: LinePicture | null = useMemo(
    () => (lines === null || ground === null ? null : { surface: pixelOf(palette.surface), ground, lines: passingOf(lines, palette) }),
    [lines, ground, palette],
  );
  const whole: Picture = useCallback(
    (painter, room, palette) => {
      if (lines === null || size === null) return;
      const drawn = { ...lines, axes: axesOf(columns, view, parallelBox(room, columns.length)) };
      drawPassing(painter, palette, drawn);
      drawAxes(painter, palette, drawn.axes, room.height - bottomRoom);
      for (const { column, x } of drawn.axes) painter.text(column.name, x, 30, { colour: palette.text, align: 'center' });
    },
    [lines, size, columns, view, drawAxes],
  );
  return { layer, drawAxes, whole };
}

function wordsOf({ ids, columns, objective, view }: ParallelProps, passed: number): string {
  const brushed = Object.keys(view.brushes);
  const chosen = brushed.length === 0 ? '' : ` Brushes on ${brushed.join(', ')} leave ${passed}.`;
  return `${ids.length} lines over ${columns.map(({ name }) => name).join(', ')}${objective === null ? '' : `, coloured by ${objective.name}`}.${chosen}`;
}
