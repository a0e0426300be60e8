/** Histograms that were logged along steps, as a map: across the step, up the value, darker where more values lie. */
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { AxisLook, HistogramProps, StepHistogram } from './chart-data.js';
import { drawAxes, type Plot, plotOf } from './drawing/axes.js';
import { ChartFrame } from './drawing/chart-frame.js';
import type { Picture } from './drawing/export-files.js';
import { measuringPainter } from './drawing/measuring.js';
import type { Painter, Size } from './drawing/painter.js';
import type { Palette } from './drawing/palette.js';
import { PlotCanvas } from './drawing/plot-canvas.js';
import { Readout } from './drawing/readout.js';
import { blended } from './maths/colours.js';
import { csvOf } from './maths/csv.js';
import { extent } from './maths/scale.js';
import { axisNumber } from './maths/ticks.js';

const across: AxisLook = { label: 'step', kind: 'number', log: false };
const up: AxisLook = { label: 'value', kind: 'number', log: false };

export function HistogramOverSteps(props: HistogramProps): ReactNode {
  const histograms = useMemo(() => props.histograms.toSorted((a, b) => a.step - b.step), [props.histograms]);
  const [size, setSize] = useState<Size | null>(null);
  const [at, setAt] = useState<readonly [number, number] | null>(null);
  const plotFor = useCallback((painter: Painter, room: Size) => plotOf(painter, room, ...axesOf(histograms)), [histograms]);
  const plot = useMemo(() => (size === null ? null : plotFor(measuringPainter(), size)), [size, plotFor]);
  const picture: Picture = useCallback(
    (painter, room, palette) => {
      const own = plotFor(painter, room);
      drawAxes(painter, palette, own);
      painter.within(own.box, () => drawColumns(painter, own, palette, histograms));
    },
    [plotFor, histograms],
  );
  const shown = at === null || plot === null ? null : nearest(histograms, plot.x.toValue(at[0]));
  return (
    <ChartFrame
      {...props}
      isEmpty={histograms.length === 0}
      picture={picture}
      size={size}
      words={`${histograms.length} histograms, from step ${histograms[0]?.step ?? 0} to ${histograms.at(-1)?.step ?? 0}.`}
      csv={() => histogramsCsv(histograms)}
    >
      <PlotCanvas picture={picture} onSize={setSize} onMove={(pointer) => setAt(pointer.at)} onLeave={() => setAt(null)}>
        {at !== null && plot !== null && shown !== null && (
          <Readout at={at} heading={`Step ${shown.step}`} rows={[binAt(shown, plot.y.toValue(at[1]))]} />
        )}
      </PlotCanvas>
    </ChartFrame>
  );
}

function axesOf(histograms: readonly StepHistogram[]) {
  const steps = histograms.map(({ step }) => step);
  const [first, last] = extent(steps) ?? [0, 1];
  // The last column needs as much room as those before it.
  const width = histograms.length < 2 ? 1 : (last - first) / (histograms.length - 1);
  const values = extent(histograms.flatMap(({ edges }) => [edges[0] ?? 0, edges[edges.length - 1] ?? 0])) ?? [0, 1];
  return [
    { look: across, range: [first, last + width] as const },
    { look: up, range: values },
  ] as const;
}

function drawColumns(painter: Painter, plot: Plot, palette: Palette, histograms: readonly StepHistogram[]): void {
  for (const [i, { step, edges, counts }] of histograms.entries()) {
    const left = plot.x.toPixel(step);
    const right = i + 1 < histograms.length ? plot.x.toPixel(histograms[i + 1]!.step) : plot.box.x + plot.box.width;
    const density = Array.from(counts, (count, k) => count / (edges[k + 1]! - edges[k]! || 1));
    const most = Math.max(...density, 0);
    for (const [k, share] of density.entries()) {
      if (!(share > 0)) continue;
      const top = plot.y.toPixel(edges[k + 1]!);
      const height = plot.y.toPixel(edges[k]!) - top;
      painter.rectangle(
        { x: left, y: top, width: right - left + 0.5, height: height + 0.5 },
        { colour: blended(palette.surface, palette.accent, 0.08 + 0.92 * (share / most)) },
      );
    }
  }
}

function nearest(histograms: readonly StepHistogram[], step: number): StepHistogram | null {
  return histograms.findLast((one) => one.step <= step) ?? histograms[0] ?? null;
}

function binAt({ edges, counts }: StepHistogram, value: number) {
  const bin = Array.from(counts).findIndex((_, k) => value >= edges[k]! && value <= edges[k + 1]!);
  if (bin < 0) return { colour: null, name: axisNumber(value, 0), value: 'none' };
  return { colour: null, name: `${axisNumber(edges[bin]!, 0)} … ${axisNumber(edges[bin + 1]!, 0)}`, value: String(counts[bin]) };
}

function histogramsCsv(histograms: readonly StepHistogram[]): string {
  return csvOf(
    ['step', 'from', 'to', 'count'],
    histograms.flatMap(({ step, edges, counts }) => Array.from(counts, (count, k) => [step, edges[k]!, edges[k + 1]!, count])),
  );
}
