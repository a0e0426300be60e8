/** Every trial's result in order, the best so far as steps, and where the search expects to get with a few more. */
import { type ReactNode, useCallback, useMemo } from 'react';
import { formatNumber } from '../ui/format.js';
import type { AxisLook, HistoryProps } from './chart-data.js';
import type { Plot } from './drawing/axes.js';
import { type Layer, PointPlot } from './drawing/point-plot.js';
import { type BestStep, bestSoFar } from './maths/best-so-far.js';
import { csvOf } from './maths/csv.js';
import { axisNumber } from './maths/ticks.js';

export function History(props: HistoryProps): ReactNode {
  const { trials, objective, goal, log, expected } = props;
  const steps = useMemo(() => bestSoFar(trials, goal), [trials, goal]);
  const points = useMemo(
    () =>
      trials.flatMap(({ id, number, state, value }) =>
        value === null ? [] : [{ id, label: `Trial ${number}`, x: number, y: value, state }],
      ),
    [trials],
  );
  const x = useMemo((): AxisLook => ({ label: 'trial', kind: 'number', log: false }), []);
  const y = useMemo((): AxisLook => ({ label: objective, kind: 'number', log }), [objective, log]);
  const last = trials.reduce((largest, { number }) => Math.max(largest, number), 0);
  const best = steps.at(-1);
  const behind: Layer = useCallback(
    (painter, plot, palette) => {
      if (best === undefined) return;
      if (expected !== null) {
        painter.area(expectedPath(plot, { from: last, best: best.value, ...expected }), { colour: palette.accent, alpha: 0.12 });
      }
      painter.line(stepPath(plot, steps, last + (expected?.trials ?? 0)), { colour: palette.accent, width: 1.5 });
    },
    [steps, best, expected, last],
  );
  return (
    <PointPlot
      {...props}
      points={points}
      x={x}
      y={y}
      alsoX={expected === null ? [] : [last + expected.trials]}
      alsoY={best === undefined ? [] : expected === null ? [best.value] : [best.value, expected.low, expected.high]}
      behind={behind}
      best={best?.id ?? null}
      words={wordsOf(props, best)}
      csv={() =>
        csvOf(
          ['trial', 'id', objective, 'state'],
          trials.map(({ number, id, value, state }) => [number, id, value, state]),
        )
      }
      rows={(point) => [
        { colour: null, name: objective, value: formatNumber(point.y), strong: true },
        { colour: null, name: 'state', value: point.state },
      ]}
    />
  );
}

function wordsOf({ trials, objective }: HistoryProps, best: BestStep | undefined): string {
  const measured = trials.filter(({ value }) => value !== null).length;
  const most = best === undefined ? 'none completed yet' : `the best is trial ${best.number} with ${axisNumber(best.value, 0)}`;
  return `${objective} of ${measured} trials; ${most}.`;
}

/** Level until the next improvement. */
function stepPath(plot: Plot, steps: readonly BestStep[], until: number): readonly number[] {
  const path = steps.flatMap(({ number, value }, i) => {
    const x = plot.x.toPixel(number);
    const y = plot.y.toPixel(value);
    const before = steps[i - 1];
    return before === undefined ? [x, y] : [x, plot.y.toPixel(before.value), x, y];
  });
  const last = steps.at(-1);
  return last === undefined ? path : [...path, plot.x.toPixel(Math.max(until, last.number)), plot.y.toPixel(last.value)];
}

interface Expected {
  readonly from: number;
  readonly best: number;
  readonly trials: number;
  readonly low: number;
  readonly high: number;
}

/** A wedge from what is the best now. */
const expectedPath = (plot: Plot, { from, best, trials, low, high }: Expected): readonly number[] => [
  plot.x.toPixel(from),
  plot.y.toPixel(best),
  plot.x.toPixel(from + trials),
  plot.y.toPixel(high),
  plot.x.toPixel(from + trials),
  plot.y.toPixel(low),
];
