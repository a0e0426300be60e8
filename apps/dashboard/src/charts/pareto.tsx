/** Trials by two of their objectives; those that no other beats in both are joined by a line. */
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { AxisLook, ParetoProps, ParetoTrial } from './chart-data.js';
import { drawFront } from './drawing/front-drawing.js';
import { type Layer, PointPlot } from './drawing/point-plot.js';
import { csvOf } from './maths/csv.js';
import { axisNumber } from './maths/ticks.js';

export function Pareto(props: ParetoProps): ReactNode {
  const { trials, objectives } = props;
  const [[across, up], setShown] = useState<readonly [number, number]>([0, 1]);
  const points = useMemo(
    () =>
      trials.flatMap(({ id, label, state, values }) => {
        const [x, y] = [values[across], values[up]];
        return typeof x === 'number' && typeof y === 'number' ? [{ id, label, x, y, state }] : [];
      }),
    [trials, across, up],
  );
  const axis = (place: number): AxisLook => ({ label: objectives[place]?.name ?? '', kind: 'number', log: false });
  const x = useMemo(() => axis(across), [objectives, across]);
  const y = useMemo(() => axis(up), [objectives, up]);
  const front = useMemo(() => trials.filter(({ onFront }) => onFront), [trials]);
  const behind: Layer = useCallback(
    (painter, plot, palette) =>
      drawFront(
        painter,
        front.map(({ values }) => values),
        { across, up, plot, colour: palette.accent },
      ),
    [front, across, up],
  );
  const names = objectives.map(({ name }) => name);
  return (
    <PointPlot
      {...props}
      points={points}
      x={x}
      y={y}
      best={null}
      behind={behind}
      words={`${front.length} of ${trials.length} trials are on the front of ${names.join(', ')}: no other is better in every one.`}
      csv={() =>
        csvOf(
          ['id', 'name', ...names, 'on the front', 'state'],
          trials.map(({ id, label, values, onFront, state }) => [id, label, ...values, onFront, state]),
        )
      }
      rows={({ id }) => {
        const trial = trials.find((one) => one.id === id);
        return names.map((name, i) => ({ colour: null, name, value: valueAt(trial, i), strong: i === across || i === up }));
      }}
      tools={
        objectives.length > 2 && (
          <>
            <ObjectiveChoice name="across" names={names} chosen={across} onChoose={(place) => setShown([place, up])} />
            <ObjectiveChoice name="up" names={names} chosen={up} onChoose={(place) => setShown([across, place])} />
          </>
        )
      }
    />
  );
}

function valueAt(trial: ParetoTrial | undefined, place: number): string {
  const value = trial?.values[place];
  return typeof value === 'number' ? axisNumber(value, 0) : '–';
}

interface ObjectiveChoiceProps {
  readonly name: string;
  readonly names: readonly string[];
  readonly chosen: number;
  readonly onChoose: (place: number) => void;
}

function ObjectiveChoice({ name, names, chosen, onChoose }: ObjectiveChoiceProps): ReactNode {
  return (
    <label className="chart-choice">
      {name}{' '}
      <select value={chosen} onChange={(event) => onChoose(Number(event.target.value))}>
        {names.map((text, place) => (
          <option key={text} value={place}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
