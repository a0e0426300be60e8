/** How much of what the objective varies by goes with each parameter: bars with their interval, and whether more is better or worse. */
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { ImportanceBar, ImportanceProps } from './chart-data.js';
import { ChartFrame } from './drawing/chart-frame.js';
import type { Picture } from './drawing/export-files.js';
import type { Painter, Size } from './drawing/painter.js';
import { type Palette } from './drawing/palette.js';
import { PlotCanvas } from './drawing/plot-canvas.js';
import { csvOf } from './maths/csv.js';
import { everyNth, shortened } from './maths/label-places.js';

const row = 24;
const arrowRoom = 64;
const shares = [0, 0.25, 0.5, 0.75, 1];

export function Importance(props: ImportanceProps): ReactNode {
  const { picked, onPick } = props;
  const bars = useMemo(() => props.bars.toSorted((a, b) => b.share - a.share), [props.bars]);
  const [size, setSize] = useState<Size | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const height = Math.max(60, bars.length * row + 24);
  const picture: Picture = useCallback(
    (painter, { width }, palette) => {
      const names = Math.min(width * 0.4, Math.max(...bars.map(({ param }) => painter.widthOf(param, { size: 12 }))) + 8);
      const scale = (share: number) => names + share * (width - names - arrowRoom);
      for (const [i, bar] of bars.entries()) {
        drawBar(painter, palette, { bar, y: i * row, names, scale, strong: bar.param === picked || i === hovered });
      }
      const bottom = bars.length * row + 4;
      const places = shares.map(scale);
      for (const i of everyNth(
        places,
        shares.map(() => 32),
        4,
      ))
        painter.text(percent(shares[i]!), places[i]!, bottom + 8, { colour: palette.muted, align: i === 0 ? 'left' : 'center' });
    },
    [bars, picked, hovered],
  );
  const rowAt = (y: number): number | null => (y >= 0 && y < bars.length * row ? Math.floor(y / row) : null);
  return (
    <ChartFrame
      {...props}
      height={height}
      isEmpty={bars.length === 0}
      picture={picture}
      size={size}
      words={wordsOf(bars)}
      csv={() =>
        csvOf(
          ['parameter', 'share', 'low', 'high', 'correlation'],
          bars.map(({ param, share, low, high, correlation }) => [param, share, low, high, correlation]),
        )
      }
      onKey={(event) => {
        const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (by !== 0) {
          event.preventDefault();
          setHovered(Math.min(bars.length - 1, Math.max(0, (hovered ?? -by) + by)));
        }
        if (event.key === 'Enter' && hovered !== null) onPick(bars[hovered]!.param);
      }}
    >
      <PlotCanvas
        picture={picture}
        onSize={setSize}
        cursor={hovered === null ? undefined : 'pointer'}
        onMove={({ at }) => setHovered(rowAt(at[1]))}
        onLeave={() => setHovered(null)}
        onDown={({ at }) => {
          const place = rowAt(at[1]);
          if (place !== null) onPick(bars[place]!.param);
        }}
      />
    </ChartFrame>
  );
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function wordsOf(bars: readonly ImportanceBar[]): string {
  const said = bars.slice(0, 5).map(({ param, share }) => `${param} ${percent(share)}`);
  return `Share of what the objective varies by: ${said.join(', ')}.`;
}

interface BarPlace {
  readonly bar: ImportanceBar;
  readonly y: number;
  readonly names: number;
  readonly scale: (share: number) => number;
  readonly strong: boolean;
}

function drawBar(painter: Painter, palette: Palette, { bar, y, names, scale, strong }: BarPlace): void {
  const middle = y + row / 2;
  const { param, share, low, high, correlation } = bar;
  const name = shortened(param, names - 8, (text) => painter.widthOf(text, { size: 12 }));
  painter.text(name, 0, middle, { colour: strong ? palette.accent : palette.text, size: 12 });
  painter.rectangle(
    { x: names, y: middle - 6, width: Math.max(1, scale(share) - names), height: 12 },
    { colour: palette.accent, alpha: strong ? 1 : 0.55 },
  );
  if (low !== null && high !== null) {
    const [from, to] = [scale(low), scale(Math.min(1, high))];
    const cap = (x: number) => [x, middle - 4, x, middle + 4, Number.NaN, 0];
    painter.line([from, middle, to, middle, Number.NaN, 0, ...cap(from), ...cap(to)], { colour: palette.text, width: 1 });
  }
  const after = Math.max(scale(share), high === null ? 0 : scale(Math.min(1, high))) + 6;
  painter.text(`${percent(share)}${arrowOf(correlation)}`, after, middle, { colour: palette.muted });
}

/** Weak correlations have no direction worth showing. */
function arrowOf(correlation: number | null): string {
  if (correlation === null || Math.abs(correlation) < 0.1) return '';
  return correlation > 0 ? ' ↗' : ' ↘';
}
