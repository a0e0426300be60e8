/** What a mark says when it is pointed at, and what all of them are in a file. */
import type { AxisLook, CategoryLook, ScatterPoint } from '../chart-data.js';
import { csvOf } from '../maths/csv.js';
import { axisNumber } from '../maths/ticks.js';
import type { ReadoutRow } from './readout.js';

const valueText = (look: AxisLook | CategoryLook, value: number): string => {
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
