/** Any two numbers, or levels, of each trial against each other. */
import type { ReactNode } from 'react';
import type { AxisLook, CategoryLook, ScatterPoint, ScatterProps } from './chart-data.js';
import { PointPlot } from './drawing/point-plot.js';
import type { ReadoutRow } from './drawing/readout.js';
import { csvOf } from './maths/csv.js';
import { axisNumber } from './maths/ticks.js';

export function Scatter(props: ScatterProps): ReactNode {
  const { points, x, y } = props;
  return (
    <PointPlot
      {...props}
      words={`${points.length} points of ${y.label} by ${x.label}.`}
      csv={() => pointsCsv(points, x, y)}
      rows={(point) => pointRows(point, x, y)}
    />
  );
}

export const valueText = (look: AxisLook | CategoryLook, value: number): string => {
  if (look.kind === 'category') return look.levels[value] ?? '–';
  return look.kind === 'date' ? new Date(value).toLocaleString() : axisNumber(value, 0);
};

export const pointRows = (point: ScatterPoint, x: AxisLook | CategoryLook, y: AxisLook | CategoryLook): readonly ReadoutRow[] => [
  { colour: null, name: y.label, value: valueText(y, point.y), strong: true },
  { colour: null, name: x.label, value: valueText(x, point.x) },
  { colour: null, name: 'state', value: point.state },
];

/** Levels by their names, numbers with every digit. */
export function pointsCsv(points: readonly ScatterPoint[], x: AxisLook | CategoryLook, y: AxisLook | CategoryLook): string {
  const cell = (look: AxisLook | CategoryLook, value: number) => (look.kind === 'category' ? (look.levels[value] ?? null) : value);
  return csvOf(
    ['id', 'name', x.label, y.label, 'state'],
    points.map((point) => [point.id, point.label, cell(x, point.x), cell(y, point.y), point.state]),
  );
}
