/** Curves of one metric: many runs or trials over steps, time or another metric. */
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { formatDuration, formatNumber } from '../ui/format.js';
import type { AxisLook, CurvesProps } from './chart-data.js';
import { drawAxes, type Plot, plotOf } from './drawing/axes.js';
import { ChartFrame } from './drawing/chart-frame.js';
import { type CurvesDrawing, drawCurves } from './drawing/curves-drawing.js';
import type { Picture } from './drawing/export-files.js';
import type { Painter, Size } from './drawing/painter.js';
import { type Palette, usePalette } from './drawing/palette.js';
import { outsideText } from './drawing/point-plot.js';
import { Readout } from './drawing/readout.js';
import { afterClick } from './drawing/selecting.js';
import { UplotCanvas } from './drawing/uplot-canvas.js';
import { seriesColour } from './maths/colours.js';
import { csvOf } from './maths/csv.js';
import { type CurveModel, curveModel } from './maths/curve-model.js';
import { curveAt, valuesAt } from './maths/curve-readout.js';

type Pair = readonly [number, number];

export function Curves(props: CurvesProps): ReactNode {
  const { curves, x, yLog, smoothing, best, zoom, onZoom, selection, rungs } = props;
  const palette = usePalette();
  const [size, setSize] = useState<Size | null>(null);
  const [all, setAll] = useState(false);
  const [at, setAt] = useState<{ readonly at: Pair; readonly plot: Pick<Plot, 'x' | 'y' | 'box'> } | null>(null);
  const front = useFront(selection.selected, selection.hovered, best);
  const kept = useFront(selection.selected, null, best);
  const pixels = Math.round(size?.width ?? 800);
  const model = useMemo(
    () => curveModel(curves, { smoothing, xLog: x.log, yLog, zoom, all, front: kept, pixels }),
    [curves, smoothing, x.log, yLog, zoom, all, kept, pixels],
  );
  const y = useMemo((): AxisLook => ({ label: '', kind: 'number', log: yLog }), [yLog]);
  const draw = useCallback(
    (painter: Painter, colours: Palette, plot: Pick<Plot, 'x' | 'y' | 'box'>) => {
      if (model !== null) drawAll(painter, colours, { model, rungs, front, ...plot });
    },
    [model, rungs, front],
  );
  const picture: Picture = useCallback(
    (painter, room, colours) => {
      if (model === null) return;
      const plot = plotOf(painter, room, { look: x, range: model.x }, { look: y, range: model.y });
      drawAxes(painter, colours, plot);
      drawAll(painter, colours, { model, rungs, front, ...plot });
    },
    [model, x, y, rungs, front],
  );
  const ranges = useMemo(() => [model?.x ?? [0, 1], model?.y ?? [0, 1]] as const, [model]);
  const read = at === null || model === null ? null : valuesAt(model.drawn, at.plot.x.toValue(at.at[0]), front);
  return (
    <ChartFrame
      {...props}
      isEmpty={model === null}
      picture={picture}
      size={size}
      words={model === null ? props.empty : wordsOf(props, model)}
      csv={() => curvesCsv(props)}
      onKey={(event) => {
        if (event.key !== 'Escape') return;
        if (zoom !== null) onZoom(null);
        else selection.onSelect([]);
      }}
      tools={
        <CurveTools zoomed={zoom !== null} onReset={() => onZoom(null)} all={all} cut={model !== null && isCut(model)} onAll={setAll} />
      }
    >
      <UplotCanvas
        x={x}
        y={y}
        ranges={ranges}
        draw={draw}
        syncKey={props.syncKey}
        onSize={setSize}
        onZoom={onZoom}
        onMove={(place, plot) => {
          setAt(place === null || plot === null ? null : { at: place, plot });
          const id = place === null || plot === null || model === null ? null : curveAt(model.drawn, place, plot);
          if (id !== selection.hovered) selection.onHover(id);
        }}
        onClick={(shift) => selection.onSelect(afterClick(selection.selected, selection.hovered, shift))}
      >
        {at !== null && read !== null && read.rows.length > 0 && (
          <Readout
            at={at.at}
            heading={`${x.label} ${placeText(x, at.plot.x.toValue(at.at[0]))}`}
            rows={read.rows.map(({ id, label, value }) => ({
              colour: seriesColour(id, palette.theme),
              name: label,
              value: formatNumber(value),
              strong: front.has(id),
            }))}
            more={read.more + (model?.banded ?? 0)}
          />
        )}
      </UplotCanvas>
    </ChartFrame>
  );
}

interface CurveToolsProps {
  readonly zoomed: boolean;
  readonly onReset: () => void;
  readonly all: boolean;
  readonly cut: boolean;
  readonly onAll: (all: boolean) => void;
}

function CurveTools({ zoomed, onReset, all, cut, onAll }: CurveToolsProps): ReactNode {
  return (
    <>
      {zoomed && (
        <button type="button" onClick={onReset}>
          Reset zoom
        </button>
      )}
      {(all || cut) && (
        <button type="button" aria-pressed={all} onClick={() => onAll(!all)}>
          Show all
        </button>
      )}
    </>
  );
}

const isCut = ({ outside }: CurveModel): boolean => outside.above + outside.below > 0;

function useFront(selected: readonly string[], hovered: string | null, best: string | null): ReadonlySet<string> {
  return useMemo(
    () => new Set([...selected, ...(hovered === null ? [] : [hovered]), ...(best === null ? [] : [best])]),
    [selected, hovered, best],
  );
}

/** With what cannot be seen written at the edge. */
function drawAll(painter: Painter, palette: Palette, drawing: CurvesDrawing): void {
  drawCurves(painter, palette, drawing);
  const { box, model } = drawing;
  const banded = model.banded === 0 ? '' : `${model.banded} more as a band`;
  const text = [outsideText({ ...model.outside, beside: 0 }, drawing.y.log), banded].filter((part) => part !== '').join(' · ');
  painter.text(text, box.x + box.width, 9, { colour: palette.muted, align: 'right' });
}

function placeText(x: AxisLook, value: number): string {
  if (x.kind === 'date') return new Date(value).toLocaleString();
  return x.kind === 'duration' ? formatDuration(value) : formatNumber(Math.round(value * 1e6) / 1e6);
}

function wordsOf({ curves, x, title, rungs }: CurvesProps, { x: range, y }: CurveModel): string {
  const ends = `${placeText(x, range[0])} to ${placeText(x, range[1])}`;
  const compared = rungs.length === 0 ? '' : ` Trials are compared at ${x.label} ${rungs.map((rung) => placeText(x, rung)).join(', ')}.`;
  return `${curves.length} ${curves.length === 1 ? 'curve' : 'curves'} of ${title} over ${x.label} from ${ends}; values from ${formatNumber(y[0])} to ${formatNumber(y[1])}.${compared}`;
}

/** Every point as it was logged. */
function curvesCsv({ curves, x, title }: CurvesProps): string {
  const rows = curves.flatMap((curve) => Array.from(curve.x, (place, i) => [curve.id, curve.label, place, curve.y[i]!]));
  return csvOf(['id', 'name', x.label, title], rows);
}
