/** When each slot ran what: one lane a slot, gaps visible, what was idle summed at the right. The wheel zooms, dragging moves. */
import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { formatDuration } from '../ui/format.js';
import type { TimelineBar, TimelineProps } from './chart-data.js';
import { ChartFrame } from './drawing/chart-frame.js';
import type { Picture } from './drawing/export-files.js';
import { measuringPainter } from './drawing/measuring.js';
import type { Size } from './drawing/painter.js';
import { usePalette } from './drawing/palette.js';
import { PlotCanvas } from './drawing/plot-canvas.js';
import { Readout } from './drawing/readout.js';
import { afterClick } from './drawing/selecting.js';
import { barAt, barBox, drawTimeline, heightOf, isInSight, timelinePlot } from './drawing/timeline-drawing.js';
import { csvOf } from './maths/csv.js';
import { type Lane, lanesOf } from './maths/lanes.js';
import { panned, wholeRange, zoomed } from './maths/time-range.js';

type Range = readonly [number, number];

export function Timeline(props: TimelineProps): ReactNode {
  const { bars, now, ended, selection } = props;
  const whole = useMemo(() => wholeRange(bars, now), [bars, now]);
  const lanes = useMemo(() => lanesOf(bars, props.lanes, { from: whole[0], now }), [bars, props.lanes, whole, now]);
  const [zoom, setZoom] = useState<Range | null>(null);
  const [size, setSize] = useState<Size | null>(null);
  const drag = useRef<{ readonly x: number; readonly range: Range; readonly moved: boolean } | null>(null);
  const range = zoom ?? whole;
  const plot = useMemo(() => (size === null ? null : timelinePlot(measuringPainter(), size, lanes, range)), [size, lanes, range]);
  const picture: Picture = useCallback(
    (painter, room, palette) =>
      drawTimeline(painter, palette, { plot: timelinePlot(painter, room, lanes, range), now, ended, idleText: formatDuration }),
    [lanes, range, now, ended],
  );
  const overlay = useMarked(plot, selection);
  const [at, setAt] = useState<readonly [number, number] | null>(null);
  const under = at === null || plot === null ? null : barAt(plot, at);
  return (
    <ChartFrame
      {...props}
      height={heightOf(lanes)}
      isEmpty={lanes.length === 0}
      picture={picture}
      size={size}
      words={wordsOf(bars, lanes)}
      csv={() => barsCsv(bars)}
      onKey={(event) => onKey(event, { range, whole, setZoom, clear: () => (zoom === null ? selection.onSelect([]) : setZoom(null)) })}
      tools={
        zoom !== null && (
          <button type="button" onClick={() => setZoom(null)}>
            Reset zoom
          </button>
        )
      }
    >
      <PlotCanvas
        picture={picture}
        overlay={overlay}
        onSize={setSize}
        cursor={under === null ? undefined : 'pointer'}
        onWheel={(turned, pointer) => {
          if (plot === null) return false;
          setZoom(zoomed(range, plot.x.toValue(pointer.at[0]), turned > 0 ? 1.25 : 0.8, whole));
          return true;
        }}
        onMove={(pointer) => {
          setAt(pointer.at);
          const held = drag.current;
          if (held === null || plot === null) return;
          const by = ((held.x - pointer.at[0]) / plot.box.width) * (held.range[1] - held.range[0]);
          drag.current = { ...held, moved: held.moved || Math.abs(held.x - pointer.at[0]) > 4 };
          if (zoom !== null) setZoom(panned(held.range, by, whole));
        }}
        onDown={(pointer) => {
          drag.current = { x: pointer.at[0], range, moved: false };
        }}
        onUp={(pointer) => {
          if (drag.current?.moved !== true) selection.onSelect(afterClick(selection.selected, under?.bar.id ?? null, pointer.shift));
          drag.current = null;
        }}
        onLeave={() => setAt(null)}
        onDoubleClick={() => setZoom(null)}
      >
        {under !== null && at !== null && <Readout at={at} heading={under.bar.label} rows={rowsOf(under.bar, under.end - under.start)} />}
      </PlotCanvas>
    </ChartFrame>
  );
}

const wordsOf = (bars: readonly TimelineBar[], lanes: readonly Lane[]): string => {
  const idle = lanes.map((lane) => `${lane.agent} slot ${lane.slot} ${formatDuration(lane.idle)}`);
  return `${bars.length} executions on ${lanes.length} slots. Idle: ${idle.join(', ')}.`;
};

interface Keyed {
  readonly range: Range;
  readonly whole: Range;
  readonly setZoom: (zoom: Range | null) => void;
  readonly clear: () => void;
}

function onKey(event: KeyboardEvent, { range, whole, setZoom, clear }: Keyed): void {
  const [low, high] = range;
  const middle = (low + high) / 2;
  const actions: Readonly<Record<string, () => void>> = {
    '+': () => setZoom(zoomed(range, middle, 0.7, whole)),
    '-': () => setZoom(zoomed(range, middle, 1 / 0.7, whole)),
    ArrowLeft: () => setZoom(panned(range, (low - high) / 5, whole)),
    ArrowRight: () => setZoom(panned(range, (high - low) / 5, whole)),
    Escape: clear,
  };
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function useMarked(plot: ReturnType<typeof timelinePlot> | null, { selected, hovered }: TimelineProps['selection']): Picture {
  const palette = usePalette();
  return useCallback(
    (painter) => {
      for (const lane of plot?.lanes ?? []) {
        for (const one of lane.lane.bars) {
          if (!selected.includes(one.bar.id) && one.bar.id !== hovered) continue;
          if (!isInSight(plot!, one)) continue;
          painter.frame(barBox(plot!, lane, one), { colour: palette.text, width: 2 });
        }
      }
    },
    [plot, selected, hovered, palette],
  );
}

const rowsOf = ({ state, start, end, agent, slot }: TimelineBar, took: number) => [
  { colour: null, name: 'state', value: state, strong: true },
  { colour: null, name: 'where', value: `${agent}, slot ${slot}` },
  { colour: null, name: 'began', value: new Date(start).toLocaleTimeString() },
  { colour: null, name: end === null ? 'so far' : 'took', value: formatDuration(took) },
];

const timeText = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const barsCsv = (bars: readonly TimelineBar[]): string =>
  csvOf(
    ['id', 'name', 'agent', 'slot', 'state', 'start', 'end'],
    bars.map(({ id, label, agent, slot, state, start, end }) => [id, label, agent, slot, state, timeText(start), timeText(end)]),
  );
